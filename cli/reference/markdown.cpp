#include "cli/reference/manuals.h"
#include "cli/reference/mdoc.h"
#include "embedded_texts.h"

#include <algorithm>

namespace logctl::cli {
namespace {

// `[words](target)` as its words: a manual page has nothing to click on.
std::string without_links(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t middle = text.find("](");
    const std::size_t open = middle == std::string_view::npos ? middle : text.rfind('[', middle);
    const std::size_t close = middle == std::string_view::npos ? middle : text.find(')', middle);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out += text.substr(0, open);
    out += text.substr(open + 1, middle - open - 1);
    text.remove_prefix(close + 1);
  }
  return out.append(text);
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  line.remove_prefix(1);
  while (!line.empty()) {
    const std::size_t bar = std::min(line.find('|'), line.size());
    out.push_back(trimmed(line.substr(0, bar)));
    line.remove_prefix(std::min(bar + 1, line.size()));
  }
  return out;
}

class Converter {
 public:
  explicit Converter(ManualPage& page) : page_(page) {}

  void line(std::string_view text) {
    const bool bullet = text.starts_with("- ");
    const bool bar = text.starts_with("|");
    if (text.empty() || bullet || bar != !table_.empty() || text.starts_with("#")) finish(!bullet);
    if (text.starts_with("## ")) {
      page_.section(text.substr(3));
    } else if (bullet) {
      paragraph_ = text.substr(2);
      in_list_ = true;
    } else if (bar) {
      if (!text.starts_with("|--")) table_.push_back(cells(without_links(text)));
    } else if (!text.empty() && !text.starts_with("# ")) {
      if (!paragraph_.empty()) paragraph_.push_back(' ');
      paragraph_ += trimmed(text);
    }
  }

  // Writes what was gathered; a list goes on while bullets follow.
  void finish(bool end_list) {
    if (in_list_ && !paragraph_.empty()) {
      bullets_.push_back(without_links(paragraph_));
    } else if (!paragraph_.empty()) {
      page_.paragraph(without_links(paragraph_));
    }
    paragraph_.clear();
    if (end_list && !bullets_.empty()) page_.bullets(bullets_);
    if (end_list) {
      bullets_.clear();
      in_list_ = false;
    }
    if (!table_.empty()) write_table();
    table_.clear();
  }

 private:
  void write_table() {
    if (table_.front().size() != 2) {
      page_.columns(table_);
      return;
    }
    page_.begin_terms();
    for (std::size_t i = 1; i < table_.size(); ++i) {
      page_.term(macro_words(table_[i][0]), table_[i][1]);
    }
    page_.end_list();
  }

  ManualPage& page_;
  std::string paragraph_;
  bool in_list_ = false;
  std::vector<std::string> bullets_;
  std::vector<std::vector<std::string>> table_;
};

}  // namespace

std::string manual_from_markdown(std::string_view name, int section, std::string_view summary,
                                 std::string_view markdown) {
  ManualPage page(name, section, summary);
  page.section("description");
  Converter converter(page);
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    converter.line(markdown.substr(0, end));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  converter.finish(true);
  page.see_also({{"logctl", 1}, {"logctl-serve", 1}, {"logctl-config", 5}});
  return page.text();
}

std::string spool_manual() {
  return manual_from_markdown("logctl-spool", 5, "format of the durable queue of logctl",
                              embedded::spool_format());
}

}  // namespace logctl::cli
