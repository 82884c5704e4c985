#include "storage/packages/wordnet_passages.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/text/text_words.h"
#include "storage/packages/article_text.h"
#include "storage/packages/gloss_grammar.h"
#include "storage/packages/wordnet_senses.h"

namespace realm {
namespace {

using namespace article;
using wordnet::Nouns;
using wordnet::Sense;

constexpr size_t kMostExamples = 3, kMostSynonyms = 8;

// Whether `name` is the full form of a name whose last word is `last`: "Aaron Burr" of "Burr".
bool is_full_name(std::string_view name, std::string_view last) {
  return !last.empty() && is_upper(last[0]) && is_upper(name[0]) &&
         last.find(' ') == std::string_view::npos && name.size() > last.size() + 1 &&
         name.ends_with(last) && name[name.size() - last.size() - 1] == ' ';
}

// An article holds the meanings of all spellings ("porter", "Porter"): this is the one that a sense
// is of.
std::string spelling_in(const std::string& headword, const Sense& sense) {
  const std::vector<std::string>& names = sense.synonyms;
  if (names.empty() || std::find(names.begin(), names.end(), headword) != names.end())
    return headword;
  const std::string lower = lower_ascii(headword);
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return lower_ascii(name) == lower;
  });
  return found == names.end() ? headword : *found;
}

bool is_home_of(const std::string& headword, const Sense& sense) {
  if (sense.synonyms.empty()) return true;
  const std::string name = spelling_in(headword, sense);
  if (sense.synonyms[0] == name) return true;
  const auto full = std::find_if(
      sense.synonyms.begin(), sense.synonyms.end(),
      [&](const std::string& other) { return is_full_name(other, sense.synonyms[0]); });
  return full != sense.synonyms.end() && *full == name;
}

// "(psychiatry) a defense mechanism": what stands in front says where the word is used, which makes
// a beginning of the sentence, or it is part of the gloss.
std::string take_field(std::string& gloss) {
  if (!gloss.starts_with('(')) return {};
  const size_t close = gloss.find(')');
  if (close == std::string::npos || close + 2 >= gloss.size()) return {};
  const std::string inside = gloss.substr(1, close - 1);
  const std::optional<std::string> beginning = gloss_grammar::beginning_for(inside);
  if (!beginning) return {};
  gloss = std::string(trim(std::string_view(gloss).substr(close + 1)));
  return *beginning;
}

std::string tell(const std::string& headword, Sense sense, bool first) {
  const std::string name = spelling_in(headword, sense);
  const std::string field = take_field(sense.gloss);
  const gloss_grammar::Phrase phrase = gloss_grammar::phrase_for(name, sense.gloss);
  std::vector<std::string> others;
  for (const std::string& other : sense.synonyms) {
    if (other != name && others.size() < kMostSynonyms) others.push_back(other);
  }
  std::string subject = phrase.subject;
  if (!others.empty()) {
    subject += (first ? ", also called " : ", or ") + join_words(others, "or") + ",";
  }
  std::string text = field.empty() ? with_capital(subject) : field + ", " + subject;
  // "is also", but "also refers to" and "also drains".
  const bool before = phrase.verb != "is" && phrase.verb != "was";
  if (!first && before) text += " also";
  if (!phrase.verb.empty()) text += ' ' + phrase.verb;
  if (!first && !before) text += " also";
  text += ' ' + phrase.object;
  if (!ends_sentence(text)) text += '.';
  if (!sense.examples.empty()) {
    text += " For example: ";
    for (size_t i = 0; i < std::min(sense.examples.size(), kMostExamples); ++i)
      text += (i == 0 ? "" : "; ") + sense.examples[i];
    text += '.';
  }
  if (!sense.opposites.empty())
    text += " The opposite is " + join_words(sense.opposites, "or") + ".";
  return text;
}

}  // namespace

MadeEntry make_wordnet_entry(std::string_view article) {
  MadeEntry entry;
  Nouns nouns = wordnet::read_nouns(article);
  if (nouns.headword.empty() || nouns.senses.empty()) {
    entry.skipped = "not a noun";
    return entry;
  }
  if (std::none_of(nouns.senses.begin(), nouns.senses.end(),
                   [&](const Sense& sense) { return is_home_of(nouns.headword, sense); })) {
    entry.skipped = "told under another word";
    return entry;
  }
  std::string text;
  bool first = true;
  for (Sense& sense : nouns.senses) {
    if (!first) text += ' ';
    text += tell(nouns.headword, std::move(sense), first);
    first = false;
  }
  entry.passages.push_back({0, std::move(nouns.headword), std::move(text), {}, {}, 0});
  return entry;
}

}  // namespace realm
