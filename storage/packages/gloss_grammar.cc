#include "storage/packages/gloss_grammar.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "engine/text/text_words.h"
#include "storage/packages/article_text.h"

namespace realm::gloss_grammar {
namespace {

using namespace article;

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A gloss that begins so needs no article.
constexpr std::array<std::string_view, 54> kDeterminers = {
    "a",           "an",      "the",   "any",   "one",      "someone", "somebody", "something",
    "some",        "all",     "each",  "every", "either",   "both",    "several",  "many",
    "two",         "three",   "four",  "what",  "whatever", "whoever", "anyone",   "anything",
    "this",        "these",   "that",  "those", "your",     "his",     "her",      "its",
    "their",       "our",     "one's", "no",    "not",      "being",   "having",   "people",
    "that's",      "who",     "how",   "it",    "in",       "of",      "used",     "characterized",
    "coextensive", "nothing", "1",     "10",    "100",      "most"};
// Such words name what is not counted.
constexpr std::array<std::string_view, 126> kUncountedNouns = {
    "food",          "wine",         "milk",         "water",       "material",       "fabric",
    "metal",         "cloth",        "rock",         "wood",        "soil",           "paper",
    "oil",           "fur",          "meat",         "flour",       "bread",          "music",
    "steel",         "iron",         "glass",        "leather",     "clothing",       "equipment",
    "behavior",      "flesh",        "inflammation", "pain",        "surgery",        "tissue",
    "information",   "knowledge",    "insurance",    "money",       "sugar",          "corn",
    "power",         "writing",      "land",         "armor",       "radiation",      "freedom",
    "communication", "lack",         "loss",         "inability",   "absence",        "presence",
    "removal",       "ability",      "failure",      "infestation", "treatment",      "quality",
    "matter",        "care",         "intercourse",  "action",      "identification", "thought",
    "belief",        "conversation", "cream",        "skill",       "reproduction",   "candy",
    "desire",        "stimulation",  "activity",     "strength",    "analysis",       "blood",
    "talk",          "light",        "mail",         "mayonnaise",  "paralysis",      "fighting",
    "motion",        "juice",        "fire",         "fat",         "intelligence",   "approval",
    "destruction",   "measurement",  "research",     "handwriting", "flow",           "anemia",
    "conformity",    "cattle",       "lava",         "rice",        "beer",           "tea",
    "coffee",        "pasta",        "butter",       "salt",        "sand",           "gas",
    "air",           "smoke",        "dust",         "hair",        "wool",           "silk",
    "cotton",        "lace",         "yarn",         "furniture",   "jewelry",        "luggage",
    "poetry",        "art",          "literature",   "magic",       "ammunition",     "cheese",
    "beef",          "pork",         "tobacco",      "liquor",      "weather",        "work"};
constexpr std::array<std::string_view, 14> kPlurals = {
    "people", "men",  "women", "children", "mice",     "feet",  "teeth",
    "geese",  "lice", "fungi", "algae",    "bacteria", "cacti", "protozoa"};
// Where the noun that a gloss begins with has ended.
constexpr std::array<std::string_view, 66> kEnds = {
    "of",         "that",       "which",    "who",        "whom",    "whose",      "with",
    "in",         "on",         "at",       "for",        "from",    "by",         "to",
    "as",         "having",     "used",     "made",       "found",   "where",      "when",
    "whereby",    "into",       "about",    "between",    "like",    "than",       "under",
    "over",       "within",     "without",  "during",     "after",   "before",     "against",
    "through",    "toward",     "per",      "near",       "via",     "among",      "along",
    "around",     "beyond",     "usually",  "especially", "often",   "sometimes",  "or",
    "not",        "but",        "native",   "grown",      "worn",    "born",       "consisting",
    "containing", "resembling", "known",    "noted",      "similar", "cultivated", "is",
    "are",        "can",        "resulting"};
// Latin names of groups of living things are not counted.
constexpr std::array<std::string_view, 12> kGroups = {
    "genus ", "family ",   "order ",     "class ",       "phylum ",   "kingdom ",
    "tribe ", "suborder ", "subfamily ", "superfamily ", "division ", "subclass "};
// "the part", "the person": things of which each is a definite one.
constexpr std::array<std::string_view, 34> kDefinite = {
    "part",  "side",   "place",  "person", "one",     "area",   "region", "end",     "top",
    "edge",  "point",  "period", "time",   "surface", "space",  "line",   "number",  "day",
    "organ", "bottom", "front",  "outer",  "inner",   "upper",  "lower",  "central", "main",
    "first", "last",   "head",   "back",   "body",    "season", "capital"};

bool looks_plural(std::string_view word) {
  if (is_one_of(word, kPlurals)) return true;
  if (word.size() < 4 || word.back() != 's') return false;
  for (const std::string_view end : {"ss", "us", "is", "os", "ics"}) {
    if (word.ends_with(end)) return false;
  }
  return word != "gas" && word != "atlas" && word != "pancreas" && word != "canvas" &&
         word != "species" && word != "series" && word != "lens" && word != "christmas";
}

std::vector<std::string> words_of(std::string_view text, size_t most) {
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size() && words.size() < most;) {
    while (at < text.size() && text[at] == ' ') ++at;
    const size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(lower_ascii(text.substr(at, end - at)));
    at = end;
  }
  return words;
}

// The noun that a gloss without an article begins with: "mammal" of "nocturnal burrowing mammal of
// ...".
std::string head_noun(const std::vector<std::string>& words) {
  std::string head;
  for (size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    if (i > 0 && is_one_of(word, kEnds)) break;
    const bool participle = i > 0 && (word.ends_with("ed") || word.ends_with("ing"));
    if (participle && i + 1 < words.size() && is_one_of(words[i + 1], kEnds)) break;
    if (word.starts_with("(")) break;
    const bool ends = word.ends_with(";") || word.ends_with(":") || word.ends_with(")");
    while (!word.empty() && !is_letter(word.back())) word.pop_back();
    const bool adverb = !head.empty() && word.ends_with("ly");
    if (!word.empty() && !adverb) head = word;
    if (ends) break;
  }
  return head;
}

// A gloss that begins with what its word does: "drains the front of the scalp".
constexpr std::array<std::string_view, 16> kVerbs = {
    "drains", "supplies", "carries",  "arises",   "receives", "connects", "joins", "passes",
    "occurs", "contains", "consists", "includes", "lies",     "causes",   "feeds", "serves"};
constexpr std::array<std::string_view, 16> kSuperlatives = {
    "smallest", "largest", "highest",  "oldest",   "lowest",  "greatest", "longest", "earliest",
    "biggest",  "best",    "youngest", "shortest", "hardest", "first",    "second",  "last"};
// End like abstract nouns and are none.
constexpr std::array<std::string_view, 10> kCountedNouns = {
    "lioness", "baroness", "deaconess",   "patroness", "harness",
    "witness", "business", "marchioness", "prism",     "organism"};

enum class Kind { kDetermined, kCounted, kUncounted, kPlural, kVerb, kSuperlative };

Kind kind_of(std::string_view gloss, const std::vector<std::string>& words) {
  std::string first = words.empty() ? "" : words[0];
  while (!first.empty() && std::string_view(",;:").find(first.back()) != std::string_view::npos)
    first.pop_back();
  if (words.empty() || is_one_of(first, kDeterminers) || gloss.starts_with('(') ||
      gloss.starts_with('`') || gloss.starts_with('"')) {
    return Kind::kDetermined;
  }
  if (words.size() > 1 && first.ends_with("ly") && is_one_of(words[1], kDeterminers))
    return Kind::kDetermined;  // "originally an apple"
  if (words.size() > 1 && first.ends_with("ing") && is_one_of(words[1], kDeterminers))
    return Kind::kUncounted;  // "acting a particular role"
  if (is_one_of(first, kVerbs) && words.size() > 1) return Kind::kVerb;
  if (words.size() > 1 && first == "capital" && words[1] == "and") return Kind::kSuperlative;
  if (is_one_of(first, kSuperlatives)) return Kind::kSuperlative;
  // "King of England", "President of the United States": held by one at a time.
  if (words.size() > 1 && words[1] == "of" &&
      (first == "king" || first == "queen" || first == "emperor" || first == "president" ||
       first == "capital")) {
    return Kind::kUncounted;
  }
  const std::string head = head_noun(words);
  if (looks_plural(head)) return Kind::kPlural;
  if (is_one_of(head, kUncountedNouns) || head.ends_with("ness") || head.ends_with("ment") ||
      (head.ends_with("ing") && words.size() > 1) || head.ends_with("ation") ||
      head.ends_with("ware") || head.ends_with("itis")) {
    return Kind::kUncounted;
  }
  return Kind::kCounted;
}

// "(1756-1836)" or "(died in 1993)"
bool tells_death(std::string_view gloss) {
  if (gloss.find("(died ") != std::string_view::npos ||
      gloss.find("century BC)") != std::string_view::npos) {
    return true;
  }
  for (size_t at = gloss.find('('); at != std::string_view::npos; at = gloss.find('(', at + 1)) {
    const size_t close = gloss.find(')', at);
    const std::string_view inside =
        close == std::string_view::npos ? std::string_view{} : gloss.substr(at + 1, close - at - 1);
    const size_t dash = inside.find('-');
    if (dash == std::string_view::npos || dash + 1 >= inside.size()) continue;
    const std::string_view end = inside.substr(dash + 1);
    if (std::count_if(inside.begin(), inside.begin() + static_cast<ptrdiff_t>(dash), is_digit) >=
            2 &&
        std::count_if(end.begin(), end.end(), is_digit) >= 2 &&
        std::none_of(inside.begin(), inside.end(), [](char c) { return c == '%'; })) {
      return true;
    }
  }
  return false;
}

bool is_proper(std::string_view headword) {
  return std::any_of(headword.begin(), headword.end(), [](char c) { return is_upper(c); }) ||
         !is_letter(headword.front());
}

std::string with_article(std::string_view headword, Kind kind,
                         const std::vector<std::string>& gloss_words) {
  std::string title(headword);
  if (is_proper(headword)) return title;
  for (const std::string_view group : kGroups) {
    if (headword.starts_with(group)) return title;
  }
  // "law" of "law of thermodynamics", "sink" of "heat sink"
  const std::string noun = title.substr(0, std::min(title.find(" of "), title.find(" in ")));
  const std::string last = noun.substr(noun.rfind(' ') + 1);
  if (looks_plural(last)) return title;
  for (const std::string_view end :
       {"ness", "ism", "ics", "ology", "itis", "ware", "osis", "bility", "ivity", "osity", "idity",
        "icity", "phobia", "mania"}) {
    if (last.ends_with(end) && !is_one_of(last, kCountedNouns)) return title;
  }
  if (kind == Kind::kCounted || kind == Kind::kVerb)
    return std::string(article_for(title)) + " " + title;
  if (kind != Kind::kDetermined || gloss_words.size() < 2) return title;
  const std::string& first = gloss_words[0];
  if (first == "the" && is_one_of(gloss_words[1], kDefinite)) return "the " + title;
  const bool abstract = is_one_of(last, kUncountedNouns);
  if (!abstract && (first == "a" || first == "an" || first == "any" || first == "one" ||
                    first == "someone" || first == "somebody" || first == "something")) {
    return std::string(article_for(title)) + " " + title;
  }
  return title;
}

}  // namespace

