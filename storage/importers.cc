#include "storage/importers.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "storage/corpus_store.h"
#include "storage/import_intake.h"
#include "storage/import_rows.h"
#include "storage/paths.h"
#include "storage/workspace.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr size_t kMostBatchBytes = 32 << 20;
constexpr size_t kSniffed = 4096;

constexpr std::array kFormats = {ImportFormat::kAuto, ImportFormat::kJsonl, ImportFormat::kTsv,
                                 ImportFormat::kText, ImportFormat::kWikiExtractor};

std::string hash_file(const fs::path& file, const std::stop_token& stop,
                      const ProgressCallback& progress) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be read.", file.string()));
  Progress state{0, size_of_file(file), "reading"};
  Sha256 digest;
  std::string part(4 << 20, '\0');
  while (stream.read(part.data(), static_cast<std::streamsize>(part.size())) ||
         stream.gcount() > 0) {
    if (stop.stop_requested()) throw_import_cancelled(file);
    const auto size = static_cast<size_t>(stream.gcount());
    digest.update(std::string_view(part).substr(0, size));
    state.done += static_cast<int64_t>(size);
    if (progress) progress(state);
  }
  if (stream.bad())
    throw Error(ErrorCode::kIo, fmt::format("'{}' cannot be read to its end.", file.string()));
  return digest.hex();
}

std::string to_json(const ImportReport& report) {
  json problems = json::array();
  for (const ImportProblem& problem : report.problems)
    problems.push_back({problem.line, problem.reason});
  const json counts = {{"rows", report.rows},
                       {"documents", report.documents},
                       {"passages", report.passages},
                       {"invalid_utf8", report.skipped_invalid_utf8},
                       {"empty", report.skipped_empty},
                       {"malformed", report.skipped_malformed},
                       {"too_long", report.skipped_too_long},
                       {"cleaned", report.cleaned_rows},
                       {"ignored", report.ignored_keys},
                       {"problems", problems}};
  return counts.dump();
}

ImportReport from_json(const std::string& text) {
  ImportReport report;
  try {
    const json counts = json::parse(text);
    report.rows = counts.at("rows");
    report.documents = counts.at("documents");
    report.passages = counts.at("passages");
    report.skipped_invalid_utf8 = counts.at("invalid_utf8");
    report.skipped_empty = counts.at("empty");
    report.skipped_malformed = counts.at("malformed");
    report.skipped_too_long = counts.at("too_long");
    report.cleaned_rows = counts.at("cleaned");
    report.ignored_keys = counts.at("ignored").get<std::map<std::string, int64_t>>();
    for (const json& problem : counts.at("problems")) {
      report.problems.push_back({problem.at(0).get<int64_t>(), problem.at(1).get<std::string>()});
    }
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The record of an earlier import is damaged: {}.", error.what()));
  }
  return report;
}

// One import from its first row, or the row where it stood, to its last.
class Import {
 public:
  Import(CorpusStore& corpus, const fs::path& file, const ImportOptions& options,
         ImportReport& report)
      : corpus_(corpus),
        file_(file),
        options_(options),
        report_(report),
        intake_(file.filename().string(), options, report) {}

  void run(ImportRecord record, const std::stop_token& stop, const ProgressCallback& progress) {
    record_ = std::move(record);
    const auto reader =
        make_row_reader(file_, report_.format, record_.byte_offset, record_.line + 1);
    reader->ignored = report_.ignored_keys;
    Progress state{record_.byte_offset, size_of_file(file_), "importing"};
    ImportRow row;
    while (reader->next(row)) {
      if (stop.stop_requested()) throw_import_cancelled(file_);
      record_.byte_offset = row.end_offset;
      record_.line = row.end_line - 1;
      for (Document& passage : intake_.take(std::move(row))) {
        batch_bytes_ += passage.title.size() + passage.text.size();
        batch_.push_back(std::move(passage));
      }
      if (batch_.size() >= static_cast<size_t>(options_.batch_documents) ||
          batch_bytes_ >= kMostBatchBytes) {
        report_.ignored_keys = reader->ignored;
        commit();
        state.done = record_.byte_offset;
        if (progress) progress(state);
      }
    }
    report_.ignored_keys = reader->ignored;
    record_.finished = true;
    commit();
    state.done = state.total;
    if (progress) progress(state);
  }

 private:
  void commit() {
    record_.report_json = to_json(report_);
    corpus_.add_batch(batch_, record_);
    batch_.clear();
    batch_bytes_ = 0;
  }

