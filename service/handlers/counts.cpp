#include "service/handlers/counts.h"

#include "service/handlers/log_answers.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/query/aggregate_json.h"
#include "shared/query/aggregate_parameters.h"

#include <optional>
#include <utility>
#include <variant>

namespace logctl::handlers {
namespace {

query::View view_of(const http::Request& request) {
  if (!request.principal) throw Error(ErrorCode::unauthorized, "an API key is required");
  return request.principal->view();
}

// The parameters that ask for something; keys in the URL have done their work before.
query::Parameters questions(const http::Request& request) {
  query::Parameters parameters = request.parameters;
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "api_key" || parameter.first == "token";
  });
  return parameters;
}

// Either what was asked, bound to what the caller may see, or the answer that says what is wrong.
template <typename Question, typename Read>
std::variant<Question, http::Response> read_question(const http::Request& request, Read read) {
  const query::View view = view_of(request);
  try {
    Question question = read(questions(request));
    if constexpr (requires { question.grouping; }) {
      query::bind(question.grouping.query, view);
    } else {
      query::bind(question.query, view);
    }
    return question;
  } catch (const query::ParameterError& error) {
    return parameter_error_answer(error);
  }
}

}  // namespace

CountHandlers::CountHandlers(storage::CountStore& store,
                             std::shared_ptr<const config::Config> config, const Clock& clock,
                             metrics::Observer& observer, RunBlocking run_blocking)
    : store_(store),
      config_(std::move(config)),
      clock_(clock),
      observer_(observer),
      run_blocking_(std::move(run_blocking)) {}

CountHandlers::Answer CountHandlers::answer(std::string_view message, Work work) {
  const auto data = std::make_shared<std::string>();
  std::function<void()> watched = [&store = store_, &observer = observer_, data,
                                   work = std::move(work)] {
    try {
      work(store, *data);
    } catch (const Error& error) {
      // A question that the store declines is the asker's affair.
      if (info(error.code()).http_status >= 500) {
        const metrics::StoreFailed failed{"count", error.message()};
        observer.emit(failed);
      }
      throw;
    }
  };
  co_await run_blocking_(std::move(watched));
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("success", true).field("message", message);
  json.key("data").raw(*data);
  json.end_object();
  co_return http::json(200, std::move(body));
}

CountHandlers::Answer CountHandlers::hits(http::Request& request) {
  const Timestamp now = clock_.now();
  auto read = read_question<query::HitsRequest>(request, [&](const query::Parameters& given) {
    return query::parse_hits(given, config_.get()->ingest.event_types, now);
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  Work work = [asked = std::get<query::HitsRequest>(read), now](storage::CountStore& store,
                                                                std::string& data) {
    JsonWriter json(data);
    query::write_hits(json, asked, store.groups(asked.grouping), now);
  };
  co_return co_await answer("Counts over time", std::move(work));
}

CountHandlers::Answer CountHandlers::facets(http::Request& request) {
  auto read = read_question<query::FacetsQuestion>(request, [&](const query::Parameters& given) {
    return query::parse_facets(given, config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  Work work = [asked = std::get<query::FacetsQuestion>(read)](storage::CountStore& store,
                                                              std::string& data) {
    JsonWriter json(data);
    query::write_facets(json, store.facets(asked));
  };
  co_return co_await answer("The most frequent values of each field", std::move(work));
}

CountHandlers::Answer CountHandlers::fields(http::Request& request) {
  auto read = read_question<query::FacetsQuestion>(request, [&](const query::Parameters& given) {
    return query::parse_facets(given, config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  Work work = [asked = std::get<query::FacetsQuestion>(read)](storage::CountStore& store,
                                                              std::string& data) {
    JsonWriter json(data);
    query::write_fields(json, store.facets(asked));
  };
  co_return co_await answer("The fields of the records", std::move(work));
}

CountHandlers::Answer CountHandlers::values(http::Request& request) {
  auto read = read_question<query::ValuesQuestion>(request, [&](const query::Parameters& given) {
    return query::parse_values(request.path_arguments.at(0), given,
                               config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  Work work = [asked = std::get<query::ValuesQuestion>(read)](storage::CountStore& store,
                                                              std::string& data) {
    JsonWriter json(data);
    query::write_values(json, asked, store.values(asked));
  };
  co_return co_await answer("The values of one field", std::move(work));
}

CountHandlers::Answer CountHandlers::stats(http::Request& request) {
  auto read = read_question<query::StatsQuestion>(request, [&](const query::Parameters& given) {
    return query::parse_stats(given, config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  Work work = [asked = std::get<query::StatsQuestion>(read)](storage::CountStore& store,
                                                             std::string& data) {
    JsonWriter json(data);
    query::write_stats(json, asked, store.stats(asked));
  };
  co_return co_await answer("Statistics by group", std::move(work));
}

}  // namespace logctl::handlers
