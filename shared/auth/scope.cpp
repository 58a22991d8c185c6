#include "shared/auth/scope.h"

#include <array>
#include <utility>

namespace logctl::auth {
namespace {

// In the order in which a set is printed.
constexpr std::array kNames = {
    std::pair{Scope::ingest, std::string_view("ingest")},
    std::pair{Scope::read, std::string_view("read")},
    std::pair{Scope::admin, std::string_view("admin")},
};

std::optional<Scope> scope_of(std::string_view name) {
  for (const auto& [scope, known] : kNames) {
    if (name == known) return scope;
  }
  return std::nullopt;
}

}  // namespace

std::string_view scope_name(Scope scope) {
  for (const auto& [known, name] : kNames) {
    if (scope == known) return name;
  }
  return "none";
}

std::optional<Scopes> parse_scopes(std::string_view text) {
  Scopes scopes;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::optional<Scope> scope = scope_of(text.substr(0, comma));
    if (!scope) return std::nullopt;
    scopes = scopes | *scope;
    if (comma == std::string_view::npos) return scopes;
    text.remove_prefix(comma + 1);
  }
}

std::string format_scopes(Scopes scopes) {
  std::string out;
  for (const auto& [scope, name] : kNames) {
    if (!scopes.has(scope)) continue;
    if (!out.empty()) out += ',';
    out += name;
  }
  return out;
}

}  // namespace logctl::auth
