#include "cli/key_secret.h"

#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace logctl::cli {
namespace {

constexpr int kAttempts = 3;  // at an id that is not taken; one collision is a wonder already
constexpr std::string_view kVariable = "LOGCTL_API_KEY";
constexpr std::string_view kCredential = "logctl-api-key";
constexpr std::size_t kMaxSecretName = 63;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

bool all_of(std::string_view text, bool (*good)(char)) {
  return std::all_of(text.begin(), text.end(), good);
}

// A name that Kubernetes takes, made of one for people.
std::string kubernetes_name(std::string_view name) {
  std::string out = "logctl-key";
  bool dash = true;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_lower(lower) || is_digit(lower)) {
      if (dash) out += '-';
      out += lower;
      dash = false;
    } else {
      dash = true;
    }
  }
  out.resize(std::min(out.size(), kMaxSecretName));
  while (out.ends_with('-')) out.pop_back();
  return out;
}

// A JSON string is one of YAML as well.
std::string kubernetes_secret(const std::string& name, const auth::NewKey& key,
                              const storage::KeyRow& row) {
  std::string text = fmt::format(
      "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: {}\n  annotations:\n"
      "    logctl/key-id: {}\n    logctl/key-name: {}\n",
      name, json_string(key.id), json_string(row.name));
  if (row.expires_at) {
    text +=
        fmt::format("    logctl/expires-at: {}\n", json_string(format_rfc3339(*row.expires_at)));
  }
  return text +
         fmt::format("type: Opaque\nstringData:\n  {}: {}\n", kVariable, json_string(key.secret));
}

void print_text(Output& out, const SecretOutput& how, const auth::NewKey& key,
                const storage::KeyRow& row) {
  switch (how.format) {
    case SecretFormat::env:
      out.raw(fmt::format("{}={}\n", how.name.empty() ? kVariable : how.name, key.secret));
      return;
    case SecretFormat::k8s_secret:
      out.raw(kubernetes_secret(how.name.empty() ? kubernetes_name(row.name) : how.name, key, row));
      return;
    case SecretFormat::systemd_credential:
      // A credential is the bytes of its file: a line break at the end would be part of the key.
      out.raw(key.secret);
      return;
    case SecretFormat::none:
      out.raw(key.secret + "\n");
      return;
  }
}

}  // namespace

void check_secret_name(const SecretOutput& how) {
  if (how.name.empty()) return;
  const std::string_view name = how.name;
  const auto fail = [&](std::string_view expected) {
    throw Error(ErrorCode::usage, fmt::format("--secret-name: found '{}', expected {}",
                                              terminal_safe(name), expected));
  };
  switch (how.format) {
    case SecretFormat::none:
      throw Error(ErrorCode::usage,
                  "--secret-name goes with -o env, -o k8s-secret or -o systemd-credential");
    case SecretFormat::env:
      if (!is_digit(name.front()) &&
          all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; })) {
        return;
      }
      return fail("the name of a variable, such as LOGCTL_API_KEY");
    case SecretFormat::k8s_secret:
      if (name.size() <= kMaxSecretName && name.front() != '-' && name.back() != '-' &&
          all_of(name, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; })) {
        return;
      }
      return fail("the name of a Secret: lower-case letters, digits and '-', at most 63");
    case SecretFormat::systemd_credential:
      if (all_of(name, [](char c) {
            return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
          })) {
        return;
      }
      return fail("the name of a credential: letters, digits, '.', '_' and '-'");
  }
}

auth::NewKey insert_new_key(storage::KeyStore& store, auth::Scopes scopes, storage::KeyRow& row) {
  for (int attempt = 1;; ++attempt) {
    auth::NewKey key = auth::generate_key(scopes);
    row.id = key.id;
    row.secret_hash = key.hash;
    try {
      store.insert(row);
      return key;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict || attempt == kAttempts) throw;
    }
  }
}

Value only_value(const Output& out, const storage::KeyRow& row) {
  if (!out.json()) {
    std::string text = row.only;
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
      text.replace(at, 1, ", ");
    }
    return text.empty() ? Value() : Value(text);
  }
  std::string json;
  JsonWriter writer(json);
  writer.begin_array();
  std::string_view rest = row.only;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    writer.value(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  writer.end_array();
  return Value::json(std::move(json));
}

std::vector<Field> secret_fields(const Output& out, const auth::NewKey& key,
                                 const storage::KeyRow& row, const std::vector<Field>& more) {
  std::vector<Field> fields = {
      {"key", key.secret},           {"id", key.id},         {"name", row.name},
      {"scopes", row.scopes},        {"tenant", row.tenant}, {"only", only_value(out, row)},
      {"expires_at", row.expires_at}};
  fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

void preview_key(Output& out, const storage::KeyRow& row, const std::vector<Field>& more) {
  if (!out.json()) return;
  std::vector<Field> fields = secret_fields(out, {}, row, more);
  for (Field& field : fields) {
    if (field.first == "key" || field.first == "id") field.second = Value();
  }
  fields.emplace_back("dry_run", true);
  out.object(fields);
}

void print_secret(Output& out, const SecretOutput& how, const auth::NewKey& key,
                  const storage::KeyRow& row, const std::vector<Field>& more) {
  if (how.format != SecretFormat::none || out.format() == OutputFormat::plain) {
    print_text(out, how, key, row);
  } else {
    out.object(secret_fields(out, key, row, more));
  }
  out.flush();
  if (!out.err_is_terminal()) return;
  out.note("The key is shown this once; the store keeps only its hash.");
  if (how.format == SecretFormat::systemd_credential) {
    out.note(
        fmt::format("For a unit: LoadCredential={0}:FILE and "
                    "Environment=LOGCTL_API_KEY_FILE=%d/{0}",
                    how.name.empty() ? std::string(kCredential) : how.name));
  }
}

}  // namespace logctl::cli
