// The HTTP calls that answer with counts: hits over time, facets, fields and their values,
// statistics by group.
//
// Thread-safe: it keeps no state between requests. Everything lent outlives it. Store calls run
// through `run`. A bad parameter is answered with 400 here; errors of the store are thrown
// to the session.
#pragma once

#include "service/handlers/ask_store.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/metrics/observer.h"
#include "shared/storage/count_forms.h"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace logctl::handlers {

class CountHandlers {
 public:
  using Answer = boost::asio::awaitable<http::Response>;
  CountHandlers(storage::CountStore& store, std::shared_ptr<const config::Config> config,
                const Clock& clock, metrics::Observer& observer, RunForClient run);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

  Answer hits(http::Request& request);
  Answer facets(http::Request& request);
  Answer fields(http::Request& request);
  // The field is the first path argument.
  Answer values(http::Request& request);
  Answer stats(http::Request& request);

 private:
  template <typename Question>
  Answer count(http::Request& request, std::string_view message, storage::CountForm<Question> form);

  storage::CountStore& store_;
  config::Current config_;
  const Clock& clock_;
  metrics::Observer& observer_;
  const RunForClient run_;
};

}  // namespace logctl::handlers
