// The tensors of a Hugging Face BertForTokenClassification folder: BERT's body and a dense layer
// "classifier." over each piece, with the names of its labels from config.json (id2label). The
// REALM paper's tagger of salient spans is such a model, trained on CoNLL-2003 (section 3.4).
//
// Pure reading of tables of contents; blocks on disk. Safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/model_folder.h"

namespace realm {

// A label of the IOB schemes: "O", "B-PER", "I-PER".
struct TokenLabel {
  enum class Place { kOutside, kBegin, kInside };
  Place place = Place::kOutside;
  std::string type;  // "PER"; empty outside
  bool operator==(const TokenLabel&) const = default;
};

// nullopt: not of these forms.
std::optional<TokenLabel> parse_token_label(std::string_view name);

struct TokenClassifierTensors {
  // The body, then classifier.weight [C, H] and classifier.bias [C]; the accounting counts all of
  // them.
  PartTensors tensors;
  std::vector<TokenLabel> labels;  // C of them, by class
};

// Throws Error{kMismatch} naming the tensors that are missing or misshapen, Error{kCorruptData} for
// an id2label that does not number its labels from 0 on, Error{kUnsupported} for a config without
// labels, or with labels that are not of an IOB scheme, and all errors of ModelFolder::load.
TokenClassifierTensors load_token_classifier_tensors(const ModelFolder& folder);

}  // namespace realm
