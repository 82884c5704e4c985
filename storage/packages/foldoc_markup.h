// The marks in FOLDOC's paragraphs: {references}, {names of links (http://...)}, <subjects>,
// /pronunciations/, [sources] and the date of the last change. Private to storage/packages. Pure
// functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace realm::markup {

// Put around names by mark_references(); they stand in no text that comes from a file.
inline constexpr char kReference = '\x01', kLink = '\x02', kEnd = '\x03';

// The paragraphs from a line on, each joined to one line; dates of the last change are left out.
std::vector<std::string> paragraphs_of(const std::vector<std::string_view>& lines, size_t first);

struct Opening {
  std::string number;  // "2. " of a numbered sense
  std::string rest;    // without subject, pronunciation and origin
};
Opening strip_opening(std::string_view paragraph);

// Without printed sources and editors' questions in square brackets; the first source goes into
// `source` when that is empty.
std::string strip_brackets(std::string paragraph, std::string& source);

// {name} becomes kReference name kEnd, and what is or has an address kLink name kEnd, with an empty
// name for a bare address. Emphasis (__so__) loses its marks.
std::string mark_references(std::string_view paragraph);
// Drops this word with the bare address behind it.
void drop_announced_address(std::string& marked, std::string_view announcement);
std::string without_marks(std::string_view text);

}  // namespace realm::markup
