// `logctl streams read`, `last`, `version`, `list`, `categories`, `tail`.
#include "cli/commands/streams_actions.h"
#include "cli/streams/message_printer.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kPage = 1000;

void check_which(const ReadMessages& options) {
  const int given =
      (options.stream.empty() ? 0 : 1) + (options.category.empty() ? 0 : 1) + (options.all ? 1 : 0);
  if (given == 1) return;
  throw Error(ErrorCode::usage, "which messages is not said",
              "name a STREAM, or give --category NAME or --all");
}

bool read_number(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<storage::ConsumerGroup> group_of(const ReadMessages& options) {
  if (options.group.empty()) return std::nullopt;
  storage::ConsumerGroup group;
  const std::string_view text = options.group;
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (!read_number(text.substr(0, slash), group.member) || slash == text.size() ||
      !read_number(text.substr(slash + 1), group.size) || group.member < 0 ||
      group.member >= group.size) {
    throw Error(ErrorCode::usage,
                fmt::format("--group: found '{}', expected M/SIZE with M from 0 to SIZE - 1",
                            terminal_safe(text)));
  }
  return group;
}

Error no_stream(const std::string& stream) {
  return Error(ErrorCode::not_found, fmt::format("there is no stream '{}'", terminal_safe(stream)),
               "`logctl streams list` shows them");
}

// Page by page, until there are enough or no more.
class Pages {
 public:
  Pages(StreamSource& source, const ReadMessages& options) : source_(source) {
    by_stream_ = !options.stream.empty();
    stream_.stream = options.stream;
    stream_.position = options.from.value_or(0);
    category_.category = options.category;
    category_.global_position = options.from.value_or(1);
    category_.correlation = options.correlation;
    category_.group = group_of(options);
  }

  bool next(storage::MessagePage& page, std::uint64_t limit) {
    if (!more_) return false;
    if (by_stream_) {
      stream_.limit = limit;
      page = source_.read_stream(stream_);
      if (!page.messages.empty()) stream_.position = page.messages.back().position + 1;
    } else {
      category_.limit = limit;
      page = source_.read_category(category_);
      if (page.more) category_.global_position = page.next_global_position;
    }
    more_ = page.more;
    return true;
  }

 private:
  StreamSource& source_;
  bool by_stream_ = false;
  bool more_ = true;
  storage::StreamRead stream_;
  storage::CategoryRead category_;
};

}  // namespace

int read_messages(Context& context, const ReadMessages& options) {
  check_which(options);
  if (options.category.empty() && (!options.group.empty() || !options.correlation.empty())) {
    throw Error(ErrorCode::usage, "--group and --correlation go with --category");
  }
  const std::uint64_t most =
      options.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : options.limit;
  const auto source = open_source(context, options.target);
  Pages pages(*source, options);
  MessagePrinter printer(context.out());
  storage::MessagePage page;
  std::uint64_t rows = 0;
  bool first = true;
  while (rows < most && pages.next(page, std::min(kPage, most - rows))) {
    if (!first && !page.messages.empty()) printer.between_pages();
    first = false;
    for (const storage::Message& message : page.messages) printer.add(message);
    rows += page.messages.size();
  }
  printer.end();
  if (page.more && context.out().format() == OutputFormat::table) {
    context.out().note(fmt::format("there are more than these {}; --limit 0 shows all", rows));
  }
  return 0;
}

int show_last(Context& context, const ReadMessages& options) {
  const auto source = open_source(context, options.target);
  const auto message = source->last(options.stream, options.type);
  if (!message && options.type.empty()) throw no_stream(options.stream);
  if (!message) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no message of type '{}' in stream '{}'",
                            terminal_safe(options.type), terminal_safe(options.stream)));
  }
  context.out().object(message_fields(context.out(), *message));
  return 0;
}

int show_version(Context& context, const ReadMessages& options) {
  const auto version = open_source(context, options.target)->version(options.stream);
  if (!version) throw no_stream(options.stream);
  Output& out = context.out();
  if (out.format() == OutputFormat::plain) {
    out.raw(fmt::format("{}\n", *version));
  } else {
    out.object({{"stream", options.stream}, {"version", *version}});
  }
  return 0;
}

int list_streams(Context& context, const ListStreams& options) {
  const auto source = open_source(context, options.target);
  Output& out = context.out();
  out.begin_table({"stream", "version", "lastActivity"});
  const std::uint64_t most =
      options.limit == 0 ? std::numeric_limits<std::uint64_t>::max() : options.limit;
  std::uint64_t rows = 0;
  std::string after;
  while (rows < most) {
    const std::uint64_t asked = std::min(kPage, most - rows);
    const auto page = source->streams(options.prefix, after, asked);
    for (const storage::StreamFigures& row : page) {
      out.add_row({row.stream, row.version, time_value(out, row.last_activity)});
    }
    rows += page.size();
    if (page.size() < asked) break;
    after = page.back().stream;
  }
  out.end_table();
  return 0;
}

int list_categories(Context& context, const ListStreams& options) {
  const auto source = open_source(context, options.target);
  Output& out = context.out();
  out.begin_table({"category", "streamCount", "messageCount"});
  for (const storage::CategoryFigures& row : source->categories()) {
    out.add_row({row.category, row.streams, row.messages});
  }
  out.end_table();
  return 0;
}

int follow_messages(Context& context, const ReadMessages& options) {
  check_which(options);
  const auto source = open_source(context, options.target);
  const Followed what{options.stream, options.category, options.from};
  LiveMessagePrinter printer(context.out());
  source->follow(
      what, [&printer](const storage::Message& message) { printer.add(message); },
      [&printer] { printer.flush(); });
  return 0;
}

}  // namespace logctl::cli
