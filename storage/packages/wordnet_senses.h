// The noun meanings of an article of dict-wn, taken apart. Private to storage/packages. Pure
// function, thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace realm::wordnet {

struct Sense {
  std::string gloss;
  std::vector<std::string> examples;  // without quotes, with what WordNet says of the author
  std::vector<std::string> synonyms;  // in WordNet's order, the headword among them; may be empty
  std::vector<std::string> opposites;
};

struct Nouns {
  std::string headword;
  std::vector<Sense> senses;  // empty: no noun
};

Nouns read_nouns(std::string_view article);

}  // namespace realm::wordnet