Phrase phrase_for(std::string_view headword, std::string_view gloss) {
  constexpr size_t kWordsLookedAt = 24;
  const std::vector<std::string> words = words_of(gloss, kWordsLookedAt);
  const Kind kind = kind_of(gloss, words);
  Phrase phrase;
  phrase.subject = with_article(headword, kind, words);
  phrase.verb = "is";
  phrase.object = std::string(gloss);
  if (kind == Kind::kPlural) phrase.verb = "refers to";
  if (kind == Kind::kVerb) phrase.verb.clear();
  if (kind == Kind::kSuperlative) phrase.object = "the " + phrase.object;
  if (kind == Kind::kCounted) phrase.object = std::string(article_for(gloss)) + " " + phrase.object;
  if (is_proper(headword) && tells_death(gloss)) phrase.verb = "was";
  return phrase;
}

std::optional<std::string> beginning_for(std::string_view field) {
  struct Manner {
    std::string_view field, beginning;
  };
  constexpr std::array<Manner, 17> kManners = {{{"slang", "In slang"},
                                                {"informal", "Informally"},
                                                {"colloquial", "Colloquially"},
                                                {"British informal", "Informally in Britain"},
                                                {"British", "In Britain"},
                                                {"figurative", "Figuratively"},
                                                {"formal", "Formally"},
                                                {"formerly", "Formerly"},
                                                {"archaic", "In older English"},
                                                {"obsolete", "In older English"},
                                                {"nautical", "At sea"},
                                                {"military", "In the military"},
                                                {"ethnic slur", "As an ethnic slur"},
                                                {"French", "In French"},
                                                {"nontechnical usage", "Not in technical usage"},
                                                {"Middle Ages", "In the Middle Ages"},
                                                {"Bible", "In the Bible"}}};
  for (const Manner& manner : kManners) {
    if (manner.field == field) return std::string(manner.beginning);
  }
  const std::vector<std::string> words = words_of(field, 8);
  constexpr std::array<std::string_view, 22> kInside = {
      "of",        "usually", "often", "used",      "plural", "with", "when",       "followed",
      "sometimes", "for",     "from",  "trademark", "in",     "on",   "especially", "frequently",
      "the",       "by",      "to",    "as",        "not",    "or"};
  if (words.empty() || words.size() > 4 || is_one_of(words[0], kInside) ||
      std::none_of(field.begin(), field.end(), is_lower) ||
      std::any_of(field.begin(), field.end(), [](char c) { return is_digit(c) || c == '`'; })) {
    return std::nullopt;
  }
  const bool the = field.ends_with("Testament") || field.ends_with("Church") ||
                   field.ends_with("century") || field.ends_with("market");
  return std::string(the ? "In the " : "In ") + std::string(field);
}

}  // namespace realm::gloss_grammar
