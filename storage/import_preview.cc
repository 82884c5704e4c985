#include "storage/import_preview.h"

#include <chrono>
#include <utility>

#include "storage/import_intake.h"
#include "storage/import_rows.h"
#include "storage/paths.h"
#include "storage/text_cleaning.h"

namespace realm {
namespace {

constexpr size_t kMostPassagesShown = 12;
constexpr size_t kOpeningBytes = 120;
constexpr int64_t kRowsBetweenReports = 256;

ImportSample sample_of(int64_t line, const std::string& title,
                       const std::vector<Document>& passages, const ImportOptions& options) {
  ImportSample sample{
      .line = line, .title = title, .passages = static_cast<int64_t>(passages.size()), .first = {}};
  for (const Document& passage : passages) {
    if (sample.first.size() == kMostPassagesShown) break;
    sample.first.push_back({.words = count_words(passage.text),
                            .word_pieces = options.count_pieces ? options.count_pieces(passage) : 0,
                            .opening = first_words(passage.text, kOpeningBytes)});
  }
  return sample;
}

}  // namespace

int64_t ImportPreview::estimate(int64_t count) const {
  if (is_complete() || bytes_read == 0) return count;
  return static_cast<int64_t>(static_cast<double>(count) * static_cast<double>(bytes) /
                              static_cast<double>(bytes_read));
}

ImportPreview preview_import(const CorpusStore& corpus, const std::filesystem::path& file,
                             const ImportOptions& options, const PreviewOptions& wanted,
                             std::stop_token stop, const ProgressCallback& progress) {
  const auto began = std::chrono::steady_clock::now();
  const ImportPlan plan = plan_import(corpus, file, options, stop, progress);
  ImportPreview preview;
  if (plan.report.already_imported) {
    preview.report = plan.report;
    return preview;
  }
  ImportReport& report = preview.report;
  report.format = plan.report.format;
  report.resumed = plan.report.resumed;
  const int64_t begin = plan.record.byte_offset;
  preview.bytes = size_of_file(file) - begin;
  const auto reader = make_row_reader(file, report.format, begin, plan.record.line + 1);
  RowIntake intake(file.filename().string(), options, report);
  Progress state{0, preview.bytes, "previewing"};
  if (wanted.most_bytes > 0) state.total = std::min(state.total, wanted.most_bytes);
  bool ended = false;
  ImportRow row;
  while (wanted.most_bytes == 0 || preview.bytes_read < wanted.most_bytes) {
    if (stop.stop_requested()) throw_import_cancelled(file);
    if (!reader->next(row)) {
      ended = true;
      break;
    }
    preview.bytes_read = row.end_offset - begin;
    const int64_t line = row.line;
    std::string title = row.document.title;
    clean_line(title);  // as the intake does
    const std::vector<Document> passages = intake.take(std::move(row));
    if (!passages.empty() && preview.samples.size() < wanted.samples)
      preview.samples.push_back(sample_of(line, title, passages, options));
    state.done = preview.bytes_read;
    if (progress && report.rows % kRowsBetweenReports == 0) progress(state);
  }
  if (ended) preview.bytes_read = preview.bytes;
  report.ignored_keys = reader->ignored;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return preview;
}

}  // namespace realm
