// Sentences from the fields of a World Factbook profile. Private to storage/packages. Pure
// functions, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace realm::factbook {

// "Netherlands" -> "the Netherlands", "The Bahamas" -> "the Bahamas", "Austria" as it is: the name
// inside a sentence.
std::string name_in_sentence(std::string_view country);
// "Geography of Austria", "Energy in Austria"; of the introduction the country's name alone.
std::string section_title(std::string_view section, std::string_view country);

struct Field {
  std::string name;                                        // "Area"
  std::string text;                                        // of the field itself, may be empty
  std::vector<std::pair<std::string, std::string>> parts;  // "total", "83,871 sq km"
};
// One or more sentences, each with the country's name; empty: nothing worth telling.
std::string sentences_for(const Field& field, std::string_view country);

// Without HTML tags and character references; " ++ " between items becomes "; ".
std::string clean_value(std::string_view value);

}  // namespace realm::factbook
