#include "app/services/live_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/error.h"
#include "engine/index/embedding_file.h"
#include "engine/index/faiss_index.h"

namespace realm {
namespace {

constexpr const char* kEmbeddings = "embeddings.bin";
constexpr const char* kFaissStructure = "index.faiss";
constexpr const char* kOverlay = "overlay.json";
constexpr const char* kLeft = "left.json";
constexpr int kOverlayVersion = 1;
constexpr int kKeptOfOtherModels = 2;
constexpr int kPage = 512;  // documents embedded between two looks at the progress

void require_running(const std::stop_token& stop) {
  if (stop.stop_requested())
    throw Error(ErrorCode::kCancelled, "The work on the index was stopped.");
}

// The corpus that an index was of when it was left whole; empty: it was not.
std::string left_corpus(const std::filesystem::path& folder) {
  std::ifstream stream(folder / kLeft, std::ios::binary);
  if (!stream) return {};
  const auto json = nlohmann::json::parse(stream, /*cb=*/nullptr, /*allow_exceptions=*/false);
  const auto found = json.is_object() ? json.find("corpus_fingerprint") : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<DocumentId> all_dirty(const CorpusStore& corpus) {
  std::vector<DocumentId> ids;
  DocumentId after = 0;
  while (true) {
    const std::vector<DirtyDocument> page = corpus.dirty_documents(after);
    if (page.empty()) return ids;
    for (const DirtyDocument& document : page) ids.push_back(document.id);
    after = page.back().id;
  }
}

}  // namespace

LiveIndex::LiveIndex(Workspace& workspace, CorpusStore& corpus)
    : workspace_(workspace), corpus_(corpus), catalog_(corpus, workspace.folder()) {}

void LiveIndex::refresh() {
  workspace_.reload();
  const int64_t generation = workspace_.active().index_generation;
  if (generation != looked_for_) {
    load(generation);
    return;
  }
  if (!exists()) return;
  const Overlay overlay = read_overlay();
  if (overlay.sequence != sequence_) load_overlay(overlay);
}

void LiveIndex::load(int64_t generation) {
  looked_for_ = generation;
  base_.reset();
  overlay_.reset();
  problem_.clear();
  record_ = IndexRecord{};
  sequence_ = 0;
  if (generation == 0) return;
  try {
    const std::optional<IndexRecord> record = catalog_.find(generation);
    if (!record) {
      throw Error(
          ErrorCode::kNotFound,
          fmt::format(
              "The workspace names index generation {}, but its catalogue does not hold it.",
              generation));
    }
    record_ = *record;
    VectorTable vectors = read_embedding_file(folder() / kEmbeddings, /*verify=*/false);
    if (vectors.size() != record_.vectors || vectors.dimension() != record_.dimension) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Index generation {} should hold {} vectors of {} values, but its "
                              "file holds {} of {}.",
                              generation, record_.vectors, record_.dimension, vectors.size(),
                              vectors.dimension()));
    }
    base_ = record_.type == kExactIndexType
                ? make_index(record_.type, std::move(vectors), generation)
                : load_faiss_index(record_.type, std::move(vectors), generation,
                                   folder() / kFaissStructure);
    load_overlay(read_overlay());
  } catch (const Error& error) {
    base_.reset();
    overlay_.reset();
    problem_ = error.what();
  }
}

LiveIndex::Overlay LiveIndex::read_overlay() const {
  const std::filesystem::path file = folder() / kOverlay;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return {};
  const auto json = nlohmann::json::parse(stream, /*cb=*/nullptr, /*allow_exceptions=*/false);
  try {
    if (const int version = json.at("format_version").get<int>(); version > kOverlayVersion) {
      throw Error(ErrorCode::kUnsupported,
                  fmt::format("{} has format version {}, but this program reads up to {}.",
                              file.string(), version, kOverlayVersion));
    }
    Overlay overlay;
    overlay.sequence = json.at("sequence").get<int64_t>();
    if (!json.at("vectors").is_null()) overlay.vectors = json.at("vectors").get<std::string>();
    overlay.deleted = json.at("deleted").get<std::vector<DocumentId>>();
    return overlay;
  } catch (const nlohmann::json::exception&) {
    throw Error(
        ErrorCode::kCorruptData,
        fmt::format("{} is not the list of edited vectors that it should be.", file.string()));
  }
}

void LiveIndex::load_overlay(const Overlay& overlay) {
  auto fresh = std::make_shared<OverlayIndex>(base_);
  rows_.clear();
  deleted_.clear();
  if (!overlay.vectors.empty()) {
    const VectorTable table = read_embedding_file(folder() / overlay.vectors, /*verify=*/true);
    for (int64_t row = 0; row < table.size(); ++row) {
      const std::span<const float> vector = table.row(row);
      const DocumentId id = table.ids()[static_cast<size_t>(row)];
      fresh->put(id, vector);
      rows_.emplace(id, std::vector<float>(vector.begin(), vector.end()));
    }
  }
  for (const DocumentId id : overlay.deleted) {
    fresh->erase(id);
    deleted_.insert(id);
  }
  overlay_ = std::move(fresh);
  sequence_ = overlay.sequence;
  followed_revision_ = -1;
}

