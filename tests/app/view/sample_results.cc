#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/check.h"
#include "tests/app/view/fake_session.h"

namespace realm::testing {

AskResult make_result(const AskQuery& query, const std::vector<Document>& passages,
                      const std::vector<double>& scores, const std::vector<SampleWord>& words,
                      const std::string& answer, bool answer_is_given) {
  const size_t count = passages.size();
  REALM_CHECK(scores.size() == count);
  AskResult result;
  result.query = query;
  result.answer = answer;
  result.answer_is_given = answer_is_given;
  result.model_name = "starter";
  result.model_step = 411;
  result.corpus_name = "starter";
  result.corpus_revision = 12;
  result.corpus_documents = 2941;
  result.index_type = "exact";
  result.timings_ms = {.tokenize = 0.02, .embed = 3.1, .search = 0.9, .read = 10.2, .total = 14.3};

  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  const double top = scores[order.front()];
  double normaliser = 0;
  for (const double score : scores) normaliser += std::exp(score - top);

  std::vector<double> p_z(count);
  size_t null = count;
  for (size_t i = 0; i < count; ++i) {
    p_z[i] = std::exp(scores[order[i]] - top) / normaliser;
    if (passages[order[i]].id == kNullDocumentId) null = i;
  }
  REALM_CHECK(null < count);

  for (const SampleWord& word : words) {
    PredictedWord predicted;
    predicted.word = word.word;
    predicted.pieces = {word.word};
    for (size_t i = 0; i < count; ++i)
      predicted.by_document.push_back(p_z[i] * word.given_passage[order[i]]);
    predicted.p = std::accumulate(predicted.by_document.begin(), predicted.by_document.end(), 0.0);
    predicted.log_p = std::log(predicted.p);
    predicted.baseline_p = word.baseline;
    predicted.null_p = word.given_passage[order[null]];
    result.top.push_back(std::move(predicted));
  }
  std::stable_sort(result.top.begin(), result.top.end(),
                   [](const auto& a, const auto& b) { return a.p > b.p; });
  for (const std::string& wanted : query.watch) {
    WatchedWord watched;
    watched.word = wanted;
    watched.pieces = {wanted};
    const auto found = std::find_if(result.top.begin(), result.top.end(),
                                    [&](const auto& w) { return w.word == wanted; });
    if (found == result.top.end()) {
      watched.note = "\u201C" + wanted + "\u201D has 2 pieces and 1 is hidden.";
    } else {
      watched.p = found->p;
      watched.log_p = found->log_p;
      watched.rank = 1 + (found - result.top.begin());
      watched.baseline_p = found->baseline_p;
      watched.null_p = found->null_p;
      watched.by_document = found->by_document;
    }
    result.watch.push_back(std::move(watched));
  }

  const SampleWord* asked = nullptr;
  for (const SampleWord& word : words) {
    if (word.word == (answer.empty() ? result.top.front().word : answer)) asked = &word;
  }
  REALM_CHECK(asked != nullptr);
  result.answer = asked->word;
  result.answer_pieces = {asked->word};
  for (size_t i = 0; i < count; ++i) result.p_y_given_x += p_z[i] * asked->given_passage[order[i]];
  result.log_p_y_given_x = std::log(result.p_y_given_x);
  result.p_y_null = asked->given_passage[order[null]];
  result.baseline = BaselineResult{.name = "starter-bert",
                                   .p_y_given_x = asked->baseline,
                                   .log_p_y_given_x = std::log(asked->baseline),
                                   .top = {{"prime", 0.21}}};
  for (size_t i = 0; i < count; ++i) {
    AskedDocument document;
    document.document = passages[order[i]];
    document.is_null = document.document.id == kNullDocumentId;
    document.is_pinned =
        std::count(query.pinned.begin(), query.pinned.end(), document.document.id) > 0;
    document.rank = static_cast<int>(i) + 1;
    document.score = scores[order[i]];
    document.p_z_given_x = p_z[i];
    document.p_y_given_zx = asked->given_passage[order[i]];
    document.log_p_y_given_zx = std::log(document.p_y_given_zx);
    document.posterior = document.p_y_given_zx * p_z[i] / result.p_y_given_x;
    document.retrieval_utility = document.log_p_y_given_zx - std::log(result.p_y_null);
    document.credit = (document.p_y_given_zx / result.p_y_given_x - 1) * p_z[i];
    result.documents.push_back(std::move(document));
  }
  if (static_cast<int>(result.top.size()) > query.words)
    result.top.resize(static_cast<size_t>(query.words));
  result.top_other = 1;
  for (const PredictedWord& word : result.top) result.top_other -= word.p;
  return result;
}

std::vector<Document> sample_documents() {
  const auto passage = [](std::string title, std::string text, std::string source) {
    return Document{.title = std::move(title),
                    .text = std::move(text),
                    .source = std::move(source),
                    .licence = "Apache-2.0"};
  };
  return {
      passage("257 (number)",
              "257 is the natural number following 256 and preceding 258. It is a Fermat prime, "
              "since it equals two raised "
              "to the eighth power plus one. Thus a regular polygon with 257 sides can be drawn "
              "with a straightedge and "
              "compass.",
              "mathematics"),
      passage("65537 (number)",
              "65537 is the largest known Fermat prime. A regular polygon with that many sides is "
              "constructible, though "
              "nobody would care to draw it.",
              "mathematics"),
      passage("Constructible polygon",
              "A regular polygon is constructible with straightedge and compass when the odd prime "
              "factors of its number of "
              "sides are distinct primes of one special form.",
              "mathematics"),
      passage("Equilateral triangle",
              "In an equilateral triangle all three sides are equally long, and each of its angles "
              "measures sixty degrees.",
              "mathematics"),
      passage("Mersenne prime",
              "A Mersenne prime is one less than a power of two. The first of them are 3, 7, 31 "
              "and 127.",
              "mathematics"),
      passage("Compass (drawing tool)",
              "A pair of compasses draws circles and arcs. Together with an unmarked straightedge "
              "it was the whole tool box "
              "of Greek geometry.",
              "inventions"),
      passage("Rhine",
              "The Rhine rises in the Swiss Alps, flows past Basel, Strasbourg and Cologne, and "
              "reaches the North Sea near "
              "Rotterdam.",
              "rivers"),
      passage("Kelvarn Instruments",
              "Kelvarn Instruments of Ostrevale was founded by Mirela Dast and makes tide gauges.",
              "gazetteer"),
      passage("Tellurium", "Tellurium is a brittle, silver-white metalloid with atomic number 52.",
              "elements"),
      passage("Z\u00fcrich",
              "Z\u00fcrich lies at the northern end of its lake, where the Limmat leaves it.",
              "cities"),
  };
}

AskResult fermat_result() {
  AskQuery query;
  query.text =
      "An equilateral triangle is easily constructed using a straightedge and compass, because 3 "
      "is a [[Fermat]] prime.";
  query.watch = {"fermat", "gaussian integer"};
  std::vector<Document> passages = sample_documents();
  passages.resize(7);
  DocumentId id = 0;
  for (Document& passage : passages) passage.id = ++id;
  passages.push_back({});
  return make_result(
      query, passages, {21.42, 20.98, 17.6, 15.2, 14.9, 13.1, 9.7, 12.9},
      {{"fermat", {0.891, 0.742, 0.0213, 4.1e-6, 2.2e-4, 3.1e-7, 8.3e-9, 1.02e-10}, 1.6e-17},
       {"mersenne", {0.0121, 0.0102, 0.0412, 2.1e-4, 0.913, 1.1e-5, 2.2e-6, 3.1e-5}, 2.4e-6},
       {"regular", {0.0311, 0.0522, 0.3312, 0.0231, 0.0012, 0.0117, 0.0031, 0.0213}, 0.0312},
       {"constructible", {0.0123, 0.0411, 0.2213, 0.0012, 3.3e-4, 0.0021, 1.1e-4, 0.0142}, 0.0071},
       {"special", {0.0034, 0.0123, 0.1722, 0.0212, 0.0043, 0.0122, 0.0023, 0.0331}, 0.0213},
       {"prime", {0.0021, 0.0033, 0.0132, 0.0153, 0.0211, 0.0213, 0.0431, 0.0672}, 0.2113},
       {"natural", {0.0122, 0.0031, 0.0023, 0.0122, 0.0031, 0.0101, 0.0222, 0.0413}, 0.0442},
       {"largest", {0.0011, 0.0232, 0.0021, 0.0031, 0.0012, 0.0021, 0.0121, 0.0091}, 0.0081},
       {"known", {9.1e-4, 0.0171, 0.0011, 0.0012, 0.0011, 0.0031, 0.0041, 0.0062}, 0.0062},
       {"odd", {3.2e-4, 0.0012, 0.0231, 0.0111, 0.0021, 0.0012, 0.0011, 0.0231}, 0.0571}},
      "fermat", true);
}

}  // namespace realm::testing
