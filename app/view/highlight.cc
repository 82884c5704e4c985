#include "app/view/highlight.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "app/view/utf8.h"
#include "engine/base/regular_expression.h"

namespace realm::view {
namespace {

struct Word {
  TextRange range;
  std::string key;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    CodePoint c = code_point_at(text, at);
    if (!is_word_character(c.value)) {
      at += c.length;
      continue;
    }
    while (at < text.size() && is_word_character((c = code_point_at(text, at)).value))
      at += c.length;
    words.push_back({{begin, at}, match_key(text.substr(begin, at - begin))});
  }
  return words;
}

// English function words: marking them would mark every line.
constexpr std::array<std::string_view, 74> kFunctionWords = {
    "a",     "about",   "after", "all",   "also", "an",   "and",   "any",  "are",  "as",   "at",
    "be",    "because", "been",  "but",   "by",   "can",  "did",   "do",   "does", "for",  "from",
    "had",   "has",     "have",  "he",    "her",  "his",  "how",   "i",    "if",   "in",   "into",
    "is",    "it",      "its",   "may",   "more", "most", "no",    "not",  "of",   "on",   "one",
    "only",  "or",      "other", "s",     "she",  "so",   "some",  "such", "than", "that", "the",
    "their", "then",    "there", "these", "they", "this", "those", "to",   "was",  "we",   "were",
    "what",  "when",    "where", "which", "who",  "will", "with",  "you"};

bool is_function_word(std::string_view key) {
  return std::binary_search(kFunctionWords.begin(), kFunctionWords.end(), key);
}

bool phrase_at(const std::vector<Word>& words, size_t at, const std::vector<Word>& phrase) {
  if (phrase.empty() || at + phrase.size() > words.size()) return false;
  for (size_t i = 0; i < phrase.size(); ++i) {
    if (words[at + i].key != phrase[i].key) return false;
  }
  return true;
}

void mark_phrase(const std::vector<Word>& words, const std::vector<Word>& phrase, MarkKind kind,
                 std::vector<Mark>& marks) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (!phrase_at(words, i, phrase)) continue;
    marks.push_back({{words[i].range.begin, words[i + phrase.size() - 1].range.end}, kind});
    i += phrase.size() - 1;
  }
}

void keep_first_of_overlapping(std::vector<Mark>& marks) {  // earlier in the list wins
  std::vector<Mark> kept;
  for (const Mark& mark : marks) {
    const bool overlaps = std::any_of(kept.begin(), kept.end(), [&](const Mark& other) {
      return mark.range.begin < other.range.end && other.range.begin < mark.range.end;
    });
    if (!overlaps) kept.push_back(mark);
  }
  std::sort(kept.begin(), kept.end(),
            [](const Mark& a, const Mark& b) { return a.range.begin < b.range.begin; });
  marks = std::move(kept);
}

}  // namespace

std::vector<Mark> mark_passage(std::string_view text, std::string_view question,
                               std::span<const std::string> answers) {
  const std::vector<Word> words = words_of(text);
  std::vector<Mark> marks;
  for (const std::string& answer : answers)
    mark_phrase(words, words_of(answer), MarkKind::kAnswer, marks);

  std::string outside(question);
  const std::vector<HiddenPart> hidden = hidden_parts(question);
  for (auto part = hidden.rbegin(); part != hidden.rend(); ++part) {
    outside.replace(part->outer.begin, part->outer.end - part->outer.begin, 1, ' ');
  }
  std::unordered_set<std::string> asked;
  for (Word& word : words_of(outside)) {
    if (!is_function_word(word.key)) asked.insert(std::move(word.key));
  }
  for (const Word& word : words) {
    if (asked.count(word.key) > 0) marks.push_back({word.range, MarkKind::kQueryWord});
  }
  keep_first_of_overlapping(marks);
  return marks;
}

std::vector<Mark> mark_hits(std::string_view text, std::string_view search) {
  const std::vector<Word> words = words_of(text);
  std::vector<Mark> marks;
  for (size_t at = 0; at < search.size();) {
    if (search[at] == ' ') {
      ++at;
      continue;
    }
    const bool excluded = search[at] == '-';
    if (excluded) ++at;
    const bool is_phrase = at < search.size() && search[at] == '"';
    if (is_phrase) ++at;
    const size_t end = std::min(search.find(is_phrase ? '"' : ' ', at), search.size());
    if (!excluded) mark_phrase(words, words_of(search.substr(at, end - at)), MarkKind::kHit, marks);
    at = end + (is_phrase ? 1 : 0);
  }
  keep_first_of_overlapping(marks);
  return marks;
}

std::vector<Mark> mark_found(std::string_view text, std::string_view search,
                             std::span<const std::string> expressions) {
  constexpr size_t kMostMarks = 1000;
  std::vector<Mark> marks;
  for (const std::string& expression : expressions) {
    for (const auto& [begin, end] : RegularExpression(expression).find(text, kMostMarks))
      marks.push_back({{begin, end}, MarkKind::kHit});
  }
  const std::vector<Mark> words = mark_hits(text, search);
  if (marks.empty()) return words;
  marks.insert(marks.end(), words.begin(), words.end());
  keep_first_of_overlapping(marks);
  return marks;
}

MarkedText mark_hidden(std::string_view sentence) {
  MarkedText shown;
  size_t at = 0;
  for (const HiddenPart& part : hidden_parts(sentence)) {
    shown.text += sentence.substr(at, part.outer.begin - at);
    const size_t begin = shown.text.size();
    shown.text += sentence.substr(part.inner.begin, part.inner.end - part.inner.begin);
    shown.marks.push_back({{begin, shown.text.size()}, MarkKind::kHidden});
    at = part.outer.end;
  }
  shown.text += sentence.substr(at);
  return shown;
}

MarkedText parse_snippet(std::string_view snippet) {
  MarkedText marked;
  size_t open = std::string::npos;
  for (const char c : snippet) {
    if (c == '\x02') {
      open = marked.text.size();
    } else if (c == '\x03') {
      if (open != std::string::npos && open < marked.text.size()) {
        marked.marks.push_back({{open, marked.text.size()}, MarkKind::kHit});
      }
      open = std::string::npos;
    } else {
      marked.text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
  }
  return marked;
}

}  // namespace realm::view
