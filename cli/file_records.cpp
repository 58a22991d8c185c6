#include "cli/file_records.h"

#include "cli/arguments.h"
#include "cli/counted.h"
#include "cli/file_patterns.h"
#include "shared/ingest/line_reader.h"
#include "shared/ingest/parser.h"
#include "shared/ingest/rules.h"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <string_view>
#include <utility>

namespace logctl::cli {
namespace {

constexpr std::size_t kPieceBytes = 1024 * 1024;

std::shared_ptr<const ingest::Rules> rules_for(const config::Config& config) {
  ingest::Rules rules(config);
  rules.max_age = microseconds(0);
  rules.max_future = microseconds(std::numeric_limits<std::int64_t>::max());
  return std::make_shared<const ingest::Rules>(std::move(rules));
}

void read_file(const std::string& file, const std::string& tenant, ingest::Parser& parser,
               BadLines& bad, const std::function<void(const std::vector<LogRecord>&)>& take) {
  const std::string shown = file == "-" ? "standard input" : file;
  const auto note = [&](std::uint64_t line, std::string_view field, std::string_view message) {
    if (++bad.count == 1) {
      bad.first =
          fmt::format("{}:{}: {}{}{}", shown, line, field, field.empty() ? "" : ": ", message);
    }
  };
  ingest::LineReader reader(file,
                            {kPieceBytes, parser.rules().max_record_bytes, ingest::body_padding()});
  ingest::LinePiece piece;
  while (reader.next(piece)) {
    if (piece.overlong) {
      note(piece.first_line + 1, {},
           fmt::format("found a line of {} bytes, at most {} are allowed", piece.overlong->bytes,
                       parser.rules().max_record_bytes));
      continue;
    }
    const ingest::LinePlace place{file, piece.begin};
    const Batch batch = parser.parse_lines(std::move(piece.text), tenant, 0, &place);
    for (const Rejection& rejection : batch.rejections) {
      note(piece.first_line + rejection.index + 1, rejection.field, rejection.message);
    }
    take(batch.records);
  }
}

}  // namespace

Option add_files(Arguments app, std::vector<std::string>& files) {
  return app
      .add_option("--file", files,
                  "ask this file of JSON lines, plain or compressed with gzip or zstd, instead of "
                  "the store; - is standard input; repeatable")
      .type_name("FILE")
      .excludes("--tenant");
}

void tell_bad_lines(const BadLines& bad, Output& out) {
  if (bad.count == 0) return;
  out.flush();
  out.note(fmt::format("{} could not be read as records; the first: {}", counted(bad.count, "line"),
                       bad.first));
}

BadLines read_file_records(Context& context, const std::vector<std::string>& files,
                           const std::string& tenant,
                           const std::function<void(const std::vector<LogRecord>&)>& take) {
  ingest::Parser parser(rules_for(*context.config()), context.clock());
  BadLines bad;
  for (const std::string& file : expand_files(files)) read_file(file, tenant, parser, bad, take);
  return bad;
}

}  // namespace logctl::cli
