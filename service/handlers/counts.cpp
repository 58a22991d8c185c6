#include "service/handlers/counts.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/question.h"
#include "service/handlers/store_error.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/query/aggregate_json.h"
#include "shared/query/aggregate_parameters.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

query::Query& query_of(query::HitsRequest& request) { return request.grouping.query; }
template <typename Question>
query::Query& query_of(Question& question) {
  return question.query;
}

using EventTypes = std::span<const std::string>;

}  // namespace

// How one call is read, and what it answers.
template <typename Question>
struct CountHandlers::Call {
  std::string_view message;
  std::function<Question(const query::Parameters&, EventTypes, Timestamp)> read;
  std::function<void(JsonWriter&, storage::CountStore&, const Question&, Timestamp)> answer;
};

CountHandlers::CountHandlers(storage::CountStore& store,
                             std::shared_ptr<const config::Config> config, const Clock& clock,
                             metrics::Observer& observer, RunBlocking run_blocking)
    : store_(store),
      config_(std::move(config)),
      clock_(clock),
      observer_(observer),
      run_blocking_(std::move(run_blocking)) {}

template <typename Question>
CountHandlers::Answer CountHandlers::count(http::Request& request, Call<Question> call) {
  const query::View view = view_of(request);
  const Timestamp now = clock_.now();
  Question question;
  std::optional<http::Response> refusal;
  try {
    question = call.read(questions(request), config_.get()->ingest.event_types, now);
  } catch (const query::ParameterError& error) {
    refusal = parameter_error_answer(error);
  }
  if (refusal) co_return std::move(*refusal);
  query::bind(query_of(question), view);
  const auto data = std::make_shared<std::string>();
  // Runs on a worker, and owns what it touches.
  std::function<void()> work = [&store = store_, &observer = observer_, data, now,
                                answer = std::move(call.answer), question = std::move(question)] {
    try {
      JsonWriter json(*data);
      answer(json, store, question, now);
    } catch (const Error& error) {
      // A question that the store declines is the asker's affair.
      if (info(error.code()).http_status >= 500) {
        const metrics::StoreFailed failed{"count", error.message()};
        observer.emit(failed);
      }
      throw error_for_client(error);
    }
  };
  co_await run_blocking_(std::move(work));
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("success", true).field("message", call.message);
  json.key("data").raw(*data);
  json.end_object();
  co_return http::json(200, std::move(body));
}

CountHandlers::Answer CountHandlers::hits(http::Request& request) {
  Call<query::HitsRequest> call;
  call.message = "Counts over time";
  call.read = query::parse_hits;
  call.answer = [](JsonWriter& json, storage::CountStore& store, const query::HitsRequest& asked,
                   Timestamp now) {
    query::write_hits(json, asked, store.groups(asked.grouping), now);
  };
  return count(request, std::move(call));
}

CountHandlers::Answer CountHandlers::facets(http::Request& request) {
  Call<query::FacetsQuestion> call;
  call.message = "The most frequent values of each field";
  call.read = query::parse_facets;
  call.answer = [](JsonWriter& json, storage::CountStore& store, const query::FacetsQuestion& asked,
                   Timestamp) { query::write_facets(json, store.facets(asked)); };
  return count(request, std::move(call));
}

CountHandlers::Answer CountHandlers::fields(http::Request& request) {
  Call<query::FacetsQuestion> call;
  call.message = "The fields of the records";
  call.read = query::parse_facets;
  call.answer = [](JsonWriter& json, storage::CountStore& store, const query::FacetsQuestion& asked,
                   Timestamp) { query::write_fields(json, store.facets(asked)); };
  return count(request, std::move(call));
}

CountHandlers::Answer CountHandlers::values(http::Request& request) {
  Call<query::ValuesQuestion> call;
  call.message = "The values of one field";
  call.read = [name = request.path_arguments.at(0)](const query::Parameters& given,
                                                    EventTypes event_types, Timestamp now) {
    return query::parse_values(name, given, event_types, now);
  };
  call.answer = [](JsonWriter& json, storage::CountStore& store, const query::ValuesQuestion& asked,
                   Timestamp) { query::write_values(json, asked, store.values(asked)); };
  return count(request, std::move(call));
}

CountHandlers::Answer CountHandlers::stats(http::Request& request) {
  Call<query::StatsQuestion> call;
  call.message = "Statistics by group";
  call.read = query::parse_stats;
  call.answer = [](JsonWriter& json, storage::CountStore& store, const query::StatsQuestion& asked,
                   Timestamp) { query::write_stats(json, asked, store.stats(asked)); };
  return count(request, std::move(call));
}

}  // namespace logctl::handlers
