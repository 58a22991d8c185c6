#include "service/handlers/counts.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/question.h"
#include "shared/base/json_writer.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
CountHandlers::CountHandlers(storage::CountStore& store,
                             std::shared_ptr<const config::Config> config, const Clock& clock,
                             metrics::Observer& observer, RunForClient run)
    : store_(store),
      config_(std::move(config)),
      clock_(clock),
      observer_(observer),
      run_(std::move(run)) {}

template <typename Question>
CountHandlers::Answer CountHandlers::count(http::Request& request, std::string_view message,
                                           storage::CountForm<Question> form) {
  const query::View view = view_of(request);
  const Timestamp now = clock_.now();
  Question question;
  std::optional<http::Response> refusal;
  try {
    question = form.read(questions(request), config_.get()->ingest.event_types, now);
  } catch (const query::ParameterError& error) {
    refusal = parameter_error_answer(error);
  }
  if (refusal) co_return std::move(*refusal);
  query::bind(storage::query_of(question), view);
  const auto data = std::make_shared<std::string>();
  std::function<void()> work = [&store = store_, data, now, answer = std::move(form.answer),
                                question = std::move(question)] {
    JsonWriter json(*data);
    answer(json, store, question, now);
  };
  co_await ask_store(run_, observer_, request, "count", std::move(work));
  std::string body;
  JsonWriter json(body);
  json.begin_object().field("success", true).field("message", message);
  json.key("data").raw(*data);
  json.end_object();
  co_return http::json(200, std::move(body));
}

CountHandlers::Answer CountHandlers::hits(http::Request& request) {
  return count(request, "Counts over time", storage::hits_form());
}

CountHandlers::Answer CountHandlers::facets(http::Request& request) {
  return count(request, "The most frequent values of each field", storage::facets_form());
}

CountHandlers::Answer CountHandlers::fields(http::Request& request) {
  return count(request, "The fields of the records", storage::fields_form());
}

CountHandlers::Answer CountHandlers::values(http::Request& request) {
  return count(request, "The values of one field",
               storage::values_form(request.path_arguments.at(0)));
}

CountHandlers::Answer CountHandlers::stats(http::Request& request) {
  return count(request, "Statistics by group", storage::stats_form());
}

}  // namespace logctl::handlers
