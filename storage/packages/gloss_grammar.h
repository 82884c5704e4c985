// How a WordNet gloss becomes a sentence about its word: which articles and which verb it takes.
// WordNet does not say whether a noun is counted, so this is told from the gloss by rules; where
// they cannot tell, the sentence is made so that it is right either way ("X refers to ...").
// Private to storage/packages. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace realm::gloss_grammar {

struct Phrase {
  std::string subject;  // "an aardvark", "Vienna"
  // "is", "was" (of people with the time of their death), "refers to"; empty: the object has one
  std::string verb;
  std::string object;  // "a nocturnal burrowing mammal"
};
Phrase phrase_for(std::string_view headword, std::string_view gloss);

// "In psychiatry" for "psychiatry"; nullopt: it belongs into the sentence ("usually plural").
std::optional<std::string> beginning_for(std::string_view field);

}  // namespace realm::gloss_grammar
