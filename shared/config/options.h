// One row per option: the only place that knows an option's name, type, bounds, variables and help.
//
// Loading, `config show`, `config example`, the reference and the tests walk these rows. The
// default of an option is what a fresh Config holds.
#pragma once

#include "shared/config/config.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::config {

enum class Type { boolean, integer, number, size, duration, text, choice, path, list };

// One text for scalars, any number for lists.
using Items = std::vector<std::string>;

// How the text of an option reaches its member and comes back.
struct Binding {
  Type type = Type::text;
  std::string allowed;  // "a whole number from 0 to 65535"
  // False when a text is not allowed; the Config is then unchanged.
  std::function<bool(Config&, const Items&)> set;
  std::function<Items(const Config&)> get;
};

// How the value of a foreign variable becomes ours.
enum class Unit {
  same,
  mebibytes,    // a plain number of MiB
  minutes,      // a plain number of minutes
  seconds,      // a plain number of seconds, or a duration with units
  per_minute,   // a rate per minute, ours is per second
  true_if_set,  // any text but nothing means true
};

struct Alias {
  std::string_view name;
  Unit unit = Unit::same;
};

// What of a value must not be shown: nothing, a password inside it, or all of it.
enum class Secrecy { open, inside, whole };

struct Option {
  std::string_view key;      // `server.port`
  std::string_view metavar;  // `PORT`
  Binding binding;
  std::vector<Alias> aliases;  // variables of the systems that logctl replaces
  std::string_view help;       // lower case, without a full stop
  // Secrets also come from `<variable>_FILE` and systemd credentials, never from a flag.
  Secrecy secrecy = Secrecy::open;
  bool reloadable = false;  // takes effect on SIGHUP

  bool secret() const { return secrecy != Secrecy::open; }
  std::string_view section() const { return key.substr(0, key.find('.')); }
  std::string_view name() const { return key.substr(key.find('.') + 1); }
};

// Every option, grouped by section in the order of Config.
std::span<const Option> options();
// Nothing when there is no such option.
const Option* find_option(std::string_view key);

// Keys of the options that differ between the two and that only a restart changes.
std::vector<std::string_view> needing_restart(const Config& running, const Config& fresh);

// `LOGCTL_SERVER_PORT` for `server.port`.
std::string variable_name(const Option& option);

// The text of a foreign variable in our unit; nothing when it is not a number as it should be.
std::optional<std::string> convert(Unit unit, std::string_view text);
// What a foreign variable may hold.
std::string allowed_text(const Option& option, Unit unit);

// "a, b,c" as three items; blanks around items and empty items do not count.
Items split_list(std::string_view text);
// The items as one text, as split_list reads it.
std::string join_list(const Items& items);

// The values for people: secrets as asterisks, passwords inside URLs and settings too.
Items shown_items(const Option& option, const Config& config);

// `text` with the password of a URL or of a `password=` setting replaced by asterisks.
std::string without_password(std::string_view text);

}  // namespace logctl::config
