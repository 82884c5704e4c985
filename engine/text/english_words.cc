#include "engine/text/english_words.h"

#include <unordered_set>

namespace realm::english {
namespace {

using Words = std::unordered_set<std::string_view>;

const Words& common_words() {
  static const Words words{"a",          "about",        "above",     "according",   "after",
                           "afterwards", "again",        "against",   "all",         "almost",
                           "along",      "already",      "also",      "although",    "always",
                           "among",      "an",           "and",       "another",     "any",
                           "anyone",     "are",          "around",    "as",          "at",
                           "be",         "because",      "before",    "behind",      "below",
                           "besides",    "between",      "both",      "but",         "by",
                           "can",        "could",        "despite",   "did",         "do",
                           "does",       "due",          "during",    "each",        "eight",
                           "either",     "elsewhere",    "even",      "every",       "everyone",
                           "everything", "few",          "first",     "five",        "following",
                           "for",        "four",         "from",      "furthermore", "had",
                           "has",        "have",         "he",        "hence",       "her",
                           "here",       "his",          "how",       "however",     "i",
                           "if",         "in",           "indeed",    "inside",      "instead",
                           "into",       "is",           "it",        "its",         "just",
                           "later",      "least",        "let",       "like",        "many",
                           "may",        "meanwhile",    "more",      "moreover",    "most",
                           "much",       "my",           "near",      "nearly",      "neither",
                           "never",      "nevertheless", "next",      "nine",        "no",
                           "nobody",     "none",         "nor",       "not",         "nothing",
                           "now",        "nowadays",     "of",        "off",         "often",
                           "on",         "once",         "one",       "only",        "or",
                           "other",      "others",       "otherwise", "our",         "out",
                           "outside",    "over",         "overall",   "people",      "perhaps",
                           "please",     "rather",       "second",    "seven",       "several",
                           "she",        "should",       "since",     "six",         "so",
                           "some",       "someone",      "something", "sometimes",   "soon",
                           "still",      "such",         "ten",       "than",        "that",
                           "the",        "their",        "then",      "there",       "therefore",
                           "these",      "they",         "third",     "this",        "those",
                           "though",     "three",        "through",   "throughout",  "thus",
                           "to",         "today",        "together",  "tomorrow",    "tonight",
                           "two",        "under",        "unlike",    "until",       "up",
                           "upon",       "us",           "very",      "was",         "we",
                           "well",       "were",         "what",      "when",        "where",
                           "whereas",    "whether",      "which",     "while",       "who",
                           "whose",      "why",          "will",      "with",        "within",
                           "without",    "would",        "yes",       "yesterday",   "yet",
                           "you",        "your"};
  return words;
}

}  // namespace

bool is_common_word(std::string_view lower) { return common_words().contains(lower); }

bool is_common_abbreviation(std::string_view word) {
  static const Words words{"AIDS", "AM",  "BA",  "BC",  "BCE", "CD", "CE",  "CEO", "DNA",
                           "DVD",  "GDP", "GPS", "HIV", "ID",  "IQ", "MA",  "MP",  "OK",
                           "PC",   "PhD", "PM",  "RNA", "SUV", "TV", "UFO", "VIP"};
  return words.contains(word);
}

bool is_particle(std::string_view word) {
  static const Words words{"of",    "the", "de",  "la",  "le",  "les", "du",  "des", "del",
                           "della", "di",  "da",  "do",  "dos", "von", "van", "der", "den",
                           "zu",    "al",  "bin", "ibn", "el",  "y",   "af",  "av",  "upon"};
  return words.contains(word);
}

bool is_title(std::string_view lower) {
  static const Words words{
      "dr",       "mr",        "mrs",       "ms",         "prof",     "rev",     "sen",
      "gov",      "gen",       "col",       "capt",       "lt",       "sgt",     "sir",
      "dame",     "queen",     "king",      "pope",       "emperor",  "empress", "captain",
      "colonel",  "admiral",   "president", "prime",      "minister", "senator", "chancellor",
      "governor", "professor", "bishop",    "archbishop", "tsar",     "sultan"};
  return words.contains(lower);
}

bool is_dotted_title(std::string_view lower) {
  static const Words words{"dr",   "mr", "mrs", "ms",   "st",  "mt",  "gen", "col",
                           "capt", "lt", "sgt", "prof", "rev", "sen", "gov"};
  return words.contains(lower);
}

bool is_dotted_ending(std::string_view word) {
  static const Words words{"Jr", "Sr", "Inc", "Ltd", "Co", "Corp", "Bros", "St", "Ave"};
  return words.contains(word);
}

bool is_head_before_of(std::string_view word) {
  static const Words words{
      "Academy",       "Archbishop", "Army",       "Association", "Bank",
      "Battle",        "Bay",        "Bishop",     "Board",       "Bureau",
      "Cathedral",     "Chamber",    "Church",     "College",     "Commission",
      "Confederation", "Congress",   "Conference", "Council",     "Court",
      "Department",    "Duchess",    "Duke",       "Earl",        "Empire",
      "Emperor",       "Faculty",    "Federation", "Gallery",     "Garden",
      "Gulf",          "Hall",       "Hospital",   "House",       "Institute",
      "Institution",   "Isle",       "King",       "Kingdom",     "League",
      "Library",       "Ministry",   "Museum",     "Order",       "Organisation",
      "Organization",  "Parliament", "Party",      "Peace",       "Prince",
      "Princess",      "Queen",      "Republic",   "School",      "Sea",
      "Siege",         "Society",    "State",      "States",      "Treaty",
      "Union",         "University", "Wall",       "War"};
  return words.contains(word);
}

bool is_head_before_number(std::string_view word) {
  static const Words words{"Airbus",   "Apollo",     "Area",     "Article", "Boeing",
                           "Channel",  "Concorde",   "Explorer", "Flight",  "Gemini",
                           "Highway",  "Interstate", "Luna",     "Mariner", "Pioneer",
                           "Radio",    "Resolution", "Route",    "Soyuz",   "Sputnik",
                           "Surveyor", "Viking",     "Vostok",   "Voyager"};
  return words.contains(word);
}

bool is_verb_of_one(std::string_view word) {
  static const Words words{"is", "was", "has", "lies", "stands", "borders"};
  return words.contains(word);
}

bool is_verb(std::string_view word) {
  static const Words words{"had",   "became", "won",  "wrote",  "and",   "began",
                           "built", "came",   "died", "fought", "gave",  "held",
                           "led",   "left",   "lost", "made",   "ruled", "took"};
  return words.contains(word) || (word.size() > 4 && word.ends_with("ed"));
}

bool looks_plural(std::string_view word) {
  if (!word.ends_with('s')) return false;
  for (const std::string_view ending : {"us", "is", "ss", "as", "os"}) {
    if (word.ends_with(ending)) return false;
  }
  return true;
}

bool is_counted(std::string_view word) {
  static const Words words{
      "people",  "men",      "women",      "children",    "soldiers", "troops",  "sailors",
      "workers", "students", "members",    "inhabitants", "visitors", "books",   "ships",
      "houses",  "pages",    "species",    "islands",     "times",    "years",   "days",
      "hours",   "km",       "kilometres", "kilometers",  "metres",   "meters",  "m",
      "miles",   "feet",     "tonnes",     "tons",        "kg",       "degrees", "dollars",
      "euros",   "pounds",   "square"};
  return words.contains(word);
}

bool is_adjective_ending(std::string_view word) {
  static const Words words{"based", "born",    "led",  "backed", "owned", "speaking",
                           "style", "trained", "made", "built",  "like",  "wide"};
  return words.contains(word);
}

}  // namespace realm::english
