#include "app/services/workspace_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/services/model_import.h"
#include "engine/base/error.h"
#include "engine/index/faiss_index.h"

namespace realm {

namespace {

std::string lacks_of(const ModelFolder& folder) {
  const bool embeds = folder.has(ModelPart::kEmbedder), reads = folder.has(ModelPart::kEncoder);
  if (embeds && reads) return {};
  return embeds ? "an encoder" : reads ? "an embedder" : "an embedder and an encoder";
}

}  // namespace

std::unique_ptr<Session> Session::open(const SessionOptions& options) {
  return std::make_unique<WorkspaceSession>(options);
}

void Session::create(const std::filesystem::path& folder) { Workspace::create(folder); }

WorkspaceSession::WorkspaceSession(const SessionOptions& options)
    : options_(options),
      workspace_(Workspace::open(options.workspace, options.read_only)),
      corpus_(CorpusStore::open(workspace_.corpus_database(), workspace_.read_only()
                                                                  ? OpenMode::kReadOnly
                                                                  : OpenMode::kReadWrite)),
      live_(workspace_, *corpus_) {
  live_.refresh();
  if (options_.load_models && !workspace_.active().model.empty()) engine();
}

RealmEngine& WorkspaceSession::engine() {
  const ActiveParts& active = workspace_.active();
  if (active.model.empty()) {
    throw Error(
        ErrorCode::kNotFound,
        fmt::format(
            "The workspace {} has no model: realm model import DIR --as NAME brings one in.",
            workspace_.folder().string()));
  }
  if (engine_ && loaded_model_ == active.model && loaded_baseline_ == active.baseline)
    return *engine_;
  load(active.model, active.baseline);
  return *engine_;
}

void WorkspaceSession::load(const std::string& model, const std::string& baseline) {
  EngineOptions options;
  options.model = workspace_.model_folder(model);
  if (!baseline.empty()) options.baseline = workspace_.model_folder(baseline);
  options.device = options_.device;
  options.precision = options_.precision;
  options.threads = options_.threads;
  engine_ = RealmEngine::open(options);
  loaded_model_ = model;
  loaded_baseline_ = baseline;
  empty_index_.reset();
}

SessionStatus WorkspaceSession::status() {
  live_.refresh();
  SessionStatus status;
  status.workspace_name = workspace_.name();
  status.active_model = workspace_.active().model;
  status.active_baseline = workspace_.active().baseline;
  const std::vector<std::string> models = workspace_.models();
  if (std::find(models.begin(), models.end(), workspace_.active().model_before) != models.end())
    status.model_before = workspace_.active().model_before;
  if (engine_) status.model = engine_->card();
  status.corpus_name = corpus_->name();
  status.corpus_fingerprint = corpus_->fingerprint();
  status.corpus_documents = corpus_->size();
  status.corpus_revision = corpus_->revision();
  status.read_only = workspace_.read_only();
  const UndoState undo = corpus_->undo_state();
  status.can_undo = undo.can_undo && !status.read_only;
  status.can_redo = undo.can_redo && !status.read_only;
  status.undo_title = undo.undo_title;
  status.redo_title = undo.redo_title;

  IndexStatus& index = status.index;
  index.stale_documents = corpus_->dirty_count();
  index.problem = live_.problem();
  if (!live_.exists()) return status;
  const IndexRecord& record = live_.record();
  index.type = record.type;
  index.generation = record.generation;
  index.vectors = live_.index()->size();
  index.model_fingerprint = record.model_fingerprint;
  index.matches_model = engine_ && engine_->card().embedder_fingerprint == record.model_fingerprint;
  index.built_at = record.built_at;
  index.build_seconds = record.build_seconds;
  if (engine_ && !index.matches_model) {
    index.problem = fmt::format(
        "Index generation {} was made with another model than {}; realm index makes a new one.",
        record.generation, status.active_model);
  }
  return status;
}

std::shared_ptr<const MipsIndex> WorkspaceSession::index(std::stop_token stop) {
  live_.refresh();
  RealmEngine& models = engine();
  if (!live_.exists() && corpus_->size() == 0) {
    if (!empty_index_) {
      empty_index_ =
          make_index(kExactIndexType, VectorTable::from_memory({}, {}, models.card().dimension), 0);
    }
    return empty_index_;
  }
  if (!live_.exists() && live_.problem().empty() && corpus_->size() <= kMaxBuiltAtOnce &&
      !workspace_.read_only()) {
    live_.build("", /*rebuild=*/false, models, stop, {});
  }
  if (!live_.exists()) {
    throw Error(
        ErrorCode::kNotFound,
        live_.problem().empty()
            ? fmt::format(
                  "The workspace {} has no index of its {} documents yet; realm index makes it.",
                  workspace_.folder().string(), corpus_->size())
            : fmt::format("{} realm index makes a new one.", live_.problem()));
  }
  if (live_.record().model_fingerprint != models.card().embedder_fingerprint) {
    throw Error(ErrorCode::kMismatch,
                fmt::format("Index generation {} was made with a model whose embedder has the "
                            "fingerprint {:.12}, but that "
                            "of the active model {} is {:.12}; realm index makes a new one.",
                            live_.record().generation, live_.record().model_fingerprint,
                            workspace_.active().model, models.card().embedder_fingerprint));
  }
  live_.follow(models, stop);
  return live_.index();
}

std::string WorkspaceSession::index_model_fingerprint() const {
  return live_.exists() ? live_.record().model_fingerprint
         : engine_      ? engine_->card().embedder_fingerprint
                        : "";
}

AskResult WorkspaceSession::ask(const AskQuery& query, std::stop_token stop) {
  const std::shared_ptr<const MipsIndex> current = index(stop);
  return engine().ask(query,
                      Knowledge{.corpus = *corpus_,
                                .index = *current,
                                .index_model_fingerprint = index_model_fingerprint(),
                                .stale_documents = corpus_->dirty_count()},
                      stop);
}

std::vector<RetrievedDocument> WorkspaceSession::retrieve(const AskQuery& query,
                                                          std::stop_token stop) {
  const std::shared_ptr<const MipsIndex> current = index(stop);
  return engine().retrieve(query,
                           Knowledge{.corpus = *corpus_,
                                     .index = *current,
                                     .index_model_fingerprint = index_model_fingerprint(),
                                     .stale_documents = corpus_->dirty_count()},
                           stop);
}

std::optional<Document> WorkspaceSession::document(DocumentId id) { return corpus_->find(id); }

DocumentPage WorkspaceSession::documents(const DocumentQuery& query, std::stop_token stop) {
  return corpus_->documents(query, std::move(stop));
}

std::vector<std::string> WorkspaceSession::sources() {
  std::vector<std::string> names;
  for (const SourceCount& source : corpus_->sources()) {
    if (names.empty() || names.back() != source.source) names.push_back(source.source);
  }
  return names;
}

std::vector<RevisionEntry> WorkspaceSession::revisions(std::optional<DocumentId> id, int limit) {
  return corpus_->revisions(id, limit);
}

// The edit is on disk by now, so nothing here may make it look failed: without a model that loads,
// without an index or with that of another model the documents stay dirty, status() says so, and
// the next question gets the error.
void WorkspaceSession::follow_edit(const ProgressCallback& progress) {
  live_.refresh();
  if (workspace_.active().model.empty() || !live_.exists()) return;
  try {
    live_.follow(engine(), {});
    // Too many went away at once to hide them one by one: the index is written anew without them,
    // which embeds nothing.
    if (corpus_->dirty_count() > LiveIndex::kMaxHidden && corpus_->dirty_to_embed(1) == 0 &&
        live_.record().model_fingerprint == engine().card().embedder_fingerprint)
      live_.build("", /*rebuild=*/false, engine(), {}, progress);
  } catch (const Error&) {
    return;
  }
}

DocumentId WorkspaceSession::add_document(const std::string& title, const std::string& text,
                                          const std::string& source) {
  const DocumentId id = corpus_->add(title, text, source);
  follow_edit();
  return id;
}

void WorkspaceSession::edit_document(DocumentId id, const DocumentChange& change) {
  corpus_->edit(id, change);
  follow_edit();
}

void WorkspaceSession::delete_document(DocumentId id) {
  corpus_->remove(id);
  follow_edit();
}

std::vector<DocumentId> WorkspaceSession::undo(std::stop_token stop,
                                               const ProgressCallback& progress) {
  std::vector<DocumentId> touched = corpus_->undo(std::move(stop), progress);
  follow_edit(progress);
  return touched;
}

std::vector<DocumentId> WorkspaceSession::redo(std::stop_token stop,
                                               const ProgressCallback& progress) {
  std::vector<DocumentId> touched = corpus_->redo(std::move(stop), progress);
  follow_edit(progress);
  return touched;
}

std::string WorkspaceSession::use_model(const std::string& name) {
  live_.refresh();
  workspace_.reload();
  const std::string baseline = workspace_.active().baseline;
  require_usable(ModelFolder::open(workspace_.model_folder(name)), name, /*as_baseline=*/false);
  std::string left_out;
  try {
    load(name, baseline);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kMismatch || baseline.empty()) throw;
    load(name, "");  // the fault may be the baseline's: it has other words
    left_out = baseline;
  }
  workspace_.set_active_model(name);
  if (!left_out.empty()) workspace_.set_active_baseline("");
  live_.come_back_to(engine().card().embedder_fingerprint);
  return left_out;
}

