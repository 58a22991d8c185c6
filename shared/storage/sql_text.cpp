#include "shared/storage/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace logctl::storage {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '.';
}
bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

struct Token {
  enum class Kind { word, quoted, text, symbol, comment } kind{};
  std::string_view text;
};

// Where the text that starts with `open` ends: past the closing quote, which is doubled inside.
std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] != quote) continue;
    if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
  return text.size();
}

std::size_t end_of_block_comment(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at + 1 < text.size()) {
    const std::string_view pair = text.substr(at, 2);
    if (pair == "/*") ++depth;
    if (pair == "*/") --depth;
    at += pair == "/*" || pair == "*/" ? 2 : 1;
    if (depth == 0) return at;
  }
  return text.size();
}

// `$tag$ ... $tag$` at `at`, or `at` itself when it is something else.
std::size_t end_of_dollar_quoted(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && is_word(text[end]) && text[end] != '$') ++end;
  if (end >= text.size() || text[end] != '$') return at;
  const std::string_view tag = text.substr(at, end + 1 - at);
  const std::size_t close = text.find(tag, end + 1);
  return close == std::string_view::npos ? text.size() : close + tag.size();
}

Token next_token(std::string_view text) {
  const char c = text.front();
  const auto token = [&](Token::Kind kind, std::size_t size) {
    return Token{kind, text.substr(0, size)};
  };
  if (text.starts_with("--")) {
    return token(Token::Kind::comment, std::min(text.find('\n'), text.size()));
  }
  if (text.starts_with("/*")) return token(Token::Kind::comment, end_of_block_comment(text, 0));
  if (c == '\'') return token(Token::Kind::text, end_of_quoted(text, 0));
  if (c == '"' || c == '`') return token(Token::Kind::quoted, end_of_quoted(text, 0));
  if (c == '$') {
    const std::size_t end = end_of_dollar_quoted(text, 0);
    if (end > 0) return token(Token::Kind::text, end);
  }
  if (!is_word(c)) return token(Token::Kind::symbol, 1);
  std::size_t end = 1;
  while (end < text.size() && is_word(text[end])) ++end;
  return token(Token::Kind::word, end);
}

template <typename Each>
void for_each_token(std::string_view text, Each each) {
  while (!text.empty()) {
    if (is_space(text.front())) {
      text.remove_prefix(1);
      continue;
    }
    const Token token = next_token(text);
    each(token);
    text.remove_prefix(token.text.size());
  }
}

// Words, symbols and texts as they are; quoted names without their quotes.
std::vector<std::string> tokens_of(std::string_view statement) {
  std::vector<std::string> result;
  for_each_token(statement, [&](const Token& token) {
    if (token.kind == Token::Kind::comment) return;
    if (token.kind == Token::Kind::quoted) {
      result.emplace_back(token.text.substr(1, token.text.size() - 2));
    } else {
      result.emplace_back(token.text);
    }
  });
  return result;
}

// Whether the tokens from `at` on are these words; moves past them.
bool take(const std::vector<std::string>& tokens, std::size_t& at,
          std::initializer_list<std::string_view> words) {
  std::size_t next = at;
  for (const std::string_view word : words) {
    if (next >= tokens.size() || upper(tokens[next]) != word) return false;
    ++next;
  }
  at = next;
  return true;
}

}  // namespace

bool is_transactional(std::string_view text) {
  while (text.starts_with("--")) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    if (line == kNoTransaction) return false;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return true;
}

std::vector<std::string_view> statements_of(std::string_view text) {
  std::vector<std::string_view> result;
  const char* begin = nullptr;  // of the statement in the making
  const char* end = nullptr;
  bool creates = false;
  int depth = 0;  // of BEGIN and CASE in the body of something that is created
  const auto finish = [&] {
    if (begin != nullptr) result.emplace_back(begin, static_cast<std::size_t>(end - begin));
    begin = nullptr;
    creates = false;
    depth = 0;
  };
  for_each_token(text, [&](const Token& token) {
    if (token.kind == Token::Kind::comment) return;
    if (token.kind == Token::Kind::symbol && token.text == ";" && depth == 0) {
      finish();
      return;
    }
    const std::string word = token.kind == Token::Kind::word ? upper(token.text) : std::string();
    if (begin == nullptr) {
      begin = token.text.data();
      creates = word == "CREATE";
    }
    end = token.text.data() + token.text.size();
    if (!creates) return;
    if (word == "BEGIN" || (word == "CASE" && depth > 0)) ++depth;
    if (word == "END" && depth > 0) --depth;
  });
  finish();
  return result;
}

