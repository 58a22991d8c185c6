// Writes a manual page in mdoc(7), in the form that `mandoc -T lint` finds nothing to say about:
// short lines, a new line for each sentence, nothing unescaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

class ManualPage {
 public:
  // `summary` is lower case without a full stop, as in the NAME section.
  ManualPage(std::string_view name, int section, std::string_view summary);

  void section(std::string_view title);
  void subsection(std::string_view title);
  // A paragraph. `code` in it becomes bold, **words** too.
  void paragraph(std::string_view text);
  // A line of mdoc as it is.
  void macro(std::string_view line);

  // A list with a term and a text for each item; the term is a line of mdoc without the `.It`.
  void begin_terms();
  void term(std::string_view line, std::string_view text);
  void bullets(const std::vector<std::string>& texts);
  void end_list();
  // Rows of equal length, the first with the headings.
  void columns(const std::vector<std::vector<std::string>>& rows);
  // A shell line that is shown apart.
  void example(std::string_view what, std::string_view line);
  // Cross-references to other pages, like {"logctl", "1"}.
  void see_also(const std::vector<std::pair<std::string, int>>& pages);

  const std::string& text() const { return out_; }

 private:
  void flow(std::string_view text);

  std::string out_;
  bool fresh_ = true;  // nothing since the last heading or item: a paragraph needs no break
};

// `text` as words of a macro line: escaped, and never taken for a macro.
std::string macro_words(std::string_view text);

}  // namespace logctl::cli
