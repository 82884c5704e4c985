// The state of the Ask workspace and what it shows, row by row, computed from the last result.
// Nothing here is made up: every row's numbers come from AskResult.
//
// Values and pure functions; thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/view/engine_messages.h"
#include "app/view/history.h"
#include "app/view/text_editor.h"
#include "engine/prediction/ask.h"

namespace realm::view {

struct NamedDocument {
  DocumentId id = 0;
  std::string title{};
  friend bool operator==(const NamedDocument&, const NamedDocument&) = default;
};

// A result that the present one is compared with: as it was before an edit of the corpus, or one
// that the user pinned.
struct Reference {
  std::shared_ptr<const AskResult> result{};
  std::string label{};  // what lies between: "after the edit of \"257 (number)\""
  bool is_pinned =
      false;  // stays until the user takes it away; else it goes with the next question
};

struct AskState {
  TextEditor sentence{TextFieldKind::kSentence};
  int candidates = 8;  // k, passages and the empty one
  int words = 10;      // how many top words
  bool exact_sum = false;
  std::vector<std::string> watch{};
  std::vector<NamedDocument> pinned{}, excluded{};

  RequestId pending = 0;
  double pending_since = 0;  // seconds of the window's clock
  std::shared_ptr<const AskResult>
      result{};                      // the last that came; stays, greyed, while a newer one is made
  std::optional<Failure> failure{};  // of the last question, when it gave no result
  std::string hint{};                // what to do next when a question cannot be asked yet
  std::optional<Reference> reference{};
  std::optional<std::string>
      change_title{};  // an edit is being followed: the next result is compared with the last

  DocumentId reading = kNullDocumentId;  // the passage in the reading pane
  bool has_reading = false;
  std::optional<std::string> selected_word{};  // recolours the passages by their share of it
  std::optional<DocumentId>
      sorting_document{};  // sorts the words by what this passage adds to them
  History history{};

  // The sentence in its pieces, as far as the engine has read it.
  std::shared_ptr<const SentenceReply> pieces{};
  RequestId pending_pieces = 0;
  std::string pieces_text{};  // what was sent to be read
};

// The pieces of the sentence as it stands in the field; nullptr: not read yet, or there is no
// model.
const SentenceReading* pieces_of(const AskState& state);

// The next name, date or number of the sentence after the hidden one, around to the first: the
// sentence with it hidden and everything else shown. nullopt: there is none.
std::optional<EditedText> hide_next_salient(const AskState& state);

AskQuery query_of(const AskState& state);

// Whether what is on screen answers another question than the one in the field, or is being
// replaced.
bool is_outdated(const AskState& state);

// Whether old results are to be drawn greyed: at once when the sentence was changed, but only after
// a moment when a new result is on its way, so that a quick answer does not flicker.
bool is_greyed(const AskState& state, double now);
inline constexpr double kGreyAfter = 0.15;  // seconds

// ---- What is hidden?
// -------------------------------------------------------------------------------------------------

enum class WordRowKind { kTop, kAnswer, kOther, kWatched };

struct WordRow {
  WordRowKind kind = WordRowKind::kTop;
  std::string word{};
  double p = 0, baseline_p = 0, null_p = 0;
  double from_document = 0;  // the part of p that the sorting document gives; 0 without one
  std::string shown_p{}, shown_baseline{}, shown_null{};
  bool is_answer = false;  // it is y as the user gave it
  std::optional<int64_t> rank{};
  std::optional<double> was{};  // p in the reference, where it is known there
  std::string note{};           // why it could not be scored
  std::string pieces{};         // "fer ##mat"
};

struct WordTable {
  std::vector<WordRow> rows{};  // top words, then y if it is not among them, then "other"
  std::vector<WordRow> watched{};
  bool has_baseline = false;
};

WordTable make_word_table(const AskResult& result,
                          const std::optional<DocumentId>& sorting_document,
                          const AskResult* reference);

// ---- What was retrieved
// ----------------------------------------------------------------------------------------------

struct PassageRow {
  size_t index = 0;  // into AskResult::documents
  DocumentId id = 0;
  bool is_null = false, is_pinned = false;
  std::string rank{}, title{}, snippet{};
  double p = 0;      // p(z|x)
  double share = 0;  // its share of the selected word, or of y
  double part = 0;   // p(z|x) p(w|z,x) of that word
  std::string shown_p{}, shown_share{}, shown_score{};
  std::optional<double> was{};  // p(z|x) in the reference
  bool is_new = false;          // not among the reference's candidates
};

struct PassageTable {
  std::vector<PassageRow> rows{};
  std::string share_of{};  // the word that the shares are of
  std::vector<double>
      shares{};  // in row order; they add up to 1 when the word's probability is above 0
};

// p(z|x) of each passage as the screen shows it everywhere, so that the numbers add up to 1.
std::vector<std::string> shown_weights(const AskResult& result);
// Of the result's passage `document`.
std::string shown_weight(const AskResult& result, const AskedDocument& document);

PassageTable make_passage_table(const AskResult& result,
                                const std::optional<std::string>& selected_word,
                                const AskResult* reference);

const AskedDocument* find_document(const AskResult& result, DocumentId id, bool is_null);

// ---- How p(y|x) adds up
// -------------------------------------------------------------------------------------------------

struct SumRow {
  std::string rank{}, p_z{}, p_y{}, part{}, share{};  // p(z|x) times p(y|z,x) is the part
  bool is_null = false;
};
// A row a passage, and a last one with the total. Of the selected word, else of y.
std::vector<SumRow> make_sum(const AskResult& result, const PassageTable& table);

// What the candidates leave out of the corpus, as a sentence; empty where it was not asked for.
std::string outside_sentence(const AskResult& result);

// ---- Table 3
// ---------------------------------------------------------------------------------------------------------

enum class StripSource { kBert, kNull, kMarginal, kPassage };

struct StripPoint {
  StripSource source = StripSource::kBert;
  std::string name{};  // "BERT", "∅", "REALM", "with 257 (number)"
  std::string value{};
  double log10_p = 0;
  std::string meaning{};              // one sentence
  std::optional<double> was_log10{};  // in the reference
};

// BERT, REALM without a passage, REALM with its best passage alone, and the marginal over all: the
// paper's Table 3 for this sentence. Left out is what does not exist (no baseline; no passage but
// the null one).
std::vector<StripPoint> make_strip(const AskResult& result, const AskResult* reference);

// Whether two results are about the same hidden thing, so that their numbers may be compared.
bool comparable(const AskResult& a, const AskResult& b);

// ---- Copying
// ---------------------------------------------------------------------------------------------------------

std::string words_as_tsv(const AskResult& result);
std::string passages_as_tsv(const AskResult& result);
std::string strip_as_tsv(const std::vector<StripPoint>& points);

}  // namespace realm::view