  CorpusStore& corpus_;
  const fs::path& file_;
  const ImportOptions& options_;
  ImportReport& report_;
  RowIntake intake_;
  ImportRecord record_;
  std::vector<Document> batch_;
  size_t batch_bytes_ = 0;
};

}  // namespace

const char* import_format_name(ImportFormat format) {
  switch (format) {
    case ImportFormat::kAuto:
      return "auto";
    case ImportFormat::kJsonl:
      return "jsonl";
    case ImportFormat::kTsv:
      return "tsv";
    case ImportFormat::kText:
      return "text";
    case ImportFormat::kWikiExtractor:
      return "wikiextractor";
  }
  REALM_CHECK(false);
}

ImportFormat parse_import_format(std::string_view name) {
  for (const ImportFormat format : kFormats) {
    if (name == import_format_name(format)) return format;
  }
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format("'{}' is no import format; expected auto, jsonl, tsv, text or wikiextractor.",
                  name));
}

ImportFormat detect_import_format(const fs::path& file) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (!is_file(file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no file '{}' to import.", file.string()));
  }
  if (extension == ".jsonl" || extension == ".ndjson") return ImportFormat::kJsonl;
  if (extension == ".tsv") return ImportFormat::kTsv;
  std::ifstream stream(file, std::ios::binary);
  std::string head(kSniffed, '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<size_t>(stream.gcount()));
  if (head.find('\0') != std::string::npos || head.starts_with("\x1f\x8b")) {
    throw Error(ErrorCode::kUnsupported,
                fmt::format("'{}' is not a text file; expected JSON Lines, a table with tabs, "
                            "plain text or WikiExtractor's articles, unpacked.",
                            file.string()));
  }
  if (begins_like_wiki(head)) return ImportFormat::kWikiExtractor;
  if (extension == ".txt" || extension == ".text") return ImportFormat::kText;
  const size_t first = head.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && head[first] == '{') return ImportFormat::kJsonl;
  const std::string line = head.substr(0, head.find('\n'));
  return line.find('\t') != std::string::npos ? ImportFormat::kTsv : ImportFormat::kText;
}

void throw_import_cancelled(const fs::path& file) {
  throw Error(
      ErrorCode::kCancelled,
      fmt::format(
          "The import of '{}' was cancelled; what is in stays, and the import can go on later.",
          file.string()));
}

ImportPlan plan_import(const CorpusStore& corpus, const fs::path& file,
                       const ImportOptions& options, const std::stop_token& stop,
                       const ProgressCallback& progress) {
  const ImportFormat format =
      options.format == ImportFormat::kAuto ? detect_import_format(file) : options.format;
  if (!is_file(file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no file '{}' to import.", file.string()));
  }
  for (const std::string* name : {&options.source, &options.licence}) {
    if (find_invalid_utf8(*name)) {
      throw Error(ErrorCode::kInvalidArgument,
                  "The name of the source or the licence is not valid UTF-8.");
    }
  }
  ImportPlan plan;
  plan.record.file_hash = hash_file(file, stop, progress);
  plan.record.file_name = file.filename().string();
  plan.record.options =
      fmt::format("{} source={} licence={} splitter={}", import_format_name(format), options.source,
                  options.licence, options.splitter ? options.splitter_name : "");
  const std::optional<ImportRecord> earlier =
      corpus.find_import(plan.record.file_hash, plan.record.options);
  if (earlier && !(earlier->finished && options.again)) {
    plan.report = from_json(earlier->report_json);
    plan.report.resumed = !earlier->finished;
    plan.report.already_imported = earlier->finished;
    plan.record = *earlier;
  }
  plan.report.format = format;
  return plan;
}

ImportReport import_file(CorpusStore& corpus, const fs::path& file, const ImportOptions& options,
                         std::stop_token stop, const ProgressCallback& progress) {
  REALM_CHECK(options.batch_documents > 0);
  if (corpus.read_only()) {
    throw Error(ErrorCode::kIo, fmt::format("'{}' is open for reading only; nothing was imported.",
                                            corpus.file().string()));
  }
  const auto began = std::chrono::steady_clock::now();
  // Two imports at once of one file would both start at the same row.
  const WriterLock lock(corpus.file().parent_path() / ".import.lock", "import documents");
  ImportPlan plan = plan_import(corpus, file, options, stop, progress);
  ImportReport report = std::move(plan.report);
  if (!report.already_imported)
    Import(corpus, file, options, report).run(std::move(plan.record), stop, progress);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

}  // namespace realm
