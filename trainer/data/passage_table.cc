#include "trainer/data/passage_table.h"

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/text/sentence_splitter.h"

namespace realm {

Pieces Passage::body() const {
  Pieces out;
  for (const Pieces& sentence : sentences) out.insert(out.end(), sentence.begin(), sentence.end());
  return out;
}

PassageTable PassageTable::load(const Corpus& corpus, const WordPieceTokenizer& tokenizer) {
  constexpr int kPage = 1000;
  PassageTable table;
  std::unordered_map<std::string, int> sources;
  for (DocumentId after = 0;;) {
    const std::vector<Document> page = corpus.read_after(after, kPage);
    if (page.empty()) break;
    for (const Document& document : page) {
      Passage passage;
      passage.id = document.id;
      passage.title = tokenizer.token_ids(document.title);
      for (const ByteSpan& sentence : split_sentences(document.text)) {
        Pieces pieces = tokenizer.token_ids(
            std::string_view(document.text).substr(sentence.begin, sentence.end - sentence.begin));
        if (!pieces.empty()) passage.sentences.push_back(std::move(pieces));
      }
      passage.plain_text = document.text;
      passage.source =
          sources.emplace(document.source, static_cast<int>(sources.size())).first->second;
      const auto row = static_cast<int64_t>(table.passages_.size());
      table.rows_[document.id] = row;
      table.titles_.emplace(document.title, row);
      table.by_source_.resize(sources.size());
      table.by_source_[static_cast<size_t>(passage.source)].push_back(row);
      table.passages_.push_back(std::move(passage));
    }
    after = page.back().id;
  }
  if (table.passages_.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("The corpus {} is empty: training needs at least one document.",
                            corpus.name()));
  }
  return table;
}

int64_t PassageTable::row_of(DocumentId id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? -1 : found->second;
}

int64_t PassageTable::row_of_title(const std::string& title) const {
  const auto found = titles_.find(title);
  return found == titles_.end() ? -1 : found->second;
}

}  // namespace realm
