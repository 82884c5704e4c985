#include "engine/checkpoint/tokenizer_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/checkpoint/small_json.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostPieces = 10'000'000;

[[noreturn]] void fail(ErrorCode code, const std::filesystem::path& file, const std::string& what) {
  throw Error(code, fmt::format("In \"{}\", {}.", file.string(), what));
}

}  // namespace

TokenizerJson read_tokenizer_json(const std::filesystem::path& file) {
  const Json json = read_small_object(file);
  if (!json.contains("model") || !json["model"].is_object() || !json["model"].contains("vocab") ||
      !json["model"]["vocab"].is_object()) {
    fail(ErrorCode::kCorruptData, file, "\"model\" with a \"vocab\" is missing");
  }
  const Json& model = json["model"];
  const std::string type = model.value("type", std::string("WordPiece"));
  const std::string prefix = model.value("continuing_subword_prefix", std::string("##"));
  if (type != "WordPiece" || prefix != "##") {
    fail(ErrorCode::kUnsupported, file,
         fmt::format("the model is {} with the prefix {}; only WordPiece with \"##\" is supported",
                     in_quotes(type), in_quotes(prefix)));
  }
  const Json& vocabulary = model["vocab"];
  TokenizerJson out;
  if (vocabulary.size() > kMostPieces) fail(ErrorCode::kCorruptData, file, "\"vocab\" is too long");
  out.pieces.resize(vocabulary.size());
  std::vector<bool> seen(vocabulary.size());
  for (const auto& [piece, id] : vocabulary.items()) {
    const bool fits = id.is_number_unsigned() && id.get<uint64_t>() < seen.size();
    if (!fits || seen[id.get<size_t>()]) {
      fail(ErrorCode::kCorruptData, file,
           fmt::format("the ids of \"vocab\" should be 0 to {}, each once, and {} has {}",
                       seen.size() - 1, in_quotes(piece), printable(id.dump())));
    }
    seen[id.get<size_t>()] = true;
    out.pieces[id.get<size_t>()] = piece;
  }
  if (json.contains("normalizer") && json["normalizer"].is_object() &&
      json["normalizer"].contains("lowercase") && json["normalizer"]["lowercase"].is_boolean()) {
    out.lower_case = json["normalizer"]["lowercase"].get<bool>();
  }
  return out;
}

}  // namespace realm
