// A small corpus, and samplers of the inverse cloze task over it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/temp_directory.h"
#include "tests/trainer/data/small_world.h"
#include "trainer/data/ict_example.h"
#include "trainer/data/training_text.h"

namespace realm::testing {

// Towns of the north (12), rivers of the south (12), three notes of one source, and one passage of
// a single sentence.
inline std::vector<Document> towns_and_rivers() {
  std::vector<Document> out;
  for (int i = 0; i < 12; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    out.push_back({1 + i, name,
                   "Town " + name + " is old. It was founded in 18" + std::to_string(i) + ".",
                   "towns", "", 1});
  }
  for (int i = 0; i < 12; ++i) {
    const std::string name(1, static_cast<char>('m' + i));
    out.push_back({20 + i, name,
                   "River " + name + " is long. It lies in the south. Old is " + name + ".",
                   "rivers", "", 1});
  }
  for (int i = 0; i < 3; ++i)
    out.push_back({40 + i, "note", "The note is old. It is long.", "notes", "", 1});
  out.push_back({50, "short", "Town short.", "towns", "", 1});
  return out;
}

class IctSamplers : public ::testing::Test {
 protected:
  IctSamplers() {
    options_.query_length = 16;
    options_.document_length = 40;
    options_.positions = 56;
    options_.batch_size = 6;
    options_.word_dropout = 0;
    options_.mask_digits_probability = 0;
    options_.same_source_probability = 0;
  }
  IctSampler sampler(const TrainingText* text = nullptr) const {
    return {options_, tokenizer_->vocabulary(), passages_, text};
  }
  // Rows of a training text, which are all the batch asks as far as they go.
  TrainingText only_asked(const std::string& rows) {
    options_.pair_fraction = 1.0;
    const TempDirectory folder;
    return TrainingText::load(folder.write("x.jsonl", rows), *tokenizer_, passages_,
                              {.query_length = options_.query_length});
  }
  std::string text(const BertInput& input) const { return text_of(*tokenizer_, input.ids); }
  // Between [CLS] and [SEP].
  std::string query(const BertInput& input) const {
    return text_of(*tokenizer_, {input.ids.begin() + 1, input.ids.end() - 1});
  }

  std::shared_ptr<const WordPieceTokenizer> tokenizer_ =
      letters_and({"town", "river", "is", "old", "long", "it", "was", "founded", "in", "the",
                   "south", "lies", "note", "short", "18"});
  PassageTable passages_ = PassageTable::load(MemoryCorpus(towns_and_rivers()), *tokenizer_);
  TrainOptions options_;
};

}  // namespace realm::testing
