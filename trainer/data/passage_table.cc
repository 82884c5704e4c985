#include "trainer/data/passage_table.h"

#include <fmt/format.h>

#include "engine/base/error.h"
#include "engine/text/salient_span_tagger.h"
#include "engine/text/sentence_splitter.h"

namespace realm {

PieceSpan pieces_inside(std::span<const Token> tokens, size_t begin, size_t end) {
  PieceSpan span;
  bool open = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].begin < begin || tokens[i].end > end) continue;
    if (!open) span.begin = static_cast<int>(i);
    open = true;
    span.end = static_cast<int>(i) + 1;
  }
  return open ? span : PieceSpan{};
}

Pieces Passage::body() const {
  Pieces out;
  for (const Pieces& sentence : sentences) out.insert(out.end(), sentence.begin(), sentence.end());
  return out;
}

PassageTable PassageTable::load(const Corpus& corpus, const WordPieceTokenizer& tokenizer,
                                const std::function<void()>& goes_on) {
  constexpr int kPage = 1000;
  PassageTable table;
  const RuleTagger tagger;
  std::unordered_map<std::string, int> sources;
  for (DocumentId after = 0;;) {
    const std::vector<Document> page = corpus.read_after(after, kPage);
    if (page.empty()) break;
    for (const Document& document : page) {
      if (goes_on) goes_on();
      Passage passage;
      passage.id = document.id;
      passage.title = tokenizer.token_ids(document.title);
      for (const ByteSpan& sentence : split_sentences(document.text)) {
        const std::string_view text =
            std::string_view(document.text).substr(sentence.begin, sentence.end - sentence.begin);
        const std::vector<Token> tokens = tokenizer.tokenize(text);
        if (tokens.empty()) continue;
        Pieces& pieces = passage.sentences.emplace_back();
        for (const Token& token : tokens) pieces.push_back(token.id);
        std::vector<PieceSpan>& spans = passage.spans.emplace_back();
        for (const SalientSpan& span : tagger.tag(text)) {
          const PieceSpan inside = pieces_inside(tokens, span.bytes.begin, span.bytes.end);
          if (inside.end > inside.begin) spans.push_back(inside);
        }
      }
      passage.plain_title = document.title;
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
