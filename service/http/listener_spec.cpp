#include "service/http/listener_spec.h"

#include "shared/base/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace logctl::http {
namespace {

constexpr std::string_view kShapes =
    "expected http://HOST:PORT, https://HOST:PORT?cert=FILE&key=FILE or unix:///PATH";

[[noreturn]] void refuse(std::string_view text, const std::string& why, std::string hint = {}) {
  throw Error(ErrorCode::config, "'" + std::string(text) + "': " + why, std::move(hint));
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

unsigned parse_surfaces(std::string_view text, std::string_view names) {
  static constexpr std::array kSurfaces = {Surface::logs, Surface::ops, Surface::messages};
  static const std::array kNames = {surface_name(kSurfaces[0]), surface_name(kSurfaces[1]),
                                    surface_name(kSurfaces[2])};
  unsigned surfaces = 0;
  while (true) {
    const std::size_t end = names.find_first_of("+,");
    const std::string_view name = names.substr(0, end);
    const auto* const known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end()) {
      const std::string_view nearest = nearest_name(name, kNames);
      refuse(text, "unknown surface '" + std::string(name) + "', expected logs, ops or messages",
             nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?");
    }
    surfaces |= static_cast<unsigned>(kSurfaces[static_cast<std::size_t>(known - kNames.begin())]);
    if (end == std::string_view::npos) return surfaces;
    names.remove_prefix(end + 1);
  }
}

void parse_host_and_port(std::string_view text, std::string_view authority, ListenerSpec& spec) {
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    refuse(text, "the port is missing", std::string(kShapes));
  }
  std::string_view host = authority.substr(0, colon);
  const std::string_view port = authority.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    refuse(text, "an IPv6 address is written in brackets, as in http://[::1]:8080");
  }
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), spec.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size()) {
    refuse(text, "'" + std::string(port) + "' is not a port, expected 0 to 65535");
  }
  spec.host = host.empty() ? "0.0.0.0" : std::string(host);
}

void parse_parameters(std::string_view text, std::string_view parameters, ListenerSpec& spec) {
  static constexpr std::array<std::string_view, 3> kNames = {"cert", "key", "surfaces"};
  while (!parameters.empty()) {
    const std::size_t end = parameters.find('&');
    const std::string_view pair = parameters.substr(0, end);
    parameters = end == std::string_view::npos ? std::string_view() : parameters.substr(end + 1);
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    const auto value =
        percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), false);
    if (!value || value->empty()) refuse(text, fmt::format("'{}' has no usable value", pair));
    if (name == "surfaces") {
      spec.surfaces = parse_surfaces(text, *value);
    } else if (name == "cert") {
      spec.certificate = *value;
    } else if (name == "key") {
      spec.key = *value;
    } else {
      const std::string_view nearest = nearest_name(name, kNames);
      refuse(text, "unknown parameter '" + std::string(name) + "', expected cert, key or surfaces",
             nearest.empty() ? std::string() : "did you mean '" + std::string(nearest) + "'?");
    }
  }
}

}  // namespace

ListenerSpec parse_listener(std::string_view text) {
  ListenerSpec spec;
  std::string_view rest = text;
  if (take_prefix(rest, "https://")) {
    spec.kind = ListenerSpec::Kind::tls;
  } else if (take_prefix(rest, "unix://")) {
    spec.kind = ListenerSpec::Kind::unix_socket;
  } else if (!take_prefix(rest, "http://")) {
    refuse(text, "unknown scheme", std::string(kShapes));
  }
  const std::size_t question = rest.find('?');
  const std::string_view address = rest.substr(0, question);
  if (question != std::string_view::npos) parse_parameters(text, rest.substr(question + 1), spec);

  if (spec.kind == ListenerSpec::Kind::unix_socket) {
    const auto path = percent_decode(address, false);
    if (!path || !path->starts_with('/')) {
      refuse(text, "the path of a unix socket must be absolute", std::string(kShapes));
    }
    spec.path = *path;
  } else {
    const bool trailing_slash = address.ends_with('/');
    parse_host_and_port(text, address.substr(0, address.size() - (trailing_slash ? 1 : 0)), spec);
  }
  const bool has_files = !spec.certificate.empty() || !spec.key.empty();
  if (spec.kind == ListenerSpec::Kind::tls && (spec.certificate.empty() || spec.key.empty())) {
    refuse(text, std::string(spec.certificate.empty() ? "cert" : "key") + " is missing",
           std::string(kShapes));
  }
  if (spec.kind != ListenerSpec::Kind::tls && has_files) {
    refuse(text, "cert and key belong to https:// only");
  }
  return spec;
}

std::vector<ListenerSpec> listener_specs(const config::Config& config) {
  const config::Server& server = config.server;
  const std::string host = server.host.empty() ? "0.0.0.0" : server.host;
  std::vector<ListenerSpec> specs;
  for (const std::string& text : server.listeners) specs.push_back(parse_listener(text));
  if (specs.empty()) {
    ListenerSpec& spec = specs.emplace_back();
    spec.host = host;
    spec.port = server.port;
  }
  if (config.metrics.enabled && config.metrics.port != 0) {
    ListenerSpec& spec = specs.emplace_back();
    spec.host = host;
    spec.port = config.metrics.port;
    spec.surfaces = static_cast<unsigned>(Surface::metrics);
  }
  return specs;
}

}  // namespace logctl::http