void LiveIndex::lay_over(DocumentId id, std::vector<float> vector) {
  overlay_->put(id, vector);
  deleted_.erase(id);
  rows_[id] = std::move(vector);
}

void LiveIndex::hide(DocumentId id) {
  overlay_->erase(id);
  rows_.erase(id);
  if (base_->contains(id)) deleted_.insert(id);
}

void LiveIndex::save_overlay() {
  Overlay next;
  next.sequence = sequence_ + 1;
  if (!rows_.empty()) {
    next.vectors = fmt::format("overlay-{}.bin", next.sequence);
    Rows rows;
    for (const auto& [id, vector] : rows_) {
      rows.ids.push_back(id);
      rows.vectors.insert(rows.vectors.end(), vector.begin(), vector.end());
    }
    write_embedding_file(
        folder() / next.vectors,
        VectorTable::from_memory(std::move(rows.ids), std::move(rows.vectors), record_.dimension));
  }
  const nlohmann::ordered_json json = {
      {"format_version", kOverlayVersion},
      {"sequence", next.sequence},
      {"vectors", next.vectors.empty() ? nlohmann::ordered_json(nullptr)
                                       : nlohmann::ordered_json(next.vectors)},
      {"deleted", deleted_}};
  write_file_atomically(folder() / kOverlay, json.dump() + "\n");
  std::error_code ignored;  // what is left over does no harm, and goes with the generation
  std::filesystem::remove(folder() / fmt::format("overlay-{}.bin", sequence_), ignored);
  sequence_ = next.sequence;
}

bool LiveIndex::belongs_to(const RealmEngine& engine) const {
  return exists() && record_.model_fingerprint == engine.card().embedder_fingerprint;
}

void LiveIndex::follow(RealmEngine& engine, std::stop_token stop) {
  if (!belongs_to(engine)) return;
  const int64_t revision = corpus_.revision();
  if (followed_revision_ == revision) return;
  if (corpus_.dirty_to_embed(kMaxFollowed + 1) > kMaxFollowed) return;
  const std::vector<DirtyDocument> dirty =
      corpus_.dirty_documents(0, kMaxFollowed + kMaxHidden + 1);
  if (dirty.empty() || dirty.size() > kMaxFollowed + kMaxHidden) return;

  std::vector<Document> documents;
  std::vector<DocumentId> gone, touched;
  for (const DirtyDocument& entry : dirty) {
    touched.push_back(entry.id);
    std::optional<Document> document = entry.deleted ? std::nullopt : corpus_.find(entry.id);
    if (document) {
      documents.push_back(std::move(*document));
    } else {
      gone.push_back(entry.id);
    }
  }
  std::vector<float> vectors;
  if (!documents.empty()) vectors = engine.embed_documents(documents, stop);
  const auto width = static_cast<std::ptrdiff_t>(record_.dimension);
  const auto apply = [&](const std::unordered_set<DocumentId>& wanted) {
    for (size_t i = 0; i < documents.size(); ++i) {
      const auto row = vectors.begin() + static_cast<std::ptrdiff_t>(i) * width;
      if (wanted.count(documents[i].id) > 0) lay_over(documents[i].id, {row, row + width});
    }
    for (const DocumentId id : gone) {
      if (wanted.count(id) > 0) hide(id);
    }
  };

  try {
    if (workspace_.read_only())
      throw Error(ErrorCode::kBusy, "The workspace is open for reading only.");
    const WriterLock lock = workspace_.lock("embed edited documents");
    refresh();  // under the lock: another process may have followed or published since
    if (belongs_to(engine)) {
      // What another process followed meanwhile is clean, and its vector may be newer than ours.
      const std::vector<DocumentId> still_dirty = corpus_.dirty_among(touched);
      apply({still_dirty.begin(), still_dirty.end()});
      save_overlay();
      corpus_.mark_clean(still_dirty, revision);
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBusy) throw;
    apply({touched.begin(), touched.end()});
  }
  followed_revision_ = revision;
}

// Only an index with every document in it, as it stands, can be come back to.
void LiveIndex::note_leaving() const {
  if (!exists()) return;
  if (corpus_.dirty_count() > 0) {
    std::error_code ignored;
    std::filesystem::remove(folder() / kLeft, ignored);
    return;
  }
  const nlohmann::json json = {{"corpus_fingerprint", corpus_.fingerprint()}};
  write_file_atomically(folder() / kLeft, json.dump() + "\n");
}

bool LiveIndex::come_back_to(const std::string& embedder_fingerprint) {
  refresh();
  if (exists() && record_.model_fingerprint == embedder_fingerprint) return false;
  if (workspace_.read_only()) return false;
  const WriterLock lock = workspace_.lock("change the index");
  refresh();
  const int64_t revision = corpus_.revision();
  const std::string corpus = corpus_.fingerprint();
  for (const IndexRecord& record : catalog_.list()) {
    if (record.model_fingerprint != embedder_fingerprint ||
        left_corpus(workspace_.index_folder(record.generation)) != corpus)
      continue;
    note_leaving();
    workspace_.set_active_index(record.generation);
    corpus_.mark_all_clean(revision);
    refresh();
    return exists();
  }
  return false;
}

