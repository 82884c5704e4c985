// Parts of a result as text: copied tables, the sum in its terms, what lies outside the candidates.
#include <fmt/format.h>

#include <algorithm>

#include "app/view/ask_state.h"
#include "app/view/number_format.h"

namespace realm::view {
namespace {

std::string without_tabs(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return out;
}

}  // namespace

std::vector<SumRow> make_sum(const AskResult& result, const PassageTable& table) {
  std::vector<SumRow> rows;
  double total = 0;
  for (const PassageRow& row : table.rows) {
    const double p_z = result.documents[row.index].p_z_given_x;
    const double p_y = p_z > 0 ? row.part / p_z : 0;
    rows.push_back({.rank = row.rank,
                    .p_z = row.shown_p,
                    .p_y = format_number(p_y),
                    .part = format_number(row.part),
                    .share = row.shown_share,
                    .is_null = row.is_null});
    total += row.part;
  }
  rows.push_back({.rank = "\u03A3",
                  .p_z = {},
                  .p_y = {},
                  .part = format_number(total),
                  .share = {},
                  .is_null = false});
  return rows;
}

std::string outside_sentence(const AskResult& result) {
  if (!result.mass_outside_top_k) return {};
  std::string text = fmt::format("Over all {}, {} of p(z|x) lies outside these",
                                 format_counted(result.corpus_documents, "passage"),
                                 format_percent(*result.mass_outside_top_k));
  if (result.exact_p_y_given_x)
    text += fmt::format("; p({}|x) is {}", result.answer, format_number(*result.exact_p_y_given_x));
  return text + ".";
}

std::string words_as_tsv(const AskResult& result) {
  std::string out = "word\tp(y|x)\tp(y|BERT)\tp(y|null,x)\n";
  for (const PredictedWord& top : result.top) {
    out += fmt::format("{}\t{:.10g}\t{:.10g}\t{:.10g}\n", without_tabs(top.word), top.p,
                       top.baseline_p, top.null_p);
  }
  for (const WatchedWord& watched : result.watch) {
    out += fmt::format("{}\t{:.10g}\t{:.10g}\t{:.10g}\n", without_tabs(watched.word), watched.p,
                       watched.baseline_p, watched.null_p);
  }
  return out;
}

std::string passages_as_tsv(const AskResult& result) {
  std::string out =
      "rank\tid\ttitle\tscore\tp(z|x)\tp(y|z,x)\tposterior\tretrieval utility\tcredit\n";
  for (const AskedDocument& d : result.documents) {
    out += fmt::format("{}\t{}\t{}\t{:.10g}\t{:.10g}\t{:.10g}\t{:.10g}\t{:.10g}\t{:.10g}\n", d.rank,
                       d.document.id, d.is_null ? "(no passage)" : without_tabs(d.document.title),
                       d.score, d.p_z_given_x, d.p_y_given_zx, d.posterior, d.retrieval_utility,
                       d.credit);
  }
  return out;
}

std::string strip_as_tsv(const std::vector<StripPoint>& points) {
  std::string out = "source\tp(y|x)\tlog10\n";
  for (const StripPoint& point : points)
    out += fmt::format("{}\t{}\t{:.10g}\n", without_tabs(point.name), point.value, point.log10_p);
  return out;
}

}  // namespace realm::view
