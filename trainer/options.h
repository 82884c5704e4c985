// TrainOptions: everything that decides a training run, with defaults and units, and its JSON form
// (config.json of a run). Plain values, free of LibTorch: the command line and the window use them
// too. What each key means, with its unit, stands in trainer/options_table.h and in what
// describe_options gives. REALM_SPEC 5; presets in trainer/presets.cc.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace realm {

enum class TrainTask { kVocabulary, kMlm, kIct, kPretrain };

// How p(y|x) is marginalised in the training loss (REALM_SPEC 5.2).
enum class MarginalForm {
  kPaper,     // - log sum_z p(z|x) prod_j p(y_j|z,x), mean over examples
  kPerPiece,  // the released code: each piece marginalised by itself, mean over all pieces of the
              // batch
};

// When a refreshed index takes over (DESIGN.md 5.6; REALM_SPEC 6).
enum class RefreshMode {
  kRepeatable,  // begun at step s, adopted at step s + refresh_lag_steps exactly: runs repeat
  kFree,        // adopted as soon as it is done: never waits, does not repeat
};

// What stands beside x in the reader's input during the mlm task.
enum class PassageRule {
  kNone,  // plain BERT: [CLS] x [SEP]
  kGold,  // the passage that the training text names, cropped at first (TRAINING.md 1)
};

// What the matrix products are computed in. Weights, gradients, moments and everything between the
// products stay fp32.
enum class TrainPrecision { kFp32, kBf16 };

// What of x is hidden and predicted in the tasks mlm and pretrain (trainer/data/sentence_masker.h).
enum class Masking {
  kSalient,       // one salient span: a name, a date or a number
  kRandomTokens,  // BERT's; an ablation
  kRandomSpans,   // SpanBERT's; an ablation
};

struct TrainOptions {
  TrainTask task = TrainTask::kPretrain;

  // Data. Paths are absolute in a run's config.json.
  std::string workspace;      // folder with workspace.json; its corpus is Z
  std::string training_text;  // X: JSON Lines {"text", "title"?, "names"?}; [[...]] marks salient
                              // spans; empty: the corpus's own sentences
  Masking masking = Masking::kSalient;
  std::string span_tagger = "rules";  // of a training text without marks: "rules", or the
                                      // workspace's model of that name, a BERT token classifier
  std::string held_out_text;          // cloze rows for measurements while training; empty: none
  std::string initial_model;          // model of the workspace to start from; empty: from scratch
  std::string
      initial_encoder;  // pretrain: another model to take the encoder from; empty: initial_model
  // ict, pretrain: a further model whose embedder's weights are averaged with initial_model's
  // before the first step (Wortsman et al. 2022, model soups); empty: none.
  std::string average_model;
  std::string average_encoder;  // pretrain: the same of the encoder
  std::string output_model;     // published in the workspace at the end
  // Queries of the user's own that are measured again and again: JSON Lines {"name", "text" with
  // [[answer]], "title"?} (trainer/tasks/probe_queries.h); empty: none
  std::string probes;
  std::string vocabulary_text;  // vocabulary: plain text to count words in; empty: the corpus
  int vocabulary_size = 4000;   // pieces

  // Network, for training from scratch (otherwise the initial model's).
  int layers = 2, hidden = 128, heads = 4, intermediate = 512, positions = 192, projection = 128;
  double dropout = 0.0;  // hidden and attention; in place of what an initial model's config says
  bool copying_start =
      false;  // a new reader starts with weights that copy (trainer/tasks/initial_weights.h)
  // An initial reader of fewer layers gets more on top, which pass on their input at first
  // (trainer/tasks/initial_weights.h); 0: as it is.
  int grow_to_layers = 0;
  bool freeze_embeddings = false;  // word and position embeddings stay as the initial model's
  int query_length = 64;           // pieces of x with [CLS] and [SEP]
  int document_length = 128;       // pieces of a document with special ones

  // Schedule.
  int64_t steps = 1000;
  int batch_size = 64;  // examples a step
  double learning_rate = 1e-3;
  double encoder_learning_rate = 0;  // pretrain: the reader's own; 0: learning_rate
  double head_rate_factor = 1.0;  // mlm: times learning_rate, of the head in front of the decoder
  double warmup_fraction = 0.1;   // of steps, linear from 0
  double weight_decay = 0.01;
  double clip_norm = 1.0;  // global gradient norm
  int64_t seed = 1;
  int threads = 1;             // of LibTorch in the training thread
  std::string device = "cpu";  // cpu, cuda or cuda:N
  TrainPrecision precision = TrainPrecision::kFp32;
  int accumulate_steps = 1;  // parts that a batch is computed in, one after another; the gradient
                             // is the whole batch's
  bool activation_checkpointing = false;  // layers keep their input and are computed twice
  double decay_to = 0.0;                  // the schedule's last value as a share of learning_rate

