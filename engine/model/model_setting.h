// ModelSetting: what the networks of one model share when texts go through them. A plain value.
#pragma once

#include <memory>

#include "engine/model/torch.h"
#include "engine/text/bert_input.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

struct ModelSetting {
  std::shared_ptr<const WordPieceTokenizer> tokenizer;
  SequenceLengths lengths;
  torch::Device device = torch::kCPU;
  int threads = 0;  // of LibTorch; 0: as many as cores are free

  const SpecialIds& special() const { return tokenizer->vocabulary().special(); }
  // Sets LibTorch's threads. Called before each batch, as other processes come and go in the hours
  // that a window stays open.
  void choose_threads() const;
};

}  // namespace realm
