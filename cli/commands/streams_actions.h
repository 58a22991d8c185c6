// What the sub-commands of `logctl streams` do. Each returns the exit status or throws.
#pragma once

#include "cli/context.h"
#include "cli/streams/source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

struct WriteMessage {
  StreamTarget target;
  std::string stream;
  std::string type;
  std::string data = "-";
  std::string metadata;
  std::string id;
  std::optional<std::int64_t> expected_version;
  bool dry_run = false;
};
int write_message(Context& context, const WriteMessage& options);

struct ReadMessages {
  StreamTarget target;
  std::string stream;
  std::string category;
  bool all = false;
  std::optional<std::int64_t> from;
  std::uint64_t limit = 0;  // 0: all
  std::string group;
  std::string correlation;
  std::string type;
};
int read_messages(Context& context, const ReadMessages& options);
int show_last(Context& context, const ReadMessages& options);
int show_version(Context& context, const ReadMessages& options);
// Until interrupted.
int follow_messages(Context& context, const ReadMessages& options);

struct ListStreams {
  StreamTarget target;
  std::string prefix;
  std::uint64_t limit = 0;  // 0: all
};
int list_streams(Context& context, const ListStreams& options);
int list_categories(Context& context, const ListStreams& options);

struct ExportMessages {
  StreamTarget target;
  std::string to = "-";
  std::string categories;
  std::string since;
  std::string until;
  bool gzip = false;
  bool zstd = false;
  bool resume = false;
  bool overwrite = false;
};
int export_messages(Context& context, const ExportMessages& options);

struct ImportMessages {
  StreamTarget target;
  std::string file;
  bool force = false;
  std::string confirm;
  bool dry_run = false;
};
int import_messages(Context& context, const ImportMessages& options);

// Of one namespace, or of all when none is named.
int verify_streams(Context& context, const std::string& name_space);

// Returns when `given` is `name`, or when the person at the terminal agrees. Throws as
// require_confirmation, and Error{conflict} for another name.
void confirm_by_name(Context& context, const std::string& question, const std::string& given,
                     const std::string& name);

}  // namespace logctl::cli
