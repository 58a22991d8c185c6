#include "service/handlers/deletion.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/question.h"
#include "service/handlers/store_error.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/maintenance/deletion.h"
#include "shared/query/syntax.h"
#include "shared/query/text.h"
#include "shared/storage/lock_holder.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace logctl::handlers {
namespace {

struct Asked {
  std::string tenant;
  std::string text;
  std::optional<maintenance::Agreement> agreement;
  std::string who;
};

std::string with_hint(const Error& error) {
  return error.hint().empty() ? error.message() : error.message() + "; " + error.hint();
}

// Here, so that what is wrong is told like everywhere else.
void require_query(const std::string& text, Timestamp now) {
  if (text.empty()) {
    throw query::ParameterError(
        "q", "what to delete is not said; expected a query such as `service:shop until:30d`",
        query::BadParameter::query);
  }
  try {
    query::Query query;
    query::parse_text(text, now, query);
  } catch (const query::SyntaxError& error) {
    throw query::ParameterError("q", with_hint(error), query::BadParameter::query);
  }
}

std::optional<maintenance::Agreement> read_agreement(const std::string& text) {
  if (text.empty()) return std::nullopt;
  try {
    return maintenance::parse_agreement(text);
  } catch (const Error& error) {
    throw query::ParameterError("confirm", with_hint(error));
  }
}

std::string who_asks(const http::Request& request, Timestamp now) {
  return fmt::format("key {} ({}) from {}, through {}", request.principal->name,
                     request.principal->key_id, request.remote, storage::this_process(now).host);
}

std::variant<Asked, http::Response> read(const http::Request& request, Timestamp now) {
  const query::View view = view_of(request);
  if (!view.only.empty()) {
    throw Error(ErrorCode::forbidden, "the key may read a part of the records, and delete none",
                "a key made without --only may");
  }
  Asked asked;
  asked.tenant = view.tenant;
  std::string confirm;
  try {
    for (const auto& [name, value] : questions(request)) {
      std::string* const to = name == "q" ? &asked.text : name == "confirm" ? &confirm : nullptr;
      if (to == nullptr) {
        throw query::ParameterError(query::is_storable_text(name) ? name : "?",
                                    "unknown parameter; known are q, confirm");
      }
      if (!to->empty()) throw query::ParameterError(name, "was given twice");
      *to = value;
    }
    require_query(asked.text, now);
    asked.agreement = read_agreement(confirm);
  } catch (const query::ParameterError& error) {
    return parameter_error_answer(error);
  }
  asked.who = who_asks(request, now);
  return asked;
}

void write_plan(JsonWriter& json, const maintenance::DeletionPlan& plan) {
  json.begin_object().field("query", plan.text).field("tenant", plan.query.tenant);
  json.field("rows", plan.rows).field("days", plan.days.size());
  const auto day = [&json](std::string_view name, const auto& planned) {
    json.field(name, format_day(planned.day));
  };
  if (!plan.days.empty()) {
    day("first_day", plan.days.front());
    day("last_day", plan.days.back());
    json.field("confirm", plan.token());
  }
  json.end_object();
}

void write_done(JsonWriter& json, const storage::Deletion& deletion) {
  json.begin_object().field("id", deletion.id).field("query", deletion.query);
  json.field("tenant", deletion.tenant).field("planned", deletion.planned);
  json.field("deleted", deletion.deleted).end_object();
}

std::string_view plan_or_delete(storage::Backend& store, const Clock& clock, const Asked& asked,
                                std::string& data) {
  JsonWriter json(data);
  const std::optional<maintenance::Agreement>& agreement = asked.agreement;
  // Times before now mean what they meant when it was agreed to.
  const Timestamp now = clock.now();
  const Timestamp moment = agreement ? agreement->made_at.value_or(now) : now;
  const auto plan = maintenance::plan_deletion(store, asked.tenant, asked.text, moment);
  if (!agreement) {
    write_plan(json, plan);
    return plan.rows == 0 ? "Nothing matches"
                          : "Nothing was deleted; the same with `confirm` deletes";
  }
  maintenance::require_agreed(plan, *agreement);
  write_done(json,
             maintenance::run_deletion(store, plan, asked.who, clock, [](std::string_view) {}));
  return "Deleted";
}

}  // namespace

boost::asio::awaitable<http::Response> DeletionHandlers::remove(http::Request& request) {
  std::variant<Asked, http::Response> asked = read(request, clock_.now());
  if (auto* refusal = std::get_if<http::Response>(&asked)) co_return std::move(*refusal);
  const auto data = std::make_shared<std::string>();
  const auto message = std::make_shared<std::string_view>();
  std::function<void()> work = [&store = store_, &clock = clock_, &observer = observer_, data,
                                message, question = std::get<Asked>(asked)] {
    try {
      *message = plan_or_delete(store, clock, question, *data);
    } catch (const Error& error) {
      if (info(error.code()).http_status >= 500) {
        observer.emit(metrics::StoreFailed{"delete", error.message()});
      }
      throw error_for_client(error);
    }
  };
  co_await run_blocking_(std::move(work));
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("success", true).field("message", *message);
  json.key("data").raw(*data);
  json.end_object();
  co_return http::json(200, std::move(body));
}

}  // namespace logctl::handlers
