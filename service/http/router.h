// (method, path) -> route, from one table. No duplicates; a path either matches exactly or by
// `{name}` segments, exact segments first.
#pragma once

#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/auth/scope.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace logctl::http {

// `metrics` is mounted only where it has a port of its own; otherwise /metrics belongs to `ops`.
enum class Surface : unsigned { logs = 1, ops = 2, metrics = 4, messages = 8 };
inline constexpr unsigned kAllSurfaces = 11;
std::string_view surface_name(Surface surface);

using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;
// Lets a request in, or throws.
using Admission = std::function<boost::asio::awaitable<void>(Request&)>;
// How an error of this route looks to its clients.
using ErrorFormat = Response (*)(const Error& error, unsigned retry_after_seconds);

struct Route {
  Method method = Method::get;
  std::string_view path;  // "/api/v1/logs/{id}"
  Surface surface = Surface::ops;
  // Who may call it; none: everybody. A row that says nothing is for the fewest.
  auth::Scope scope = auth::Scope::admin;
  std::string_view label;    // the `endpoint` label of metrics
  std::string_view summary;  // one line for the reference
  Handler handler;
  ErrorFormat error_format = &error_response;
  Admission admission = {};  // instead of a key with `scope`
  bool reads_body = false;   // the handler reads the body itself, piece by piece
};

class Router {
 public:
  // Throws Error{internal} on duplicates of one surface. Where a path belongs to several surfaces
  // that are mounted, the first of them has it.
  explicit Router(std::vector<Route> routes);

  struct Match {
    const Route* route = nullptr;  // null: no such path, or not with this method
    std::vector<std::string> arguments;
    std::string allowed;  // when only the method is wrong: the methods of this path
    // Without a route: as the path's other methods have it, or all routes that are mounted.
    ErrorFormat error_format = &error_response;
  };
  // HEAD is served by GET's route. Only routes of `surfaces` (bits) are seen. `path` is decoded; a
  // `{name}` takes one segment that is not empty.
  Match match(Method method, std::string_view path, unsigned surfaces) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  struct Pattern {
    std::vector<std::string_view> segments;  // `{` first: matches anything
    std::vector<std::size_t> routes;         // indexes into routes_
  };
  void add(std::size_t index);
  ErrorFormat common_format(unsigned surfaces) const;

  std::vector<Route> routes_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> exact_;
  std::vector<Pattern> patterns_;  // more exact ones first
};

}  // namespace logctl::http
