#include "engine/text/name_lexicon.h"

#include <algorithm>

namespace realm {

void NameLexicon::add(std::string_view text) {
  for (const TextWord& word : split_words(text)) {
    if (word.begins_sentence || word.starts_with_digit) continue;
    auto& [with, without] = counts_[lower_ascii(word.text)];
    ++(word.capitalised ? with : without);
  }
}

void NameLexicon::add_title(std::string_view title) {
  const size_t note = title.find(" (");
  std::vector<std::string> words;
  for (const TextWord& word : split_words(title.substr(0, note))) words.emplace_back(word.text);
  if (words.empty()) return;
  std::vector<std::vector<std::string>>& same_start = titles_[words.front()];
  const auto place = std::find_if(same_start.begin(), same_start.end(),
                                  [&](const auto& other) { return other.size() <= words.size(); });
  if (place == same_start.end() || *place != words) same_start.insert(place, std::move(words));
}

bool NameLexicon::is_name(std::string_view word) const {
  const auto found = counts_.find(lower_ascii(word));
  if (found != counts_.end()) return found->second.first > found->second.second;
  const auto titles = titles_.find(std::string(word));
  return titles != titles_.end() && titles->second.back().size() == 1;
}

bool NameLexicon::knows(std::string_view word) const {
  return counts_.contains(lower_ascii(word)) || is_name(word);
}

size_t NameLexicon::match_title(std::span<const TextWord> words, size_t at) const {
  const auto titles = titles_.find(std::string(words[at].text));
  if (titles == titles_.end()) return 0;
  for (const std::vector<std::string>& title : titles->second) {
    const size_t count = title.size();
    if (count < 2) return 0;
    if (at + count > words.size() || words[at].sentence != words[at + count - 1].sentence) continue;
    const auto run = words.subspan(at, count);
    const bool alike = std::equal(
        run.begin(), run.end(), title.begin(),
        [](const TextWord& word, const std::string& wanted) { return word.text == wanted; });
    const bool capital = std::any_of(run.begin(), run.end(), [](const TextWord& word) {
      return word.capitalised && !word.begins_sentence;
    });
    if (alike && capital) return count;
  }
  return 0;
}

std::shared_ptr<const NameLexicon> lexicon_of(const Corpus& corpus) {
  constexpr int kPage = 1000;
  auto lexicon = std::make_shared<NameLexicon>();
  for (DocumentId after = 0;;) {
    const std::vector<Document> page = corpus.read_after(after, kPage);
    if (page.empty()) return lexicon;
    for (const Document& document : page) {
      lexicon->add_title(document.title);
      lexicon->add(document.text);
    }
    after = page.back().id;
  }
}

}  // namespace realm
