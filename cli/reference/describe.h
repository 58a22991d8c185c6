// The whole command line as plain values, read off the definitions of the commands: what man pages
// and completions are made from. Nothing here is written down a second time.
#pragma once

#include <string>
#include <vector>

namespace logctl::cli {

class Arguments;

// What a shell offers for a value.
struct Suggestions {
  enum class Kind {
    none,
    words,     // one of `words`
    list,      // several of `words`, with commas
    starts,    // one of `words`, and what goes on behind it
    files,     // a path
    folders,   // a path of a directory
    settings,  // KEY=VALUE of the configuration
    ids,       // what `logctl complete SOURCE` prints, or one of `words`
  };
  Kind kind = Kind::none;
  std::vector<std::string> words;
  std::string source;
};

struct OptionInfo {
  std::vector<std::string> names;  // `-o`, `--output`; for an argument its name, like `FILE`
  std::string metavar;             // empty for a flag
  std::string fallback;            // the default as text, when it is known
  std::string help;
  bool required = false;
  bool repeatable = false;
  Suggestions suggestions;

  bool takes_value() const { return !metavar.empty(); }
};

struct CommandInfo {
  std::string path;  // "keys create"; empty for the program itself
  std::string summary;
  std::string footer;
  std::vector<OptionInfo> options;
  std::vector<OptionInfo> arguments;  // in order
  std::vector<CommandInfo> commands;

  std::string name() const;  // the last word of the path
};

// What is hidden from the help is left out.
CommandInfo describe(Arguments program);

}  // namespace logctl::cli