void WorkspaceSession::use_baseline(const std::string& name) {
  workspace_.reload();
  require_usable(ModelFolder::open(workspace_.model_folder(name)), name, /*as_baseline=*/true);
  if (const std::string model = workspace_.active().model; !model.empty()) load(model, name);
  workspace_.set_active_baseline(name);
}

ImportedModel WorkspaceSession::import_model(const std::filesystem::path& folder,
                                             const std::string& name, std::stop_token stop,
                                             const ProgressCallback& progress) {
  live_.refresh();
  const ModelUse use = import_checked_model(workspace_, folder, name, std::move(stop), progress);
  const ActiveParts& active = workspace_.active();
  if (active.model == name) {
    try {
      live_.come_back_to(engine().card().embedder_fingerprint);
    } catch (const Error&) {
      workspace_.set_active_model("");  // there was none
      throw;
    }
  }
  return {.can_be_asked = use.as_model,
          .can_be_baseline = use.as_baseline,
          .is_in_use = active.model == name || active.baseline == name,
          .lacks = lacks_of(ModelFolder::open(workspace_.model_folder(name)))};
}

IndexStatus WorkspaceSession::build_index(const std::string& type, bool rebuild,
                                          std::stop_token stop, const ProgressCallback& progress) {
  live_.build(type, rebuild, engine(), stop, progress);
  return status().index;
}

}  // namespace realm
