#include "engine/evaluation/span_evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/text/marked_spans.h"

namespace realm {
namespace {

using nlohmann::json;

[[noreturn]] void reject(const std::filesystem::path& file, int64_t line, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, fmt::format("{}, line {}: {}", file.string(), line, what));
}

MarkedText parse_marks(const std::filesystem::path& file, int64_t line, const std::string& text) {
  try {
    return parse_marked_spans(text);
  } catch (const Error& error) {
    reject(file, line, error.what());
  }
}

LabelledText parse_row(const std::filesystem::path& file, int64_t line, const json& row) {
  if (!row.is_object() || !row.contains("text") || !row["text"].is_string())
    reject(file, line, "expected a JSON object with a \"text\", found something else.");
  const MarkedText marked = parse_marks(file, line, row["text"].get<std::string>());
  LabelledText labelled{marked.text, {}, row.contains("kinds")};
  for (const ByteSpan& bytes : marked.spans)
    labelled.spans.push_back({bytes, SalientSpanKind::kName});
  if (!labelled.has_kinds) return labelled;
  const json& kinds = row["kinds"];
  if (!kinds.is_array() || kinds.size() != labelled.spans.size()) {
    reject(file, line,
           fmt::format("expected \"kinds\" as a list of {}, one a span, found {}.",
                       labelled.spans.size(), kinds.dump()));
  }
  for (size_t i = 0; i < kinds.size(); ++i) {
    const std::string name = kinds[i].is_string() ? kinds[i].get<std::string>() : kinds[i].dump();
    const std::optional<SalientSpanKind> kind = parse_kind(name);
    if (!kind)
      reject(file, line, fmt::format("expected name, date or number as a kind, found {}.", name));
    labelled.spans[i].kind = *kind;
  }
  return labelled;
}

double share(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole)
                   : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double SpanCounts::precision() const noexcept { return share(right, found); }
double SpanCounts::recall() const noexcept { return share(right, marked); }
double SpanCounts::f1() const noexcept { return share(2 * right, marked + found); }

std::vector<LabelledText> read_labelled_texts(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format("The file of marked texts {} is not there or cannot be read.", file.string()));
  }
  std::vector<LabelledText> texts;
  std::string line;
  for (int64_t number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    texts.push_back(
        parse_row(file, number, json::parse(line, /*cb=*/nullptr, /*allow_exceptions=*/false)));
  }
  if (texts.empty()) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The file of marked texts {} holds no text.", file.string()));
  }
  return texts;
}

void count_spans(const LabelledText& labelled, std::span<const SalientSpan> found,
                 SpanScores& scores) {
  scores.bounds.marked += static_cast<int64_t>(labelled.spans.size());
  scores.bounds.found += static_cast<int64_t>(found.size());
  for (const SalientSpan& span : found) {
    const auto same_bounds = [&](const SalientSpan& marked) { return marked.bytes == span.bytes; };
    if (std::any_of(labelled.spans.begin(), labelled.spans.end(), same_bounds))
      ++scores.bounds.right;
  }
  if (!labelled.has_kinds) return;
  for (const SalientSpan& span : labelled.spans)
    ++scores.kinds[static_cast<size_t>(span.kind)].marked;
  for (const SalientSpan& span : found) {
    SpanCounts& counts = scores.kinds[static_cast<size_t>(span.kind)];
    ++counts.found;
    if (std::find(labelled.spans.begin(), labelled.spans.end(), span) != labelled.spans.end())
      ++counts.right;
  }
}

SpanScores evaluate_tagger(const SalientSpanTagger& tagger, std::span<const LabelledText> texts) {
  std::vector<std::string_view> views;
  for (const LabelledText& labelled : texts) views.push_back(labelled.text);
  const std::vector<std::vector<SalientSpan>> found = tagger.tag_all(views);
  SpanScores scores;
  for (size_t i = 0; i < texts.size(); ++i) count_spans(texts[i], found[i], scores);
  return scores;
}

}  // namespace realm
