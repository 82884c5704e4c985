#include "trainer/data/training_text.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/text/marked_spans.h"

namespace realm {
namespace {

MarkedText marked_text(const std::string& text, int64_t number, const std::filesystem::path& file) {
  try {
    return parse_marked_spans(text);
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("Line {} of {}: {}", number, file.string(), error.what()));
  }
}

}  // namespace

TrainingText TrainingText::load(const std::filesystem::path& file,
                                const WordPieceTokenizer& tokenizer, const PassageTable& passages,
                                int query_length) {
  std::ifstream stream(file);
  if (!stream)
    throw Error(ErrorCode::kNotFound,
                fmt::format("The training text {} cannot be read.", file.string()));
  TrainingText out;
  std::string line;
  for (int64_t number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto row = nlohmann::json::parse(line, nullptr, false);
    if (!row.is_object() || !row.contains("text") || !row["text"].is_string()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Line {} of {} is not a JSON object with a \"text\".", number,
                              file.string()));
    }
    const MarkedText marked = marked_text(row["text"].get<std::string>(), number, file);
    const std::vector<Token> tokens = tokenizer.tokenize(marked.text);
    if (static_cast<int>(tokens.size()) > query_length - 2) {
      ++out.skipped_too_long;
      continue;
    }
    TrainingSentence sentence;
    sentence.text = marked.text;
    for (const Token& token : tokens) sentence.pieces.push_back(token.id);
    for (const ByteSpan& span : marked.spans) {
      const PieceSpan inside = pieces_inside(tokens, span.begin, span.end);
      if (inside.end > inside.begin) sentence.spans.push_back(inside);
    }
    if (sentence.spans.empty()) {
      ++out.skipped_without_span;
      continue;
    }
    if (row.contains("title") && row["title"].is_string()) {
      sentence.passage = passages.row_of_title(row["title"].get<std::string>());
      if (sentence.passage < 0) ++out.unknown_titles;
    }
    if (row.contains("names") && row["names"].is_array()) {
      for (const auto& name : row["names"]) {
        if (!name.is_string()) continue;
        Pieces pieces = tokenizer.token_ids(name.get<std::string>());
        if (!pieces.empty()) sentence.names.push_back(std::move(pieces));
      }
      std::stable_sort(sentence.names.begin(), sentence.names.end(),
                       [](const Pieces& a, const Pieces& b) { return a.size() > b.size(); });
    }
    out.sentences.push_back(std::move(sentence));
  }
  if (out.sentences.empty()) {
    throw Error(
        ErrorCode::kInvalidArgument,
        fmt::format("The training text {} has no sentence with a salient span that fits {} pieces.",
                    file.string(), query_length));
  }
  return out;
}

}  // namespace realm
