#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/base/error.h"
#include "trainer/options.h"

namespace realm {
namespace {

// The recipe of the starter workspace (assets/starter/README.md), for one core.
TrainOptions starter(TrainTask task) {
  TrainOptions o;
  o.task = task;
  o.vocabulary_size = 6000;
  o.query_length = 64;
  o.document_length = 128;
  o.positions = 192;
  o.hidden = 128;
  o.heads = 4;
  o.projection = 128;
  switch (task) {
    case TrainTask::kVocabulary:
      break;
    case TrainTask::kIct:
      o.layers = 2;
      o.intermediate = 256;
      o.steps = 3000;
      o.batch_size = 96;
      o.learning_rate = 1e-3;
      break;
    case TrainTask::kMlm:
      o.layers = 4;
      o.intermediate = 256;
      o.steps = 12000;
      o.batch_size = 64;
      o.learning_rate = 2e-3;
      o.warmup_fraction = 0.04;
      o.copying_start = true;
      o.unmasked_targets = 1;
      o.one_sentence_until = 0.1;
      o.two_sentences_until = 0.18;
      o.swap_probability = 0.7;
      o.null_probability = 0.06;
      o.wrong_probability = 0.04;
      o.second_span_probability = 0.15;
      o.passage_mask_probability = 0.2;
      break;
    case TrainTask::kPretrain:
      o.steps = 700;
      o.batch_size = 24;
      o.candidates = 6;
      o.learning_rate = 5e-5;  // much higher, the null document takes everything within 50 steps
      o.encoder_learning_rate = 5e-4;
      o.refresh_every_steps = 50;
      o.refresh_lag_steps = 5;
      o.warm_pair_fraction = 0.5;
      o.one_sentence_until = 0;
      o.two_sentences_until = 0;
      break;
  }
  return o;
}

// A body of 6 x 384 as all-MiniLM-L6-v2 has it, which the English workspace starts from
// (TRAINING.md 2: lengths, rates, shares of null and wrong passages, four visible targets).
TrainOptions english(TrainTask task) {
  TrainOptions o;
  o.task = task;
  o.vocabulary_size = 30522;
  o.layers = 6;
  o.hidden = 384;
  o.heads = 12;
  o.intermediate = 1536;
  o.positions = 512;
  o.projection = 128;
  // Differs from paper: no dropout, as no text is seen often enough (assets/english/train.sh).
  o.dropout = 0.0;
  o.precision = TrainPrecision::kBf16;
  o.warmup_fraction = 0.05;
  o.one_sentence_until = 0;  // a trained body reads whole passages from the start
  o.two_sentences_until = 0;
  o.swap_probability = 0;
  o.null_probability = 0.15;
  o.wrong_probability = 0.1;
  o.unmasked_targets = 4;
  o.unmasked_weight = 0.2;
  o.same_source_probability = 0;
  o.warm_pair_fraction = 0.5;
  switch (task) {
    case TrainTask::kVocabulary:
      break;
    case TrainTask::kIct:
      o.learning_rate = 1e-4;
      break;
    case TrainTask::kMlm:
      o.learning_rate = 3e-4;
      break;
    case TrainTask::kPretrain:
      o.learning_rate = 3e-5;
      o.encoder_learning_rate = 1e-4;
      break;
  }
  return o;
}

// For 2 cores: some hours a task. One is left to the window, and to the refresher.
TrainOptions english_cpu(TrainTask task) {
  TrainOptions o = english(task);
  o.threads = 1;
  o.query_length = 64;
  o.document_length = 128;
  o.batch_size = 24;
  o.steps = 4000;
  o.evaluate_every_steps = 500;
  o.checkpoint_every_steps = 250;
  if (task == TrainTask::kIct) o.batch_size = 64;
  if (task == TrainTask::kPretrain) {
    o.batch_size = 8;
    o.candidates = 4;
    o.steps = 2000;
    o.refresh_every_steps = 200;
    o.refresh_lag_steps = 100;  // the corpus is embedded beside, on the same two cores
  }
  return o;
}

// For one card of 80 GB: the paper's lengths, candidates and refreshes.
TrainOptions english_gpu(TrainTask task) {
  TrainOptions o = english(task);
  o.device = "cuda";
  o.threads = 4;
  o.query_length = 96;
  o.document_length = 288;
  o.batch_size = 256;
  o.steps = 50000;
  o.refresh_every_steps = 500;
  o.refresh_lag_steps = 100;
  o.log_every_steps = 50;
  o.evaluate_every_steps = 1000;
  o.evaluate_examples = 512;
  o.checkpoint_every_steps = 1000;
  if (task == TrainTask::kIct) {
    o.batch_size = 1024;
    o.query_length = 64;
    o.activation_checkpointing = true;  // in-batch negatives: the batch cannot be cut
  }
  if (task == TrainTask::kPretrain) {
    o.candidates = 8;
    o.accumulate_steps = 8;
  }
  return o;
}

// The paper's own numbers (section 4.1 and appendix; REALM_SPEC 5.5, 5.7).
TrainOptions paper(TrainTask task) {
  TrainOptions o;
  o.task = task;
  o.vocabulary_size = 30522;
  o.layers = 12;
  o.hidden = 768;
  o.heads = 12;
  o.intermediate = 3072;
  o.positions = 512;
  o.projection = 128;
  o.dropout = 0.1;
  o.query_length = 96;
  o.document_length = 288;
  o.steps = 200000;
  o.batch_size = 512;
  o.learning_rate = 3e-5;
  o.warmup_fraction = 0.05;
  o.candidates = 8;
  o.refresh_every_steps = 500;
  o.refresh_lag_steps = 100;
  o.checkpoint_every_steps = 1000;
  o.mask_digits_probability = 0;
  o.word_dropout = 0;
  o.same_source_probability = 0;
  o.swap_probability = 0;
  if (task == TrainTask::kIct) {
    o.steps = 100000;
    o.batch_size = 4096;
    o.learning_rate = 1e-4;
    o.query_length = 64;
    o.warmup_fraction = 0.1;
  }
  return o;
}

}  // namespace

TrainOptions preset(const std::string& name, TrainTask task) {
  if (name == "starter") return starter(task);
  if (name == "english-cpu") return english_cpu(task);
  if (name == "english-gpu") return english_gpu(task);
  if (name == "paper") return paper(task);
  throw Error(ErrorCode::kInvalidArgument, fmt::format("There is no preset \"{}\"; there are {}.",
                                                       name, fmt::join(preset_names(), ", ")));
}

std::vector<std::string> preset_names() {
  return {"starter", "english-cpu", "english-gpu", "paper"};
}

}  // namespace realm
