#include "tests/app/view/fake_session.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include "app/view/highlight.h"
#include "app/view/sentence.h"
#include "app/view/utf8.h"
#include "engine/base/check.h"
#include "engine/base/error.h"

namespace realm::testing {
namespace {

class FakeEngine : public RealmEngine {
 public:
  FakeEngine() {
    card_.name = "starter";
    card_.fingerprint = "6f1c";
    card_.step = 411;
    card_.parameters = 1234567;
  }
  const ModelCard& card() const override { return card_; }
  const WordPieceTokenizer& tokenizer() const override {
    REALM_CHECK(!"the fake has no tokenizer");
  }
  std::vector<float> embed_documents(std::span<const Document>, std::stop_token,
                                     const ProgressCallback&) override {
    return {};
  }
  std::vector<RetrievedDocument> retrieve(const AskQuery&, const Knowledge&,
                                          std::stop_token) override {
    return {};
  }
  AskResult ask(const AskQuery&, const Knowledge&, std::stop_token) override { return {}; }

 private:
  ModelCard card_;
};

std::set<std::string> content_words(const std::string& text) {
  std::set<std::string> words;
  for (const view::Mark& mark : view::mark_passage(text, text, {})) {
    words.insert(view::match_key(text.substr(mark.range.begin, mark.range.end - mark.range.begin)));
  }
  return words;
}

double overlap(const std::string& a, const std::string& b) {
  const std::set<std::string> left = content_words(a), right = content_words(b);
  return static_cast<double>(std::count_if(
      left.begin(), left.end(), [&](const std::string& word) { return right.count(word) > 0; }));
}

}  // namespace

void FakeControl::hold_asks(bool hold) {
  const std::lock_guard lock(mutex_);
  holds_ = hold;
  changed_.notify_all();
}

void FakeControl::wait_until_asking() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return asking_; });
}

void FakeControl::fail_with(std::optional<std::string> sentence) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(sentence);
}

FakeSession::FakeSession(FakeOptions options, std::shared_ptr<FakeControl> control)
    : options_(std::move(options)),
      control_(control ? std::move(control) : std::make_shared<FakeControl>()) {
  for (Document document : options_.documents) {
    document.id = next_id_++;
    documents_[document.id] = document;
  }
}

FakeSession::~FakeSession() = default;

SessionStatus FakeSession::status() {
  SessionStatus status;
  status.workspace_name = options_.name;
  if (options_.has_model) status.active_model = model_;
  status.model_before = model_before_;
  if (engine_) status.model = engine_->card();
  status.corpus_name = options_.name;
  status.corpus_documents = static_cast<int64_t>(documents_.size());
  status.corpus_revision = revision_;
  status.index.type = "exact";
  status.index.vectors = status.corpus_documents;
  status.index.matches_model = model_ == "starter";
  status.can_undo = !undo_.empty();
  status.can_redo = !redo_.empty();
  status.read_only = options_.read_only;
  if (!undo_.empty()) status.undo_title = undo_.back().title;
  if (!redo_.empty()) status.redo_title = redo_.back().title;
  return status;
}

RealmEngine& FakeSession::engine() {
  if (!options_.has_model)
    throw Error(ErrorCode::kNotFound, "The workspace starter has no active model.");
  if (!engine_) engine_ = std::make_unique<FakeEngine>();
  return *engine_;
}

