#include "cli/check_list.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::cli {
namespace {

constexpr std::size_t kLeastText = 20;  // narrower columns would be hard to read

// `text` from column `indent` on, the first line behind `head`.
void print_text(Output& out, std::string head, std::string_view text, std::size_t indent) {
  const std::size_t room = out.width() > indent + kLeastText ? out.width() - indent : kLeastText;
  const std::string safe = terminal_safe(text);
  for (const std::string& line :
       out.width() == 0 ? std::vector<std::string>{safe} : wrapped(safe, room)) {
    head.resize(indent, ' ');
    out.raw(head + line + "\n");
    head.clear();
  }
}

}  // namespace

void print_checks(Output& out, const std::vector<CheckRow>& rows) {
  if (out.format() != OutputFormat::table) {
    out.begin_table({"check", "state", "detail", "advice"});
    for (const CheckRow& row : rows) {
      out.add_row(
          {row.check, row.state, row.detail, row.advice.empty() ? Value() : Value(row.advice)});
    }
    out.end_table();
    return;
  }
  std::size_t check = std::string_view("check").size();
  std::size_t state = std::string_view("state").size();
  for (const CheckRow& row : rows) {
    check = std::max(check, row.check.size());
    state = std::max(state, row.state.size());
  }
  const std::size_t indent = check + 2 + state + 2;
  const std::string head = fmt::format("{:<{}}  {:<{}}  detail", "check", check, "state", state);
  out.raw(out.colour() ? "\033[1m" + head + "\033[0m\n" : head + "\n");
  for (const CheckRow& row : rows) {
    print_text(out, fmt::format("{:<{}}  {}", row.check, check, row.state), row.detail, indent);
    if (!row.advice.empty()) print_text(out, "", "advice: " + row.advice, indent);
  }
}

}  // namespace logctl::cli
