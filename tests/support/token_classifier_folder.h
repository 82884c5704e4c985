// A BertForTokenClassification folder whose labels are known beforehand: attention and feed-forward
// layers are zero, so that a piece's label depends on its own embedding alone, which points along
// the axis of its class. Needs realm_checkpoint.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace realm::testing {

struct TokenClassifierFolder {
  std::vector<std::string> labels = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};  // at most 8
  // Pieces beside [PAD] [UNK] [CLS] [SEP] [MASK], and the class of each.
  std::vector<std::pair<std::string, int>> pieces = {};
  bool lower_case = true;
  int positions = 12;
  std::string id2label = {};  // JSON in place of that of `labels`; empty: none
  std::string left_out = {};  // name of a tensor that is not written
  int classifier_rows = -1;   // of classifier.weight; -1: one a label
};

void write_token_classifier(const std::filesystem::path& folder,
                            const TokenClassifierFolder& content);

}  // namespace realm::testing