std::string headline(std::string_view statement, std::size_t most) {
  std::string line;
  for (const char c : statement) {
    if (!is_space(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.size() <= most) return line;
  // Not in the middle of a UTF-8 sequence.
  std::size_t cut = most - 3;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
  return line.substr(0, cut) + "...";
}

std::string definitions_of(std::string_view text) {
  constexpr std::array<std::string_view, 9> kRowsOnly = {
      "INSERT", "UPDATE", "DELETE", "SELECT", "WITH", "TRUNCATE", "VACUUM", "ANALYZE", "REPLACE"};
  std::string result;
  for (const std::string_view statement : statements_of(text)) {
    const std::string verb = upper(next_token(statement).text);
    if (std::find(kRowsOnly.begin(), kRowsOnly.end(), verb) != kRowsOnly.end()) continue;
    const char* copied = statement.data();
    for_each_token(statement, [&](const Token& token) {
      if (token.kind != Token::Kind::word || upper(token.text) != "CONCURRENTLY") return;
      result.append(copied, token.text.data());
      copied = token.text.data() + token.text.size();
    });
    result.append(copied, statement.data() + statement.size());
    result += ";\n";
  }
  return result;
}

std::string concurrent_index(std::string_view statement) {
  const std::vector<std::string> tokens = tokens_of(statement);
  std::size_t at = 0;
  if (!take(tokens, at, {"CREATE"})) return {};
  take(tokens, at, {"UNIQUE"});
  if (!take(tokens, at, {"INDEX", "CONCURRENTLY"})) return {};
  take(tokens, at, {"IF", "NOT", "EXISTS"});
  return at < tokens.size() && upper(tokens[at]) != "ON" ? tokens[at] : std::string();
}

std::vector<Destroyed> destroyed_by(std::string_view text) {
  std::vector<Destroyed> result;
  for (const std::string_view statement : statements_of(text)) {
    const std::vector<std::string> tokens = tokens_of(statement);
    std::size_t at = 0;
    if (take(tokens, at, {"DROP", "TABLE"})) {
      take(tokens, at, {"IF", "EXISTS"});
      for (; at < tokens.size(); ++at) {
        const std::string word = upper(tokens[at]);
        if (word != "," && word != "CASCADE" && word != "RESTRICT") {
          result.push_back({tokens[at], {}, false});
        }
      }
    } else if (take(tokens, at, {"DELETE", "FROM"}) || take(tokens, at, {"TRUNCATE", "TABLE"}) ||
               take(tokens, at, {"TRUNCATE"})) {
      if (at < tokens.size()) {
        const bool some = std::any_of(tokens.begin(), tokens.end(), [](const std::string& token) {
          return upper(token) == "WHERE";
        });
        result.push_back({tokens[at], {}, some});
      }
    } else if (take(tokens, at, {"ALTER", "TABLE"})) {
      take(tokens, at, {"IF", "EXISTS"});
      take(tokens, at, {"ONLY"});
      const std::string table = at < tokens.size() ? tokens[at] : std::string();
      for (; at < tokens.size(); ++at) {
        std::size_t after = at;
        if (!take(tokens, after, {"DROP"})) continue;
        const std::string what = after < tokens.size() ? upper(tokens[after]) : std::string();
        if (what == "CONSTRAINT" || what == "DEFAULT" || what == "NOT" || what == "IDENTITY" ||
            what == "EXPRESSION") {
          continue;
        }
        take(tokens, after, {"COLUMN"});
        take(tokens, after, {"IF", "EXISTS"});
        if (after < tokens.size()) result.push_back({table, tokens[after], false});
      }
    }
  }
  return result;
}

}  // namespace logctl::storage
