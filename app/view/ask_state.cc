#include "app/view/ask_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/view/number_format.h"
#include "app/view/utf8.h"

namespace realm::view {
namespace {

const double kLn10 = std::log(10.0);
constexpr size_t kSnippetCharacters = 200;

std::string joined(const std::vector<std::string>& pieces) {
  std::string out;
  for (const std::string& piece : pieces) {
    if (!out.empty()) out += ' ';
    out += piece;
  }
  return out;
}

std::optional<size_t> index_of_document(const AskResult& result, DocumentId id) {
  for (size_t i = 0; i < result.documents.size(); ++i) {
    if (result.documents[i].document.id == id) return i;
  }
  return std::nullopt;
}

std::optional<double> word_in(const AskResult& result, const std::string& word) {
  for (const PredictedWord& top : result.top) {
    if (top.word == word) return top.p;
  }
  for (const WatchedWord& watched : result.watch) {
    if (watched.word == word && watched.note.empty()) return watched.p;
  }
  if (match_key(result.answer) == match_key(word)) return result.p_y_given_x;
  return std::nullopt;
}

WordRow answer_row(const AskResult& result) {
  WordRow row{.kind = WordRowKind::kAnswer, .word = result.answer, .p = result.p_y_given_x};
  row.null_p = result.p_y_null;
  row.shown_p = format_from_log(result.log_p_y_given_x);
  row.shown_null = format_number(result.p_y_null);
  if (result.baseline) {
    row.baseline_p = result.baseline->p_y_given_x;
    row.shown_baseline = format_from_log(result.baseline->log_p_y_given_x);
  }
  row.is_answer = true;
  row.pieces = joined(result.answer_pieces);
  return row;
}

WordRow other_row(const AskResult& result) {
  WordRow row{.kind = WordRowKind::kOther, .word = "other", .p = std::max(0.0, result.top_other)};
  double baseline = 1, null = 1;
  for (const PredictedWord& top : result.top) {
    baseline -= top.baseline_p;
    null -= top.null_p;
  }
  row.baseline_p = std::max(0.0, baseline);
  row.null_p = std::max(0.0, null);
  return row;
}

StripPoint strip_point(StripSource source, std::string name, double log_p, std::string meaning) {
  return {.source = source,
          .name = std::move(name),
          .value = format_from_log(log_p),
          .log10_p = log_p / kLn10,
          .meaning = std::move(meaning)};
}

const AskedDocument* best_passage(const AskResult& result) {
  const AskedDocument* best = nullptr;
  for (const AskedDocument& document : result.documents) {
    if (document.is_null) continue;
    if (best == nullptr || document.log_p_y_given_zx > best->log_p_y_given_zx) best = &document;
  }
  return best;
}

std::string without_tabs(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return out;
}

}  // namespace

AskQuery query_of(const AskState& state) {
  AskQuery query;
  query.text = state.sentence.text();
  query.watch = state.watch;
  query.candidates = state.candidates;
  query.words = state.words;
  query.exact_sum = state.exact_sum;
  for (const NamedDocument& document : state.pinned) query.pinned.push_back(document.id);
  for (const NamedDocument& document : state.excluded) query.excluded.push_back(document.id);
  return query;
}

bool is_outdated(const AskState& state) {
  if (!state.result) return false;
  return state.pending != 0 || state.failure || state.result->query.text != state.sentence.text();
}

bool is_greyed(const AskState& state, double now) {
  if (!state.result) return false;
  if (state.pending != 0) return now - state.pending_since >= kGreyAfter;
  return is_outdated(state);
}

bool comparable(const AskResult& a, const AskResult& b) {
  return a.query.text == b.query.text && a.answer == b.answer &&
         a.answer_is_given == b.answer_is_given;
}

const AskedDocument* find_document(const AskResult& result, DocumentId id, bool is_null) {
  for (const AskedDocument& document : result.documents) {
    if (document.is_null == is_null && (is_null || document.document.id == id)) return &document;
  }
  return nullptr;
}

WordTable make_word_table(const AskResult& result,
                          const std::optional<DocumentId>& sorting_document,
                          const AskResult* reference) {
  WordTable table;
  table.has_baseline = result.baseline.has_value();
  const std::optional<size_t> sorted_by =
      sorting_document ? index_of_document(result, *sorting_document) : std::nullopt;
  const auto part = [&](const std::vector<double>& by_document) {
    return sorted_by && *sorted_by < by_document.size() ? by_document[*sorted_by] : 0.0;
  };
  const bool shows_was = reference != nullptr && reference->query.text == result.query.text;

  bool has_answer = false;
  for (const PredictedWord& top : result.top) {
    WordRow row{.word = top.word, .p = top.p, .baseline_p = top.baseline_p, .null_p = top.null_p};
    row.from_document = part(top.by_document);
    // By its pieces: the user may have written it in capitals.
    row.is_answer = result.answer_is_given && top.pieces == result.answer_pieces;
    row.pieces = joined(top.pieces);
    if (shows_was) row.was = word_in(*reference, top.word);
    has_answer = has_answer || row.is_answer;
    table.rows.push_back(std::move(row));
  }
  if (!table.rows.empty()) table.rows.push_back(other_row(result));
  std::vector<double> p, baseline, null;
  std::optional<size_t> answer;  // p(y|x) stands in the strip below and in the sum as well
  for (const WordRow& row : table.rows) {
    if (row.is_answer) answer = p.size();
    p.push_back(row.p);
    baseline.push_back(row.baseline_p);
    null.push_back(row.null_p);
  }
  const std::vector<std::string> shown_p = format_parts(p, 1, answer),
                                 shown_baseline = format_parts(baseline, 1, answer),
                                 shown_null = format_parts(null, 1, answer);
  for (size_t i = 0; i < table.rows.size(); ++i) {
    table.rows[i].shown_p = shown_p[i];
    if (table.has_baseline) table.rows[i].shown_baseline = shown_baseline[i];
    table.rows[i].shown_null = shown_null[i];
  }
  if (result.answer_is_given && !has_answer && !result.answer.empty()) {
    WordRow row = answer_row(result);
    if (shows_was && reference->answer == result.answer) row.was = reference->p_y_given_x;
    table.rows.push_back(std::move(row));
  }
  if (sorted_by) {
    std::stable_sort(table.rows.begin(), table.rows.end(), [](const WordRow& a, const WordRow& b) {
      if ((a.kind == WordRowKind::kTop) != (b.kind == WordRowKind::kTop))
        return a.kind == WordRowKind::kTop;
      return a.from_document > b.from_document;
    });
  }
  for (const WatchedWord& watched : result.watch) {
    WordRow row{.kind = WordRowKind::kWatched, .word = watched.word, .p = watched.p};
    row.baseline_p = watched.baseline_p;
    row.null_p = watched.null_p;
    row.from_document = part(watched.by_document);
    row.rank = watched.rank;
    row.note = watched.note;
    row.pieces = joined(watched.pieces);
    if (watched.note.empty()) {
      row.shown_p = watched.log_p < 0 ? format_from_log(watched.log_p) : format_number(watched.p);
      if (table.has_baseline) row.shown_baseline = format_number(watched.baseline_p);
      row.shown_null = format_number(watched.null_p);
      if (shows_was) row.was = word_in(*reference, watched.word);
    }
    table.watched.push_back(std::move(row));
  }
  return table;
}

std::vector<std::string> shown_weights(const AskResult& result) {
  std::vector<double> p;
  for (const AskedDocument& document : result.documents) p.push_back(document.p_z_given_x);
  return format_parts(p, 1);
}

std::string shown_weight(const AskResult& result, const AskedDocument& document) {
  const std::vector<std::string> shown = shown_weights(result);
  for (size_t i = 0; i < shown.size(); ++i) {
    const AskedDocument& one = result.documents[i];
    if (one.document.id == document.document.id && one.is_null == document.is_null) return shown[i];
  }
  return format_number(document.p_z_given_x);
}

PassageTable make_passage_table(const AskResult& result,
                                const std::optional<std::string>& selected_word,
                                const AskResult* reference) {
  PassageTable table;
  table.share_of = result.answer;
  const std::vector<double>* by_document = nullptr;
  double p_word = 0;
  if (selected_word) {
    for (const PredictedWord& top : result.top) {
      if (top.word != *selected_word) continue;
      by_document = &top.by_document;
      p_word = top.p;
    }
    for (const WatchedWord& watched : result.watch) {
      if (watched.word != *selected_word || by_document != nullptr || !watched.note.empty())
        continue;
      by_document = &watched.by_document;
      p_word = watched.p;
    }
    if (by_document != nullptr) table.share_of = *selected_word;
  }
  for (size_t i = 0; i < result.documents.size(); ++i) {
    const AskedDocument& document = result.documents[i];
    PassageRow row{.index = i, .id = document.document.id, .is_null = document.is_null};
    row.is_pinned = document.is_pinned;
    row.rank = document.is_null ? "\u2205" : std::to_string(document.rank);
    row.title = document.is_null ? "no passage" : without_tabs(document.document.title);
    row.snippet = document.is_null
                      ? "what the model predicts from the sentence alone"
                      : without_tabs(shorten(document.document.text, kSnippetCharacters));
    row.p = document.p_z_given_x;
    row.shown_score = format_score(document.score);
    row.share = document.posterior;
    row.part = document.p_z_given_x * document.p_y_given_zx;
    if (by_document != nullptr) row.part = i < by_document->size() ? (*by_document)[i] : 0;
    if (by_document != nullptr)
      row.share = p_word > 0 && i < by_document->size() ? (*by_document)[i] / p_word : 0;
    if (reference != nullptr && reference->query.text == result.query.text) {
      if (const AskedDocument* before =
              find_document(*reference, document.document.id, document.is_null)) {
        row.was = before->p_z_given_x;
      } else {
        row.is_new = true;
      }
    }
    table.shares.push_back(row.share);
    table.rows.push_back(std::move(row));
  }
  const std::vector<std::string> shown_p = shown_weights(result),
                                 shown_share = format_percents(table.shares);
  for (size_t i = 0; i < table.rows.size(); ++i) {
    table.rows[i].shown_p = shown_p[i];
    table.rows[i].shown_share = shown_share[i];
  }
  return table;
}

std::vector<StripPoint> make_strip(const AskResult& result, const AskResult* reference) {
  std::vector<StripPoint> points;
  if (result.answer.empty()) return points;
  if (reference != nullptr && !comparable(result, *reference)) reference = nullptr;
  if (result.baseline) {
    points.push_back(strip_point(StripSource::kBert, "BERT", result.baseline->log_p_y_given_x,
                                 "p(y|x) by plain BERT, which reads the sentence alone"));
  }
  if (const AskedDocument* null = find_document(result, kNullDocumentId, true)) {
    points.push_back(strip_point(StripSource::kNull, "REALM, no passage", null->log_p_y_given_zx,
                                 "p(y|∅,x), REALM's own reader given the empty passage"));
  }
  points.push_back(strip_point(StripSource::kMarginal, "REALM", result.log_p_y_given_x,
                               "p(y|x) = Σ p(z|x) p(y|z,x) over the passages listed"));
  if (reference != nullptr) points.back().was_log10 = reference->log_p_y_given_x / kLn10;
  if (const AskedDocument* best = best_passage(result)) {
    points.push_back(
        strip_point(StripSource::kPassage, "with " + shorten(best->document.title, 24) + " alone",
                    best->log_p_y_given_zx, "p(y|z,x) given the one passage that helps most"));
  }
  return points;
}

}  // namespace realm::view