AskResult FakeSession::ask(const AskQuery& query, std::stop_token stop) {
  {
    std::unique_lock lock(control_->mutex_);
    control_->asking_ = true;
    control_->changed_.notify_all();
    std::stop_callback wake(stop, [&] { control_->changed_.notify_all(); });
    // The callback may run between the test of the predicate and the wait, hence the short wait in
    // a loop.
    while (control_->holds_ && !stop.stop_requested()) {
      control_->changed_.wait_for(lock, std::chrono::milliseconds(5));
    }
    control_->asking_ = false;
    if (control_->failure_) throw Error(ErrorCode::kInvalidArgument, *control_->failure_);
  }
  if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The question was cancelled.");
  engine();
  if (!view::hides_something(query.text)) {
    throw Error(ErrorCode::kInvalidArgument,
                "The sentence hides nothing: write [MASK] or [[word]] in it.");
  }
  // The paper's sentence on the untouched corpus has numbers like the paper's.
  if (AskResult fermat = fermat_result(); query.text == fermat.query.text && revision_ == 1 &&
                                          query.pinned.empty() && query.excluded.empty() &&
                                          query.candidates == 8) {
    if (!options_.has_baseline) fermat.baseline.reset();
    return fermat;
  }
  std::vector<std::pair<double, Document>> found;
  for (const auto& [id, document] : documents_) {
    if (std::count(query.excluded.begin(), query.excluded.end(), id) > 0) continue;
    const bool pinned = std::count(query.pinned.begin(), query.pinned.end(), id) > 0;
    found.emplace_back(
        1.7 * overlap(query.text, document.title + " " + document.text) + (pinned ? 100 : 0),
        document);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Document> passages;
  std::vector<double> scores;
  for (size_t i = 0; i < found.size() && static_cast<int>(i) + 1 < query.candidates; ++i) {
    passages.push_back(found[i].second);
    scores.push_back(found[i].first >= 100 ? found[i].first - 100 : found[i].first);
  }
  passages.push_back({});
  scores.push_back(0);

  const std::vector<std::string> hidden = view::hidden_words(query.text);
  std::string answer;
  for (const std::string& word : hidden)
    answer += (answer.empty() ? "" : " ") + view::fold_case(word);
  if (query.answer) answer = view::fold_case(*query.answer);
  const bool given = !answer.empty();
  std::set<std::string> candidates;
  for (const Document& passage : passages) candidates.merge(content_words(passage.text));
  if (given) candidates.insert(answer);
  candidates.insert("prime");
  std::vector<SampleWord> words;
  for (const std::string& candidate : candidates) {
    SampleWord word{
        .word = candidate,
        .baseline = candidate == answer ? 1.6e-17 : 0.3 / static_cast<double>(candidates.size())};
    for (const Document& passage : passages) {
      const std::vector<std::string> one = {candidate};
      const bool stands = !view::mark_passage(passage.text, "", one).empty();
      const double many = static_cast<double>(content_words(passage.text).size());
      word.given_passage.push_back(stands ? (candidate == answer ? 0.72 : 0.2 / many)
                                          : 1e-6 / (1 + static_cast<double>(candidate.size())));
    }
    words.push_back(std::move(word));
  }
  AskResult result = make_result(query, passages, scores, words, answer, given);
  const SessionStatus now = status();
  result.corpus_name = now.corpus_name;
  result.corpus_revision = now.corpus_revision;
  result.corpus_documents = now.corpus_documents;
  if (!options_.has_baseline) result.baseline.reset();
  return result;
}

std::vector<RetrievedDocument> FakeSession::retrieve(const AskQuery&, std::stop_token) {
  return {};
}

std::optional<Document> FakeSession::document(DocumentId id) {
  const auto found = documents_.find(id);
  return found == documents_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> FakeSession::sources() {
  std::set<std::string> sources;
  for (const auto& [id, document] : documents_) sources.insert(document.source);
  return {sources.begin(), sources.end()};
}

std::vector<RevisionEntry> FakeSession::revisions(std::optional<DocumentId> id, int limit) {
  std::vector<RevisionEntry> entries;
  for (auto entry = log_.rbegin(); entry != log_.rend() && static_cast<int>(entries.size()) < limit;
       ++entry) {
    if (!id || entry->document == *id) entries.push_back(*entry);
  }
  return entries;
}

// Every word is a piece; capitals inside a sentence are names.
SentenceReading FakeSession::read_sentence(const std::string& text) {
  engine();
  SentenceReading reading;
  reading.limit = 30;
  const std::vector<view::HiddenPart> hidden = view::hidden_parts(text);
  for (size_t at = 0; at < text.size();) {
    const std::optional<view::TextRange> word = view::word_at(text, at);
    if (!word || word->begin < at) {
      ++at;
      continue;
    }
    const bool is_hidden = std::any_of(hidden.begin(), hidden.end(), [&](const auto& part) {
      return part.outer.contains(word->begin);
    });
    reading.pieces.push_back(
        {.text = is_hidden ? "[MASK]"
                           : view::fold_case(text.substr(word->begin, word->end - word->begin)),
         .id = static_cast<int32_t>(1000 + reading.pieces.size()),
         .begin = word->begin,
         .end = word->end,
         .hidden = is_hidden});
    const char first = text[word->begin];
    if ((first >= 'A' && first <= 'Z' && word->begin > 0) || (first >= '0' && first <= '9'))
      reading.salient.emplace_back(word->begin, word->end);
    at = word->end;
  }
  reading.truncated = static_cast<int>(reading.pieces.size()) > reading.limit;
  return reading;
}

std::optional<DocumentId> FakeSession::duplicate_of(DocumentId id, const std::string& text) {
  for (const auto& [other, document] : documents_) {
    if (other != id && document.text == text) return other;
  }
  return std::nullopt;
}

ImportSummary FakeSession::import_documents(const std::filesystem::path& file, std::stop_token,
                                            const ProgressCallback& progress) {
  check_writable();
  progress({.done = 1, .total = 2, .stage = "importing"});
  if (!std::filesystem::exists(file))
    throw Error(ErrorCode::kNotFound, "There is no file " + file.string() + ".");
  add_document("Imported", "A passage out of " + file.filename().string() + ".", "import");
  return {.documents = 1, .passages = 1, .skipped = 1, .why_skipped = "1 malformed"};
}

ImportForecast FakeSession::forecast_import(const std::filesystem::path& file, int64_t,
                                            std::stop_token, const ProgressCallback& progress) {
  progress({.done = 1, .total = 2, .stage = "previewing"});
  if (!std::filesystem::exists(file))
    throw Error(ErrorCode::kNotFound, "There is no file " + file.string() + ".");
  // Every line that may be an object is a document, with a passage for each 300 bytes.
  ImportForecast forecast;
  forecast.format = "jsonl";
  std::ifstream stream(file);
  std::string line;
  for (int64_t number = 1; std::getline(stream, line); ++number) {
    if (!line.starts_with('{')) {
      forecast.problems.push_back({number, "not valid JSON"});
      continue;
    }
    const auto passages = 1 + static_cast<int64_t>(line.size()) / 300;
    ImportSample sample{.line = number,
                        .title = number % 4 == 0 ? "" : line.substr(0, 40),
                        .passages = passages,
                        .first = {}};
    for (int64_t i = 0; i < passages; ++i)
      sample.first.push_back({.words = 210, .word_pieces = 288 - 7 * i, .opening = line});
    forecast.samples.push_back(std::move(sample));
    ++forecast.summary.documents;
    forecast.summary.passages += passages;
  }
  forecast.summary.skipped = static_cast<int64_t>(forecast.problems.size());
  if (forecast.summary.skipped > 0)
    forecast.summary.why_skipped = std::to_string(forecast.problems.size()) + " malformed";
  forecast.estimated_documents = forecast.summary.documents;
  forecast.estimated_passages = forecast.summary.passages;
  return forecast;
}

int64_t FakeSession::export_documents(const std::filesystem::path&, std::stop_token,
                                      const ProgressCallback&) {
  return static_cast<int64_t>(documents_.size());
}

IndexStatus FakeSession::build_index(const std::string& type, bool, std::stop_token stop,
                                     const ProgressCallback& progress) {
  const auto total = static_cast<int64_t>(documents_.size());
  for (int64_t i = 0; i < total; ++i) {
    if (stop.stop_requested()) throw Error(ErrorCode::kCancelled, "The index build was cancelled.");
    progress({.done = i, .total = total, .stage = "Embedding passages"});
  }
  IndexStatus index = status().index;
  index.type = type;
  return index;
}

}  // namespace realm::testing
