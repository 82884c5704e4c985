#include "tests/trainer/data/small_world.h"

namespace realm::testing {

std::optional<Document> MemoryCorpus::find(DocumentId id) const {
  for (const Document& document : documents_) {
    if (document.id == id) return document;
  }
  return std::nullopt;
}

std::vector<Document> MemoryCorpus::read_after(DocumentId after, int count) const {
  std::vector<Document> out;
  for (const Document& document : documents_) {
    if (document.id > after && static_cast<int>(out.size()) < count) out.push_back(document);
  }
  return out;
}

std::shared_ptr<const WordPieceTokenizer> letters_and(const std::vector<std::string>& words) {
  std::vector<std::string> pieces = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", ",", "?"};
  for (const std::string& prefix : {std::string(), std::string("##")}) {
    for (char c = 'a'; c <= 'z'; ++c) pieces.push_back(prefix + c);
    for (char c = '0'; c <= '9'; ++c) pieces.push_back(prefix + c);
  }
  pieces.insert(pieces.end(), words.begin(), words.end());
  return std::make_shared<const WordPieceTokenizer>(
      std::make_shared<const Vocabulary>(std::move(pieces)));
}

std::string text_of(const WordPieceTokenizer& tokenizer, const std::vector<int32_t>& ids) {
  std::string out;
  for (const int32_t id : ids) out += (out.empty() ? "" : " ") + tokenizer.vocabulary().piece(id);
  return out;
}

}  // namespace realm::testing
