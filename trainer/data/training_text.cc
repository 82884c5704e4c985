#include "trainer/data/training_text.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "engine/text/marked_spans.h"
#include "engine/text/sentence_splitter.h"

namespace realm {
namespace {

struct Row {
  MarkedText marked;
  std::optional<std::string> title;
  std::vector<std::string> names;
  int64_t passage = -1;  // known without a title
};

MarkedText marked_text(const std::string& text, int64_t number, const std::filesystem::path& file) {
  try {
    return parse_marked_spans(text);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("Line {} of {}: {}", number, file.string(), error.what()));
  }
}

std::vector<Row> read_rows(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The training text {} cannot be read.", file.string()));
  std::vector<Row> rows;
  std::string line;
  for (int64_t number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (find_invalid_utf8(line)) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Line {} of {} is not UTF-8.", number, file.string()));
    }
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Line {} of {} is not a JSON object with a \"text\".", number,
                              file.string()));
    }
    Row row{marked_text(json["text"].get<std::string>(), number, file), {}, {}};
    if (json.contains("title") && json["title"].is_string())
      row.title = json["title"].get<std::string>();
    if (json.contains("names") && json["names"].is_array()) {
      for (const auto& name : json["names"]) {
        if (name.is_string()) row.names.push_back(name.get<std::string>());
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// Half of its rows or more have marks. Fewer are brackets of another meaning, as in wiki markup.
bool is_marked(const std::vector<Row>& rows) {
  const auto marked = std::count_if(rows.begin(), rows.end(),
                                    [](const Row& row) { return !row.marked.spans.empty(); });
  return 2 * static_cast<size_t>(marked) >= rows.size();
}

// A model takes a second or so for as many sentences: a stop is heeded between them, and what was
// tagged before is in the tagger's cache.
constexpr size_t kTaggedAtOnce = 256;

void tag_rows(const SalientSpanTagger& tagger, const std::function<void()>& goes_on,
              std::vector<Row>& rows) {
  for (size_t begin = 0; begin < rows.size(); begin += kTaggedAtOnce) {
    if (goes_on) goes_on();
    const size_t end = std::min(begin + kTaggedAtOnce, rows.size());
    std::vector<std::string_view> texts;
    for (size_t i = begin; i < end; ++i) texts.push_back(rows[i].marked.text);
    const std::vector<std::vector<SalientSpan>> found = tagger.tag_all(texts);
    for (size_t i = begin; i < end; ++i) {
      if (!rows[i].marked.spans.empty()) continue;
      for (const SalientSpan& span : found[i - begin]) rows[i].marked.spans.push_back(span.bytes);
    }
  }
}

// As pieces, longest first.
std::vector<Pieces> pieces_of(const std::vector<std::string>& texts,
                              const WordPieceTokenizer& tokenizer) {
  std::vector<Pieces> names;
  for (const std::string& text : texts) {
    Pieces pieces = tokenizer.token_ids(text);
    if (!pieces.empty()) names.push_back(std::move(pieces));
  }
  std::stable_sort(names.begin(), names.end(),
                   [](const Pieces& a, const Pieces& b) { return a.size() > b.size(); });
  return names;
}

// `name` of the text as a sentence about it begins: "The training text x.jsonl has".
TrainingText from_rows(std::vector<Row> rows, const std::string& name,
                       const WordPieceTokenizer& tokenizer, const PassageTable& passages,
                       const TrainingTextRules& rules) {
  TrainingText out;
  out.was_tagged = rules.needs_spans && rules.make_tagger && !is_marked(rows);
  if (out.was_tagged) tag_rows(*rules.make_tagger(), rules.goes_on, rows);
  for (const Row& row : rows) {
    if (rules.goes_on) rules.goes_on();
    const std::vector<Token> tokens = tokenizer.tokenize(row.marked.text);
    if (static_cast<int>(tokens.size()) > rules.query_length - 2) {
      ++out.skipped_too_long;
      continue;
    }
    TrainingSentence sentence;
    sentence.text = row.marked.text;
    for (const Token& token : tokens) sentence.pieces.push_back(token.id);
    for (const ByteSpan& span : row.marked.spans) {
      const PieceSpan inside = pieces_inside(tokens, span.begin, span.end);
      if (inside.end > inside.begin) sentence.spans.push_back(inside);
    }
    if (sentence.pieces.empty() || (rules.needs_spans && sentence.spans.empty())) {
      ++out.skipped_without_span;
      continue;
    }
    sentence.passage = row.passage;
    if (row.title) {
      sentence.passage = passages.row_of_title(*row.title);
      if (sentence.passage < 0) ++out.unknown_titles;
    }
    sentence.names = pieces_of(row.names, tokenizer);
    out.sentences.push_back(std::move(sentence));
  }
  if (out.sentences.empty()) {
    throw Error(ErrorCode::kInvalidArgument,
                fmt::format("{} no sentence{} that fits {} pieces.", name,
                            rules.needs_spans ? " with a salient span" : "", rules.query_length));
  }
  return out;
}

}  // namespace

TrainingText TrainingText::load(const std::filesystem::path& file,
                                const WordPieceTokenizer& tokenizer, const PassageTable& passages,
                                const TrainingTextRules& rules) {
  return from_rows(read_rows(file), fmt::format("The training text {} has", file.string()),
                   tokenizer, passages, rules);
}

TrainingText TrainingText::of_passages(const WordPieceTokenizer& tokenizer,
                                       const PassageTable& passages, const TrainingTextRules& rules,
                                       bool names_passages) {
  std::vector<Row> rows;
  for (int64_t row = 0; row < passages.size(); ++row) {
    const std::string& text = passages.at(row).plain_text;
    for (const ByteSpan& sentence : split_sentences(text)) {
      Row one;
      one.marked.text = text.substr(sentence.begin, sentence.end - sentence.begin);
      if (names_passages) one.passage = row;
      rows.push_back(std::move(one));
    }
  }
  return from_rows(std::move(rows), "The corpus has", tokenizer, passages, rules);
}

}  // namespace realm
