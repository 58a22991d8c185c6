// What the commands that count share: their options, the answer to a question as JSON, from the
// store, from files or from a daemon, and how it is printed. All three give the same text.
#pragma once

#include "cli/context.h"
#include "cli/query_flags.h"
#include "cli/value.h"
#include "shared/query/parameters.h"
#include "shared/storage/count_forms.h"

#include <simdjson.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::cli {

class Arguments;

struct CountOptions {
  QueryFlags flags;
  std::string url;
  std::vector<std::string> files;
  microseconds timeout = seconds(60);
  // What the command adds: parameters of the HTTP call, left out when empty.
  query::Parameters more;
};

// The question with its flags, --url, --file and --timeout. `options` must outlive the parsing.
void add_count_options(Arguments app, CountOptions& options);

// Reads the parameters (its ParameterError becomes Error{usage} with the flag's name) and writes
// the answer's data for the tenant.
using FromStore = std::function<void(storage::CountStore&, const query::Parameters&,
                                     const std::vector<std::string>& event_types, Timestamp now,
                                     const std::string& tenant, std::string& data)>;

// What the daemon does with them.
template <typename Question>
FromStore from_store(storage::CountForm<Question> form) {
  return [form = std::move(form)](storage::CountStore& store, const query::Parameters& parameters,
                                  const std::vector<std::string>& event_types, Timestamp now,
                                  const std::string& tenant, std::string& data) {
    Question question = form.read(parameters, event_types, now);
    storage::query_of(question).tenant = tenant;
    JsonWriter json(data);
    form.answer(json, store, question, now);
  };
}

// The data that answers: by `from_store` on the store or on the files, or with --url by GET `path`
// of the daemon. Throws Error{unauthorized, forbidden, usage, unavailable} for what the daemon
// says.
std::string count_answer(Context& context, const CountOptions& options, const std::string& path,
                         const FromStore& from_store);

// As it is with -o json, else read and given to `print`.
using PrintCounts = std::function<void(Output&, simdjson::dom::element data)>;
void print_counts(Context& context, const std::string& answer, const PrintCounts& print);

}  // namespace logctl::cli
