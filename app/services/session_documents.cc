// What WorkspaceSession does with texts: sentences as the model reads them, files in and out.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "app/services/document_splitter.h"
#include "app/services/workspace_session.h"
#include "engine/base/error.h"
#include "engine/text/marked_spans.h"
#include "engine/text/masked_text.h"
#include "engine/text/salient_span_tagger.h"
#include "storage/exporters.h"
#include "storage/import_preview.h"
#include "storage/importers.h"

namespace realm {
namespace {

constexpr int kSpecialPieces = 2;  // [CLS] and [SEP] around a sentence

// The brackets of hidden words taken away; text whose brackets do not match stays as it is.
MarkedText without_brackets(const std::string& text) {
  try {
    return parse_marked_spans(text);
  } catch (const Error&) {
    return {.text = text, .spans = {}};
  }
}

void read_pieces(const std::string& text, const MarkedText& marked,
                 const WordPieceTokenizer& tokenizer, const SequenceLengths& lengths,
                 SentenceReading& reading) {
  const auto piece_text = [&](int32_t id) { return std::string(tokenizer.vocabulary().piece(id)); };
  try {
    const MaskedText masked = parse_masked_text(text, std::nullopt, tokenizer, lengths);
    for (size_t i = 0; i < masked.ids.size(); ++i) {
      const bool hidden =
          std::binary_search(masked.masks.begin(), masked.masks.end(), static_cast<int>(i));
      reading.pieces.push_back({.text = piece_text(masked.ids[i]),
                                .id = masked.ids[i],
                                .begin = masked.bytes[i].begin,
                                .end = masked.bytes[i].end,
                                .hidden = hidden});
    }
    reading.truncated = masked.truncated;
    return;
  } catch (const Error&) {
    // It cannot be asked as it stands, but its pieces can be shown.
  }
  for (const Token& token : tokenizer.tokenize(marked.text)) {
    const ByteSpan bytes = marked.original({token.begin, token.end});
    reading.pieces.push_back({.text = piece_text(token.id),
                              .id = token.id,
                              .begin = bytes.begin,
                              .end = bytes.end,
                              .hidden = false});
  }
  reading.truncated = static_cast<int>(reading.pieces.size()) > reading.limit;
}

std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// The first words of a text as a quoted phrase for the search box.
std::string opening_phrase(std::string_view text) {
  constexpr int kWords = 8;
  std::string phrase;
  int words = 1;
  for (const char c : normalised(text)) {
    if (c == ' ' && ++words > kWords) break;
    phrase += c == '"' ? ' ' : c;
  }
  return "\"" + phrase + "\"";
}

ImportSummary summary_of(const ImportReport& report) {
  ImportSummary summary{.documents = report.documents,
                        .passages = report.passages,
                        .skipped = report.skipped(),
                        .why_skipped = {},
                        .already_imported = report.already_imported};
  const auto count = [&](int64_t rows, const char* why) {
    if (rows == 0) return;
    summary.why_skipped +=
        fmt::format("{}{} {}", summary.why_skipped.empty() ? "" : ", ", rows, why);
  };
  count(report.skipped_invalid_utf8, "with invalid UTF-8");
  count(report.skipped_empty, "without text");
  count(report.skipped_malformed, "malformed");
  count(report.skipped_too_long, "too long");
  return summary;
}

}  // namespace

SentenceReading WorkspaceSession::read_sentence(const std::string& text) {
  const RealmEngine& models = engine();
  SentenceReading reading;
  reading.limit = models.card().lengths.query - kSpecialPieces;
  const MarkedText marked = without_brackets(text);
  read_pieces(text, marked, models.tokenizer(), models.card().lengths, reading);
  for (const SalientSpan& span : RuleTagger().tag(marked.text)) {
    const ByteSpan bytes = marked.original(span.bytes);
    if (bytes.begin > 0 && text.compare(bytes.begin - 1, 6, "[MASK]") == 0) continue;
    reading.salient.emplace_back(bytes.begin, bytes.end);
  }
  return reading;
}

std::optional<DocumentId> WorkspaceSession::duplicate_of(DocumentId id, const std::string& text) {
  const std::string wanted = normalised(text);
  if (wanted.empty()) return std::nullopt;
  constexpr int kLookedAt = 50;
  DocumentQuery query;
  query.search = opening_phrase(text);
  query.order = DocumentOrder::kByRelevance;
  query.limit = kLookedAt;
  for (const DocumentRow& row : corpus_->documents(query).rows) {
    if (row.id == id) continue;
    const std::optional<Document> document = corpus_->find(row.id);
    if (document && normalised(document->text) == wanted) return row.id;
  }
  return std::nullopt;
}

ImportOptions WorkspaceSession::import_options() {
  ImportOptions options;
  if (workspace_.active().model.empty()) return options;
  const auto tokenizer = std::make_shared<const WordPieceTokenizer>(engine().tokenizer());
  options.splitter = make_splitter(tokenizer, kPassageWordpieces);
  options.splitter_name = splitter_name(kPassageWordpieces);
  options.count_pieces = make_piece_counter(tokenizer);
  return options;
}

ImportSummary WorkspaceSession::import_documents(const std::filesystem::path& file,
                                                 std::stop_token stop,
                                                 const ProgressCallback& progress) {
  const ImportReport report =
      import_file(*corpus_, file, import_options(), std::move(stop), progress);
  live_.refresh();
  return summary_of(report);
}

ImportForecast WorkspaceSession::forecast_import(const std::filesystem::path& file,
                                                 int64_t most_bytes, std::stop_token stop,
                                                 const ProgressCallback& progress) {
  const ImportOptions options = import_options();
  ImportPreview preview = preview_import(*corpus_, file, options, {.most_bytes = most_bytes},
                                         std::move(stop), progress);
  ImportForecast forecast{.summary = summary_of(preview.report),
                          .format = import_format_name(preview.report.format),
                          .resumes = preview.report.resumed,
                          .is_estimate = !preview.is_complete(),
                          .estimated_documents = preview.estimate(preview.report.documents),
                          .estimated_passages = preview.estimate(preview.report.passages),
                          .splits = options.splitter != nullptr,
                          .problems = std::move(preview.report.problems),
                          .samples = std::move(preview.samples)};
  return forecast;
}

int64_t WorkspaceSession::export_documents(const std::filesystem::path& file, std::stop_token stop,
                                           const ProgressCallback& progress) {
  const ExportFormat format =
      file.extension() == ".tsv" ? ExportFormat::kTsv : ExportFormat::kJsonl;
  return export_corpus(*corpus_, file, format, std::move(stop), progress);
}

}  // namespace realm
