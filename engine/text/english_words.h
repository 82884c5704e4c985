// Lists of English words that the rules for salient spans go by (salient_span_tagger.h). Constant
// data and pure functions, thread-safe.
#pragma once

#include <string_view>

namespace realm::english {

// Words that have a capital only because they begin a sentence or a heading, in lower case.
bool is_common_word(std::string_view lower);
// Abbreviations in capitals that are no names: "DNA", "CEO".
bool is_common_abbreviation(std::string_view word);
// Small words inside a name: "of", "the", "von".
bool is_particle(std::string_view word);
// Titles before a name that are no part of it, as in CoNLL-2003, in lower case: "dr", "president".
bool is_title(std::string_view lower);
// Whether a dot behind the word goes on with the name, in lower case: "dr", "st".
bool is_dotted_title(std::string_view lower);
// Endings of a name whose dot belongs to it: "Jr", "Inc".
bool is_dotted_ending(std::string_view word);
// What "of" may follow in a name of three words and more: "Federal Bureau of Investigation".
bool is_head_before_of(std::string_view word);
// What a number may follow in a name: "Apollo 11".
bool is_head_before_number(std::string_view word);
// What follows a subject in the singular: "is".
bool is_verb_of_one(std::string_view word);
// What follows any subject: "wrote", any word in "-ed"; and "and".
bool is_verb(std::string_view word);
// Whether a word may be a noun in the plural: "Scientists" and, alas, "Athens"; not "Paris".
bool looks_plural(std::string_view word);
// What a four-digit number before it counts, so that it is no year: "people", "metres".
bool is_counted(std::string_view word);
// Words behind a hyphen that make an adjective of a name: "based", "born".
bool is_adjective_ending(std::string_view word);

}  // namespace realm::english
