#include "app/services/ask_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace realm {
namespace {

using nlohmann::ordered_json;

ordered_json number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

template <typename Value>
ordered_json optional(const std::optional<Value>& value) {
  if (!value) return nullptr;
  if constexpr (std::is_same_v<Value, double>) return number(*value);
  return *value;
}

ordered_json numbers(const std::vector<double>& values) {
  ordered_json list = ordered_json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

ordered_json to_object(const AskedDocument& candidate) {
  return {{"id", candidate.document.id},
          {"title", candidate.document.title},
          {"text", candidate.document.text},
          {"source", candidate.document.source},
          {"is_null", candidate.is_null},
          {"is_pinned", candidate.is_pinned},
          {"rank", candidate.rank},
          {"score", number(candidate.score)},
          {"p_z_given_x", number(candidate.p_z_given_x)},
          {"p_y_given_zx", number(candidate.p_y_given_zx)},
          {"log_p_y_given_zx", number(candidate.log_p_y_given_zx)},
          {"posterior", number(candidate.posterior)},
          {"retrieval_utility", number(candidate.retrieval_utility)},
          {"credit", number(candidate.credit)}};
}

ordered_json to_object(const PredictedWord& word) {
  return {{"word", word.word},
          {"pieces", word.pieces},
          {"p", number(word.p)},
          {"log_p", number(word.log_p)},
          {"by_document", numbers(word.by_document)},
          {"baseline_p", number(word.baseline_p)},
          {"null_p", number(word.null_p)}};
}

ordered_json to_object(const WatchedWord& word) {
  return {{"word", word.word},
          {"pieces", word.pieces},
          {"p", number(word.p)},
          {"log_p", number(word.log_p)},
          {"rank", optional(word.rank)},
          {"baseline_p", number(word.baseline_p)},
          {"null_p", number(word.null_p)},
          {"by_document", numbers(word.by_document)},
          {"note", word.note}};
}

ordered_json to_object(const BaselineResult& baseline) {
  ordered_json top = ordered_json::array();
  for (const BaselineWord& word : baseline.top)
    top.push_back({{"word", word.word}, {"p", number(word.p)}});
  return {{"name", baseline.name},
          {"p_y_given_x", number(baseline.p_y_given_x)},
          {"log_p_y_given_x", number(baseline.log_p_y_given_x)},
          {"top", std::move(top)}};
}

template <typename Value>
ordered_json list_of(const std::vector<Value>& values) {
  ordered_json list = ordered_json::array();
  for (const Value& value : values) list.push_back(to_object(value));
  return list;
}

}  // namespace

std::string to_json(const AskResult& result) {
  const ordered_json object = {
      {"query",
       {{"text", result.query.text},
        {"pieces", result.pieces},
        {"masks", result.masks},
        {"answer", result.answer},
        {"answer_is_given", result.answer_is_given},
        {"answer_pieces", result.answer_pieces},
        {"truncated", result.truncated},
        {"candidates", result.query.candidates},
        {"pinned", result.query.pinned},
        {"excluded", result.query.excluded}}},
      {"model",
       {{"name", result.model_name},
        {"fingerprint", result.model_fingerprint},
        {"step", result.model_step}}},
      {"corpus",
       {{"name", result.corpus_name},
        {"revision", result.corpus_revision},
        {"documents", result.corpus_documents},
        {"fingerprint", result.corpus_fingerprint}}},
      {"index",
       {{"type", result.index_type},
        {"generation", result.index_generation},
        {"model_fingerprint", result.index_model_fingerprint},
        {"stale_documents", result.stale_documents}}},
      {"documents", list_of(result.documents)},
      {"p_y_given_x", number(result.p_y_given_x)},
      {"log_p_y_given_x", number(result.log_p_y_given_x)},
      {"p_y_null", number(result.p_y_null)},
      {"baseline", result.baseline ? to_object(*result.baseline) : ordered_json(nullptr)},
      {"top", list_of(result.top)},
      {"top_other", number(result.top_other)},
      {"watch", list_of(result.watch)},
      {"mass_outside_top_k", optional(result.mass_outside_top_k)},
      {"exact_p_y_given_x", optional(result.exact_p_y_given_x)},
      {"timings_ms",
       {{"tokenize", number(result.timings_ms.tokenize)},
        {"embed", number(result.timings_ms.embed)},
        {"search", number(result.timings_ms.search)},
        {"read", number(result.timings_ms.read)},
        {"total", number(result.timings_ms.total)}}}};
  return object.dump(2, ' ', /*ensure_ascii=*/false, ordered_json::error_handler_t::replace);
}

}  // namespace realm
