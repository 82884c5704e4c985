#include "storage/packages/source_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "storage/corpus_store.h"
#include "storage/database.h"
#include "storage/text_cleaning.h"
#include "storage/workspace.h"

namespace realm {
namespace {

using nlohmann::json;

constexpr size_t kBatchPassages = 4096;
constexpr int64_t kEntriesBetweenTellings = 512;
// Raised when the rules that make passages change: then an import that stopped half-way under the
// old ones cannot go on.
constexpr int kRules = 1;

std::string import_name(const EnglishSourceReport& report) { return report.package; }

void read_counts(const ImportRecord& record, EnglishSourceReport& report) {
  try {
    const json counts = json::parse(record.report_json);
    report.passages = counts.at("passages").get<int64_t>();
    report.skipped = counts.at("skipped").get<std::map<std::string, int64_t>>();
  } catch (const json::exception& error) {
    throw Error(ErrorCode::kCorruptData,
                fmt::format("The record of the earlier import of {} is damaged: {}.", report.source,
                            error.what()));
  }
}

struct Earlier {
  bool finished = false, unfinished = false;  // imports of this package in other states
};

Earlier look_for_earlier(const CorpusStore& corpus, const std::string& name) {
  Earlier earlier;
  Query query = corpus.database().query(
      "SELECT finished FROM imports WHERE file_name = ?1 AND options LIKE 'english-corpora %'");
  query.bind(name);
  while (query.step()) (query.int64(0) != 0 ? earlier.finished : earlier.unfinished) = true;
  return earlier;
}

int64_t documents_of(const CorpusStore& corpus, const EnglishSourceReport& report) {
  int64_t documents = 0;
  for (const SourceCount& count : corpus.sources()) {
    if (count.source == report.source && count.licence == report.licence)
      documents += count.documents;
  }
  return documents;
}

void delete_documents_of(CorpusStore& corpus, const EnglishSourceReport& report,
                         const ImportControl& control) {
  constexpr int kPage = 4096;
  std::vector<DocumentEdit> removals;
  DocumentId after = 0;
  for (std::vector<Document> page = corpus.read_after(after, kPage); !page.empty();
       page = corpus.read_after(after, kPage)) {
    if (control.stop.stop_requested()) {
      throw Error(ErrorCode::kCancelled,
                  fmt::format("Adding {} was cancelled; nothing was changed.", report.source));
    }
    for (const Document& document : page) {
      if (document.source == report.source && document.licence == report.licence)
        removals.push_back({document.id, true, {}, {}, {}});
    }
    after = page.back().id;
  }
  if (!removals.empty()) corpus.apply(removals);
}

class SourceImport {
 public:
  SourceImport(CorpusStore& corpus, const EntrySource& entries,
               const EnglishCorporaOptions& options, EnglishSourceReport& report)
      : corpus_(corpus), entries_(entries), options_(options), report_(report) {}

  void run(ImportRecord record, const ImportControl& control) {
    record_ = std::move(record);
    Progress state{record_.line, entries_.size(), fmt::format("adding {}", report_.source)};
    for (int64_t entry = record_.line; entry < entries_.size(); ++entry) {
      if (control.stop.stop_requested()) {
        commit();  // what is made stays
        throw Error(ErrorCode::kCancelled,
                    fmt::format("Adding {} was cancelled after {} of {} entries; the next run goes "
                                "on there.",
                                report_.source, record_.line, entries_.size()));
      }
      take(entries_.make(entry));
      record_.line = record_.byte_offset = entry + 1;
      if (batch_.size() >= kBatchPassages) commit();
      state.done = entry + 1;
      if (control.progress && state.done % kEntriesBetweenTellings == 0) control.progress(state);
    }
    record_.finished = true;
    commit();
    state.done = state.total;
    if (control.progress) control.progress(state);
  }

 private:
  void take(MadeEntry made) {
    if (made.skipped != nullptr) {
      ++report_.skipped[made.skipped];
      return;
    }
    for (Document& passage : made.passages) {
      if (!options_.splitter) {
        add(std::move(passage));
      } else {
        for (Document& part : options_.splitter(std::move(passage))) add(std::move(part));
      }
    }
  }

  void add(Document passage) {
    clean_text(passage.text);
    clean_line(passage.title);
    if (passage.text.empty()) return;
    passage.source = report_.source;
    passage.licence = report_.licence;
    ++report_.passages;
    batch_.push_back(std::move(passage));
  }

  void commit() {
    record_.report_json =
        json({{"passages", report_.passages}, {"skipped", report_.skipped}}).dump();
    corpus_.add_batch(batch_, record_);
    batch_.clear();
  }

  CorpusStore& corpus_;
  const EntrySource& entries_;
  const EnglishCorporaOptions& options_;
  EnglishSourceReport& report_;
  ImportRecord record_;
  std::vector<Document> batch_;
};

}  // namespace

void import_source(CorpusStore& corpus, const OpenedSource& opened,
                   const EnglishCorporaOptions& options, EnglishSourceReport& report,
                   const ImportControl& control) {
  // Two imports at once would both begin at the same entry (storage/importers.cc takes it too).
  const WriterLock lock(corpus.file().parent_path() / ".import.lock", "import documents");
  report.entries = opened.entries->size();
  ImportRecord record;
  record.file_hash = opened.hash;
  record.file_name = import_name(report);
  record.options = fmt::format("english-corpora rules={} splitter={}", kRules,
                               options.splitter ? options.splitter_name : "");
  if (std::optional<ImportRecord> earlier = corpus.find_import(record.file_hash, record.options)) {
    read_counts(*earlier, report);
    report.already_there = earlier->finished;
    report.resumed = !earlier->finished;
    record = std::move(*earlier);
  } else if (const int64_t documents = documents_of(corpus, report); documents > 0) {
    const Earlier others = look_for_earlier(corpus, record.file_name);
    if (others.finished || !others.unfinished) {
      report.already_there = true;
      report.passages = documents;
      report.note = fmt::format(
          "{} passages of {} are there from another version of the package or of this program, and "
          "stay as they are.",
          documents, report.source);
      return;
    }
    delete_documents_of(corpus, report, control);
    report.note = fmt::format(
        "{} passages of {} from an import that had stopped half-way, of another version, were "
        "replaced.",
        documents, report.source);
  }
  if (!report.already_there)
    SourceImport(corpus, *opened.entries, options, report).run(std::move(record), control);
}

}  // namespace realm
