// LiveIndex: the published index of a workspace, with what was edited since laid over it (DESIGN.md
// section 4, UI.md b-2).
//
//   indexes/<generation>/embeddings.bin   vectors of all documents (engine/index/embedding_file.h)
//                        index.faiss      the FAISS structure, unless the type is "exact"
//                        overlay.json     {"format_version": 1, "sequence", "vectors": file name or
//                        null, "deleted": [ids]} overlay-<n>.bin  vectors of the documents edited
//                        or added since
//                        left.json       {"corpus_fingerprint"}: while another model's index is
//                        published, the corpus that this one is of
//
// overlay.json is replaced in one step after the file that it names, and only then the documents
// are marked clean: after a kill at any point a document is either dirty or its vector is on disk.
// Other processes may publish and follow at the same time; refresh() sees what they did.
//
// Thread rule: one owner thread, that of the corpus and the workspace, which must outlive it. Calls
// block on disk.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/index/mips_index.h"
#include "engine/realm_engine.h"
#include "engine/retrieval/overlay_index.h"
#include "storage/corpus_store.h"
#include "storage/index_catalog.h"
#include "storage/workspace.h"

namespace realm {

class LiveIndex {
 public:
  // At most so many dirty documents are embedded without being asked to; more are for build().
  static constexpr int kMaxFollowed = 256;
  // At most so many deleted ones are hidden, as every question has to look past them.
  static constexpr int kMaxHidden = 4096;

  // Loads nothing yet.
  LiveIndex(Workspace& workspace, CorpusStore& corpus);

  // Loads what is published, again where another process published or followed since. Cheap when
  // nothing changed.
  void refresh();

  bool exists() const { return overlay_ != nullptr; }
  // Why the published index cannot be used ("... is gone"); empty: it can, or none was ever
  // published.
  const std::string& problem() const { return problem_; }
  const IndexRecord& record() const { return record_; }                    // only where it exists
  const std::shared_ptr<OverlayIndex>& index() const { return overlay_; }  // nullptr: there is none

  // Embeds the dirty documents, lays them over, writes that down and marks them clean. Does nothing
  // where there is no index, it belongs to another model, or more than kMaxFollowed are to be
  // embedded or kMaxHidden were deleted. On a
  // read-only workspace, or while another process holds the writer lock, the vectors are laid over
  // in memory and the documents stay dirty.
  void follow(RealmEngine& engine, std::stop_token stop);

  // Makes the index that this embedder made the published one again: it was left for another
  // model's, which keeps two such, and the corpus is as it was then. Else nothing changes, and
  // false. Throws Error{kBusy} while another process builds, Error{kIo}.
  bool come_back_to(const std::string& embedder_fingerprint);

  // Embeds what is missing or dirty (all of it with `rebuild`, or where the model is another), and
  // publishes a new generation. Returns at once where nothing would change. An empty type keeps the
  // one there is ("exact" at first). Throws Error{kCancelled}, Error{kBusy} while another process
  // builds, Error{kInvalidArgument} for a type that FAISS refuses (the vectors are published as an
  // exact index then, so that they are not lost), Error{kIo}.
  void build(const std::string& type, bool rebuild, RealmEngine& engine, std::stop_token stop,
             const ProgressCallback& progress);

 private:
  struct Overlay {  // what overlay.json says
    int64_t sequence = 0;
    std::string vectors;
    std::vector<DocumentId> deleted;
  };
  struct Rows {
    std::vector<DocumentId> ids;
    std::vector<float> vectors;
  };

  void load(int64_t generation);
  void load_overlay(const Overlay& overlay);
  Overlay read_overlay() const;
  void save_overlay();
  void lay_over(DocumentId id, std::vector<float> vector);
  void hide(DocumentId id);
  bool belongs_to(const RealmEngine& engine) const;
  void note_leaving() const;
  Rows collect(bool reuse, RealmEngine& engine, const std::stop_token& stop,
               const ProgressCallback& progress) const;
  void publish(const std::string& type, Rows rows, IndexRecord record);
  std::filesystem::path folder() const { return workspace_.index_folder(record_.generation); }

  Workspace& workspace_;
  CorpusStore& corpus_;
  IndexCatalog catalog_;
  int64_t looked_for_ = 0;  // the generation that refresh() tried last
  IndexRecord record_;
  std::string problem_;
  std::shared_ptr<const MipsIndex> base_;
  std::shared_ptr<OverlayIndex> overlay_;
  int64_t sequence_ = 0;  // of the overlay.json that was read or written last
  std::map<DocumentId, std::vector<float>> rows_;  // laid over
  std::set<DocumentId> deleted_;                   // hidden
  int64_t followed_revision_ = -1;  // corpus revision whose dirty documents are laid over in memory
};

}  // namespace realm