  // mlm
  PassageRule passage = PassageRule::kGold;
  double one_sentence_until =
      0.35;  // share of the steps in which a passage is cropped to the sentence with the answer
  double two_sentences_until = 0.55;  // then to two, then whole
  double swap_probability = 0.5;      // examples whose names become others in x and z alike (also
                                      // the pairs of ict)
  double swap_from = 0.0;             // share of the steps before which nothing is swapped
  double second_span_probability =
      0.0;  // examples with their passage that have a second salient span masked as well
  double passage_mask_probability =
      0.0;  // examples in which one mention of a name in the passage is masked too, of a name
            // that stands elsewhere in the input
  double null_probability = 0.1;    // examples whose passage is the null document
  double wrong_probability = 0.05;  // examples whose passage is another one
  int unmasked_targets = 0;         // visible pieces of each example that are predicted too
  double unmasked_weight = 0.2;     // of their loss

  // ict
  double remove_probability = 0.9;  // the query's sentence is taken out of its passage
  double same_source_probability =
      0.6;                    // batches whose passages all have one source (hard negatives)
  double word_dropout = 0.1;  // words of a query that become [MASK]
  double mask_digits_probability = 0.6;  // queries in which every number is masked
  double mask_span_probability =
      0.0;  // queries from Z in which one name, date or number is masked wherever it stands
  double neighbour_probability =
      0.0;  // batches of passages that the retriever finds alike: some at random, each with its
            // nearest ones (hard negatives; embedded anew every refresh_every_steps)
  double pair_fraction =
      0.0;  // queries drawn from the training text with its named passage, not from Z

  // pretrain
  int candidates = 8;  // k with the null document
  MarginalForm marginal = MarginalForm::kPaper;
  int64_t refresh_every_steps = 100;
  int64_t refresh_lag_steps = 10;  // a refresh begun at step s is adopted at step s + lag exactly
  RefreshMode refresh_mode = RefreshMode::kRepeatable;
  int64_t stale_factor = 1;    // times refresh_every_steps; the paper's stale index: 30
  std::string refresh_device;  // that embeds the corpus: cpu, cuda, cuda:N; empty: the trainer's
  int refresh_threads = 1;     // of LibTorch in the refresher's thread, beside the trainer's own
  bool drop_trivial_candidate = true;  // the passage that holds x itself
  double warm_pair_fraction =
      0.0;  // examples read with their named passage and the mlm loss, mixed into the batch

  // Measurements and checkpoints.
  int64_t log_every_steps = 10;
  int64_t evaluate_every_steps = 200;
  int evaluate_examples = 128;
  int64_t checkpoint_every_steps = 500;
  int64_t keep_every_steps = 0;  // a multiple of checkpoint_every_steps; 0: the two newest alone
};

std::string to_string(TrainTask task);
TrainTask parse_task(
    const std::string& name);  // throws Error{kInvalidArgument} with the names that there are

// One option for a person to read.
struct OptionDescription {
  std::string key;
  std::string group;  // data, network, schedule, device, measurement, or the task that reads it
  std::string unit;   // "share": from 0 to 1; empty: none
  std::string kind;   // text, whole number, number, true or false, name
  std::vector<std::string> names;  // the values that a name can have
  std::string value_json;          // of the options that were given: the default, or a preset's
  std::string meaning;
  std::string cost;  // what a larger value, or true, takes: "memory and time"; empty: next to none
};
// Every option, in the order of config.json.
std::vector<OptionDescription> describe_options(const TrainOptions& options = {});

// JSON object with every key, pretty printed. Unknown keys and values of a wrong type are
// Error{kInvalidArgument} that name the key (an unknown one with the nearest that there is);
// missing ones keep the default. `file`, where one is given, is named by the errors about what is
// no such object.
std::string to_json(const TrainOptions& options);
TrainOptions train_options_from_json(const std::string& json, TrainOptions base = {},
                                     const std::string& file = {});
// "key=value" of the command line.
void set_option(TrainOptions& options, const std::string& assignment);
// Throws Error{kInvalidArgument} naming the key whose value cannot be.
void validate(const TrainOptions& options);

// Named presets: a task's options with the values of one recipe. Throws Error{kInvalidArgument}
// with the names.
TrainOptions preset(const std::string& name, TrainTask task);
std::vector<std::string> preset_names();

}  // namespace realm
