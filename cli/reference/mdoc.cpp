#include "cli/reference/mdoc.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace logctl::cli {
namespace {

constexpr std::size_t kLongestLine = 78;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// Bold for `code` and **words**.
std::string with_fonts(std::string_view text) {
  std::string out;
  bool bold = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool stars = text.substr(i, 2) == "**";
    if (text[i] == '`' || stars) {
      bold = !bold;
      out += bold ? "\\fB" : "\\fR";
      if (stars) ++i;
    } else {
      out += escaped(text.substr(i, 1));
    }
  }
  return out;
}

bool ends_sentence(std::string_view word, std::string_view next) {
  if (word.empty() || next.empty()) return false;
  std::size_t end = word.size();
  while (end > 0 && (word[end - 1] == ')' || word[end - 1] == '"')) --end;
  return end > 1 && (word[end - 1] == '.' || word[end - 1] == '?' || word[end - 1] == '!');
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// A text line that begins like a macro is none.
std::string guarded(const std::string& line) {
  return line.starts_with('.') || line.starts_with('\'') ? "\\&" + line : line;
}

}  // namespace

std::string macro_words(std::string_view text) {
  std::string out;
  for (const std::string_view word : split_words(text)) {
    if (!out.empty()) out.push_back(' ');
    const bool like_macro = word.size() <= 3 && std::isalpha(static_cast<unsigned char>(word[0]));
    const bool punctuation = word.size() == 1 && std::ispunct(static_cast<unsigned char>(word[0]));
    if (like_macro || punctuation) out += "\\&";
    for (const char c : with_fonts(word))
      out += c == '"' ? std::string("\\(dq") : std::string(1, c);
  }
  return out;
}

ManualPage::ManualPage(std::string_view name, int section, std::string_view summary) {
  std::string title(name);
  std::transform(title.begin(), title.end(), title.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  out_ = fmt::format(
      ".\\\" Made from the tables of the program by `logctl generate`; do not edit.\n"
      ".Dd {}\n.Dt {} {}\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n",
      LOGCTL_RELEASE_DATE, title, section, name, macro_words(summary));
}

void ManualPage::section(std::string_view title) {
  std::string upper(title);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  out_ += fmt::format(".Sh {}\n", macro_words(upper));
  fresh_ = true;
}

void ManualPage::subsection(std::string_view title) {
  out_ += fmt::format(".Ss {}\n", macro_words(title));
  fresh_ = true;
}

void ManualPage::macro(std::string_view line) {
  out_ += std::string(line) + "\n";
  fresh_ = false;
}

void ManualPage::flow(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  // Fonts may span words, so they are set before the text is cut.
  const std::string fonted = with_fonts(fmt::format("{}", fmt::join(words, " ")));
  const std::vector<std::string_view> parts = split_words(fonted);
  std::string line;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!line.empty() && line.size() + 1 + parts[i].size() > kLongestLine) {
      out_ += guarded(line) + "\n";
      line.clear();
    }
    if (!line.empty()) line.push_back(' ');
    line += parts[i];
    if (ends_sentence(parts[i], i + 1 < parts.size() ? parts[i + 1] : std::string_view())) {
      out_ += guarded(line) + "\n";
      line.clear();
    }
  }
  if (!line.empty()) out_ += guarded(line) + "\n";
}

void ManualPage::paragraph(std::string_view text) {
  if (!fresh_) out_ += ".Pp\n";
  flow(text);
  fresh_ = false;
}

void ManualPage::begin_terms() {
  out_ += ".Bl -tag -width Ds\n";
  fresh_ = true;
}

void ManualPage::term(std::string_view line, std::string_view text) {
  out_ += fmt::format(".It {}\n", line);
  flow(text);
  fresh_ = false;
}

void ManualPage::bullets(const std::vector<std::string>& texts) {
  out_ += ".Bl -bullet\n";
  for (const std::string& text : texts) {
    out_ += ".It\n";
    flow(text);
  }
  end_list();
}

void ManualPage::end_list() {
  out_ += ".El\n";
  fresh_ = false;
}

void ManualPage::columns(const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return;
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], row.at(i).size());
  }
  out_ += ".Bl -column";
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    out_ += fmt::format(" \"{}\"", std::string(std::min<std::size_t>(widths[i], 24), 'x'));
  }
  out_ += " \"x\"\n";
  for (const auto& row : rows) {
    out_ += ".It";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string words = macro_words(row[i]);
      if (i > 0) out_ += " Ta";
      out_ += " " + (words.empty() ? std::string("\\&") : words);
    }
    out_ += "\n";
  }
  end_list();
}

void ManualPage::example(std::string_view what, std::string_view line) {
  paragraph(what);
  out_ += ".Bd -literal -offset indent\n" + guarded(escaped(line)) + "\n.Ed\n";
}

void ManualPage::see_also(const std::vector<std::pair<std::string, int>>& pages) {
  section("see also");
  for (std::size_t i = 0; i < pages.size(); ++i) {
    out_ += fmt::format(".Xr {} {}{}\n", pages[i].first, pages[i].second,
                        i + 1 < pages.size() ? " ," : "");
  }
}

}  // namespace logctl::cli
