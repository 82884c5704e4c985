// What the makers of passages from dictionary articles share: lines, paragraphs and small repairs
// of English text. Private to storage/packages. Pure functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace realm::article {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
inline bool is_letter(char c) { return is_lower(c) || is_upper(c); }
inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trim(std::string_view text);
std::vector<std::string_view> split_lines(std::string_view text);
size_t indent_of(
    std::string_view line);  // spaces it begins with; a tab goes to the next multiple of 8

// Appends a line of a paragraph: with one space between, but for a word that was parted at its
// hyphen ("multi-" "platform"), which is joined, unless the hyphen waits for another word ("pre-"
// "and").
void append_line(std::string& paragraph, std::string_view line);

// Runs of white space become one space, none at the ends and none before
// , . ; ! ? and ).
std::string tidy(std::string_view text);

// Replaces every `from`.
void replace_all(std::string& text, std::string_view from, std::string_view to);

// "a, b or c"
std::string join_words(const std::vector<std::string>& words, std::string_view last_joint);

// The first letter as a capital, when it is one of ASCII and its word is not written in mixed case
// ("iPod").
std::string with_capital(std::string_view text);
// Ends with . ! or ?, closing quotes and brackets left out.
bool ends_sentence(std::string_view text);
// "a" or "an" before this word.
const char* article_for(std::string_view word);

}  // namespace realm::article
