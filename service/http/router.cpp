#include "service/http/router.h"

#include <algorithm>
#include <array>

namespace logctl::http {
namespace {

bool is_variable(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (true) {
    const std::size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    path.remove_prefix(slash + 1);
  }
}

bool same_shape(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](std::string_view x, std::string_view y) {
                      return (is_variable(x) && is_variable(y)) || x == y;
                    });
}

// Exact segments win over variable ones, the leftmost difference decides.
bool more_exact(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (is_variable(a[i]) != is_variable(b[i])) return is_variable(b[i]);
  }
  return false;
}

bool fits(const std::vector<std::string_view>& pattern, std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (path.empty()) return false;
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    if (is_variable(pattern[i]) ? segment.empty() : segment != pattern[i]) return false;
    path.remove_prefix(segment.size());
  }
  return path.empty();
}

// The methods of one path, collected while it is searched.
class Allowed {
 public:
  void add(Method method) {
    bits_ |= 1U << static_cast<unsigned>(method);
    if (method == Method::get) add(Method::head);
  }
  bool empty() const { return bits_ == 0; }
  std::string text() const {
    static constexpr std::array kOrder = {Method::get,   Method::head, Method::post,   Method::put,
                                          Method::patch, Method::del,  Method::options};
    std::string out;
    for (const Method method : kOrder) {
      if (method != Method::options && (bits_ & (1U << static_cast<unsigned>(method))) == 0) {
        continue;
      }
      if (!out.empty()) out += ", ";
      out += method_name(method);
    }
    return out;
  }

 private:
  unsigned bits_ = 0;
};

}  // namespace

std::string_view surface_name(Surface surface) {
  switch (surface) {
    case Surface::logs:
      return "logs";
    case Surface::messages:
      return "messages";
    case Surface::ops:
    case Surface::metrics:
      break;
  }
  return "ops";
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  for (std::size_t i = 0; i < routes_.size(); ++i) add(i);
  std::stable_sort(patterns_.begin(), patterns_.end(), [](const Pattern& a, const Pattern& b) {
    return more_exact(a.segments, b.segments);
  });
}

void Router::add(std::size_t index) {
  const Route& route = routes_[index];
  std::vector<std::size_t>* same_path = nullptr;
  if (route.path.find('{') == std::string_view::npos) {
    same_path = &exact_[route.path];
  } else {
    auto segments = split(route.path);
    const auto known = std::find_if(patterns_.begin(), patterns_.end(), [&](const Pattern& p) {
      return same_shape(p.segments, segments);
    });
    Pattern& pattern = known != patterns_.end()
                           ? *known
                           : patterns_.emplace_back(Pattern{std::move(segments), {}});
    same_path = &pattern.routes;
  }
  for (const std::size_t other : *same_path) {
    if (routes_[other].method == route.method && routes_[other].surface == route.surface) {
      throw Error(ErrorCode::internal, "two routes for " + std::string(method_name(route.method)) +
                                           " " + std::string(route.path));
    }
  }
  same_path->push_back(index);
}

Router::Match Router::match(Method method, std::string_view path, unsigned surfaces) const {
  if (method == Method::head) method = Method::get;
  Match match;
  Allowed allowed;
  const auto find_in = [&](const std::vector<std::size_t>& candidates) {
    for (const std::size_t index : candidates) {
      const Route& route = routes_[index];
      if ((static_cast<unsigned>(route.surface) & surfaces) == 0) continue;
      if (route.method == method) {
        match.route = &route;
        return true;
      }
      if (allowed.empty()) match.error_format = route.error_format;
      allowed.add(route.method);
    }
    return false;
  };

  if (const auto exact = exact_.find(path); exact != exact_.end() && find_in(exact->second)) {
    return match;
  }
  for (const Pattern& pattern : patterns_) {
    if (!fits(pattern.segments, path) || !find_in(pattern.routes)) continue;
    const auto segments = split(path);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (is_variable(pattern.segments[i])) match.arguments.emplace_back(segments[i]);
    }
    return match;
  }
  if (!allowed.empty()) {
    match.allowed = allowed.text();
  } else {
    match.error_format = common_format(surfaces);
  }
  return match;
}

ErrorFormat Router::common_format(unsigned surfaces) const {
  ErrorFormat common = nullptr;
  for (const Route& route : routes_) {
    if ((static_cast<unsigned>(route.surface) & surfaces) == 0) continue;
    if (common != nullptr && common != route.error_format) return &error_response;
    common = route.error_format;
  }
  return common != nullptr ? common : &error_response;
}

}  // namespace logctl::http
