// The manual pages, each as text in mdoc(7).
#pragma once

#include "cli/reference/describe.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// A line to try, shown in the page of its command.
struct Example {
  std::string_view command;  // "keys", "backup"
  std::string_view what;
  std::string_view line;
};
std::vector<Example> examples();

std::string program_manual(const CommandInfo& program);
// Of one command below the program, with everything below it.
std::string command_manual(const CommandInfo& command);
std::string config_manual();
std::string http_manual();
// docs/spool-format.md as logctl-spool(5).
std::string spool_manual();

// A page from a text in Markdown: headings, paragraphs, lists, tables, `code`, **bold**.
std::string manual_from_markdown(std::string_view name, int section, std::string_view summary,
                                 std::string_view markdown);

}  // namespace logctl::cli