LiveIndex::Rows LiveIndex::collect(bool reuse, RealmEngine& engine, const std::stop_token& stop,
                                   const ProgressCallback& progress) const {
  std::unordered_set<DocumentId> dirty;
  if (reuse) {
    const std::vector<DocumentId> ids = all_dirty(corpus_);
    dirty.insert(ids.begin(), ids.end());
  }
  Rows rows;
  const int64_t total = corpus_.size();
  DocumentId after = 0;
  while (true) {
    require_running(stop);
    const std::vector<Document> page = corpus_.read_after(after, kPage);
    if (page.empty()) return rows;
    after = page.back().id;
    std::vector<Document> missing;
    std::vector<DocumentId> known;
    for (const Document& document : page) {
      if (reuse && dirty.count(document.id) == 0 && overlay_->contains(document.id)) {
        known.push_back(document.id);
      } else {
        missing.push_back(document);
      }
    }
    // The table sorts by id, so the two kinds need not be merged in order.
    const std::vector<float> known_vectors =
        known.empty() ? std::vector<float>{} : overlay_->vectors(known);
    rows.ids.insert(rows.ids.end(), known.begin(), known.end());
    rows.vectors.insert(rows.vectors.end(), known_vectors.begin(), known_vectors.end());
    if (!missing.empty()) {
      const std::vector<float> embedded = engine.embed_documents(missing, stop);
      for (const Document& document : missing) rows.ids.push_back(document.id);
      rows.vectors.insert(rows.vectors.end(), embedded.begin(), embedded.end());
    }
    if (progress) {
      progress({.done = static_cast<int64_t>(rows.ids.size()),
                .total = total,
                .stage = "embedding documents"});
    }
  }
}

void LiveIndex::build(const std::string& type, bool rebuild, RealmEngine& engine,
                      std::stop_token stop, const ProgressCallback& progress) {
  const WriterLock lock = workspace_.lock("build the index");
  refresh();
  const bool reuse = !rebuild && belongs_to(engine);
  const std::string wanted = !type.empty() ? type
                             : exists()    ? record_.type
                                           : std::string(kExactIndexType);
  if (reuse && wanted == record_.type && rows_.empty() && deleted_.empty() &&
      corpus_.dirty_count() == 0 && base_->size() == corpus_.size()) {
    return;
  }
  const auto started = std::chrono::steady_clock::now();
  if (!belongs_to(engine)) note_leaving();
  IndexRecord record;
  record.corpus_revision =
      corpus_.revision();  // before the texts are read, so that later edits stay dirty
  record.corpus_fingerprint = corpus_.fingerprint();
  record.model_fingerprint = engine.card().embedder_fingerprint;
  record.dimension = engine.card().dimension;
  Rows rows = collect(reuse, engine, stop, progress);
  if (progress) progress({.done = 0, .total = 0, .stage = "writing the index"});
  record.generation = catalog_.next_generation();
  record.vectors = static_cast<int64_t>(rows.ids.size());
  record.build_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  publish(wanted, std::move(rows), std::move(record));
}

void LiveIndex::publish(const std::string& type, Rows rows, IndexRecord record) {
  const std::filesystem::path target = workspace_.index_folder(record.generation);
  std::error_code failure;
  std::filesystem::create_directories(target, failure);
  if (failure) {
    throw Error(ErrorCode::kIo, fmt::format("The folder {} cannot be made: {}.", target.string(),
                                            failure.message()));
  }
  write_embedding_file(
      target / kEmbeddings,
      VectorTable::from_memory(std::move(rows.ids), std::move(rows.vectors), record.dimension));
  record.path = fmt::format("indexes/{}", record.generation);
  record.type = kExactIndexType;
  std::optional<Error> refused;
  if (type != kExactIndexType) {
    try {
      const auto index = make_index(
          type, read_embedding_file(target / kEmbeddings, /*verify=*/false), record.generation);
      save_faiss_index(*index, target / kFaissStructure);
      record.type = type;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kInvalidArgument) throw;
      refused = error;
    }
  }
  sync_folder(target);
  catalog_.publish(record);
  workspace_.set_active_index(record.generation);
  corpus_.mark_all_clean(record.corpus_revision);
  refresh();
  int kept = 0;
  for (const IndexRecord& other : catalog_.list()) {  // newest first
    if (other.generation >= record.generation) continue;
    const bool comes_back =
        other.model_fingerprint != record.model_fingerprint &&
        left_corpus(workspace_.index_folder(other.generation)) == record.corpus_fingerprint;
    if (comes_back && ++kept <= kKeptOfOtherModels) continue;
    // Processes that have it open keep their mapping, and take the new one at their next question.
    catalog_.remove(other.generation);
  }
  if (refused) {
    throw Error(refused->code(),
                fmt::format("{} The vectors were kept as an exact index, generation {}.",
                            refused->what(), record.generation));
  }
}

}  // namespace realm
