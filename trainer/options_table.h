// The table of training options: key, what it belongs to, unit, meaning, member. Reading, writing,
// setting, checking and describing options all go through it, so that each is said once. One line
// an option. Private to trainer/options*.cc.
#pragma once

#include "trainer/options.h"

namespace realm {

struct OptionText {
  const char* key;
  const char* group;  // data, network, schedule, device, measurement, or the task that reads it
  const char* unit;   // "share": from 0 to 1; empty: none
  const char* meaning;
  const char* cost = "";  // what a larger value, or true, takes; empty: next to none
};

// Calls v(text, member) for every option of `o`, a TrainOptions, const or not.
template <typename Options, typename Visitor>
void visit_options(Options& o, Visitor&& v) {
  // clang-format off
  v(OptionText{"task", "data", "", "what is trained"}, o.task);
  v(OptionText{"workspace", "data", "folder", "the workspace; its corpus is Z"}, o.workspace);
  v(OptionText{"training_text", "data", "file", "X: JSON Lines {\"text\", \"title\"?, \"names\"?}, where [[...]] marks salient spans; empty: the sentences of the corpus itself", "memory and a longer start, in proportion to its size"}, o.training_text);
  v(OptionText{"masking", "data", "", "what of x is hidden in mlm and pretrain: one salient span, or BERT's random tokens or SpanBERT's random spans as ablations"}, o.masking);
  v(OptionText{"span_tagger", "data", "", "of a training text without marks: rules, or the workspace's model of that name, a BERT token classifier", "a model reads every sentence once before the first step, some seconds a thousand on a core"}, o.span_tagger);
  v(OptionText{"held_out_text", "data", "file", "cloze rows for measurements while training; empty: none", "time at every evaluation"}, o.held_out_text);
  v(OptionText{"initial_model", "data", "model", "model of the workspace to start from, or its vocabulary where it has no weights"}, o.initial_model);
  v(OptionText{"initial_encoder", "data", "model", "pretrain: another model to take the encoder from; empty: initial_model"}, o.initial_encoder);
  v(OptionText{"average_model", "data", "model", "ict, pretrain: another model whose embedder is averaged with initial_model's at the start; empty: none", "memory for a moment at the start"}, o.average_model);
  v(OptionText{"average_encoder", "data", "model", "pretrain: another model whose encoder is averaged with that one at the start; empty: none"}, o.average_encoder);
  v(OptionText{"output_model", "data", "model", "name under which the result is put into the workspace; empty: it stays in the run"}, o.output_model);
  v(OptionText{"probes", "measurement", "file", "queries of your own, measured at every evaluation: JSON Lines {\"name\", \"text\" with [[answer]], \"title\"?}; empty: none", "time at every evaluation"}, o.probes);
  v(OptionText{"vocabulary_text", "vocabulary", "file", "plain text to count words in; empty: the corpus"}, o.vocabulary_text);
  v(OptionText{"vocabulary_size", "vocabulary", "pieces", "pieces of the vocabulary with the special ones", "memory, and time where many pieces are predicted"}, o.vocabulary_size);
  v(OptionText{"layers", "network", "layers", "of a network from scratch; a run that starts from weights has its model's here and in the next four, the reader's where two are trained", "memory and time grow with it"}, o.layers);
  v(OptionText{"hidden", "network", "dimensions", "width of the hidden vectors; a multiple of heads", "memory grows with it, time with its square"}, o.hidden);
  v(OptionText{"heads", "network", "heads", "attention heads a layer"}, o.heads);
  v(OptionText{"intermediate", "network", "dimensions", "width inside the feed-forward part", "memory and time grow with it"}, o.intermediate);
  v(OptionText{"positions", "network", "pieces", "longest input that the network can take", "next to nothing by itself; the lengths below take memory and time"}, o.positions);
  v(OptionText{"projection", "network", "dimensions", "of the embeddings that are compared: e(x) and e(z)", "the index's memory and the time of a search grow with it"}, o.projection);
  v(OptionText{"dropout", "network", "share", "of hidden values and attention weights while training, of new and of initial networks alike, whatever the initial model's config says", "memory: the noise is kept for the way back"}, o.dropout);
  v(OptionText{"copying_start", "network", "", "a new reader starts with weights that copy what is attended to"}, o.copying_start);
  v(OptionText{"grow_to_layers", "network", "layers", "an initial reader of fewer layers gets more on top, which pass on their input at first; 0: as it is", "memory and time grow with it"}, o.grow_to_layers);
  v(OptionText{"freeze_embeddings", "network", "", "the word and position embeddings stay as the initial model has them, and the decoder that is tied to them"}, o.freeze_embeddings);
  v(OptionText{"query_length", "data", "pieces", "longest x with [CLS] and [SEP]", "memory and time grow with it, attention with its square"}, o.query_length);
  v(OptionText{"document_length", "data", "pieces", "longest document with its special pieces", "memory and time grow with it, attention with its square"}, o.document_length);
  v(OptionText{"steps", "schedule", "steps", "updates of the weights in the whole run", "time grows with it"}, o.steps);
  v(OptionText{"batch_size", "schedule", "examples", "examples a step", "memory and time of a step grow with it"}, o.batch_size);
  v(OptionText{"learning_rate", "schedule", "", "highest rate of the schedule"}, o.learning_rate);
  v(OptionText{"encoder_learning_rate", "schedule", "", "pretrain: the reader's own highest rate; 0: learning_rate"}, o.encoder_learning_rate);
  v(OptionText{"head_rate_factor", "mlm", "factor", "of the learning rate for the head in front of the decoder, which is new where a body alone is the start"}, o.head_rate_factor);
  v(OptionText{"warmup_fraction", "schedule", "share", "of the steps in which the rate rises from 0"}, o.warmup_fraction);
  v(OptionText{"decay_to", "schedule", "share", "of learning_rate that the schedule ends at"}, o.decay_to);
  v(OptionText{"weight_decay", "schedule", "", "decoupled, times the rate; spares layer norms and biases"}, o.weight_decay);
  v(OptionText{"clip_norm", "schedule", "", "largest global norm of the gradient; a longer one is shortened to it"}, o.clip_norm);
  v(OptionText{"seed", "schedule", "", "of every random draw"}, o.seed);
  v(OptionText{"threads", "device", "threads", "of LibTorch in the training thread", "cores; one beyond those that are free makes all wait"}, o.threads);
  v(OptionText{"device", "device", "", "cpu, cuda or cuda:N"}, o.device);
  v(OptionText{"precision", "device", "", "of the matrix products; weights, gradients and moments are always fp32"}, o.precision);
  v(OptionText{"accumulate_steps", "device", "parts", "that a batch is computed in, one after another, for less memory; the gradient is the whole batch's", "less memory for a little time"}, o.accumulate_steps);
  v(OptionText{"activation_checkpointing", "device", "", "layers keep their input only and are computed again on the way back: less memory, a third more time", "a third more time, for less memory"}, o.activation_checkpointing);
  v(OptionText{"passage", "mlm", "", "what stands beside x: no passage (plain BERT), or the one that the text names"}, o.passage);
  v(OptionText{"one_sentence_until", "mlm", "share", "of the steps in which a passage is cropped to the sentence with the answer"}, o.one_sentence_until);
  v(OptionText{"two_sentences_until", "mlm", "share", "of the steps after which passages are whole; before, cropped to two sentences"}, o.two_sentences_until);
  v(OptionText{"swap_probability", "mlm", "share", "of examples whose names become others in x and z alike; also of the pairs of ict"}, o.swap_probability);
  v(OptionText{"swap_from", "mlm", "share", "of the steps before which nothing is swapped"}, o.swap_from);
  v(OptionText{"second_span_probability", "mlm", "share", "of examples with their passage that have a second salient span masked"}, o.second_span_probability);
  v(OptionText{"passage_mask_probability", "mlm", "share", "of examples in which a name of the passage that stands elsewhere in the input is masked once"}, o.passage_mask_probability);
  v(OptionText{"null_probability", "mlm", "share", "of examples whose passage is the null document"}, o.null_probability);
  v(OptionText{"wrong_probability", "mlm", "share", "of examples whose passage is another one"}, o.wrong_probability);
  v(OptionText{"unmasked_targets", "mlm", "pieces", "visible pieces of each example that are predicted too", "memory and time, as each is scored over the vocabulary"}, o.unmasked_targets);
  v(OptionText{"unmasked_weight", "mlm", "factor", "of their loss"}, o.unmasked_weight);
  v(OptionText{"remove_probability", "ict", "share", "of queries whose sentence is taken out of its passage"}, o.remove_probability);
  v(OptionText{"same_source_probability", "ict", "share", "of batches whose passages all have one source (hard negatives)"}, o.same_source_probability);
  v(OptionText{"word_dropout", "ict", "share", "of the words of a query that become [MASK]"}, o.word_dropout);
  v(OptionText{"mask_digits_probability", "ict", "share", "of queries in which every number is masked"}, o.mask_digits_probability);
  v(OptionText{"mask_span_probability", "ict", "share", "of queries from Z in which one name, date or number is masked wherever it stands"}, o.mask_span_probability);
  v(OptionText{"neighbour_probability", "ict", "share", "of batches of passages that the retriever finds alike (hard negatives), embedded anew every refresh_every_steps", "above 0 the corpus is embedded every refresh_every_steps, during which training waits"}, o.neighbour_probability);
  v(OptionText{"pair_fraction", "ict", "share", "of queries drawn from the training text with its named passage, not from Z"}, o.pair_fraction);
  v(OptionText{"candidates", "pretrain", "documents", "k, the null document counted in", "memory and time grow with it"}, o.candidates);
  v(OptionText{"marginal", "pretrain", "", "the loss: the paper's p(y|x), or each piece marginalised by itself as the released code does"}, o.marginal);
  v(OptionText{"refresh_every_steps", "pretrain", "steps", "between two refreshes of the index", "each refresh embeds the whole corpus: fewer steps between two take more time"}, o.refresh_every_steps);
  v(OptionText{"refresh_lag_steps", "pretrain", "steps", "after its beginning at which a refresh is adopted, exactly"}, o.refresh_lag_steps);
  v(OptionText{"refresh_mode", "pretrain", "", "repeatable: adopted at the step that refresh_lag_steps says; free: as soon as it is done, which does not repeat"}, o.refresh_mode);
  v(OptionText{"stale_factor", "pretrain", "factor", "times refresh_every_steps; the paper's stale index: 30"}, o.stale_factor);
  v(OptionText{"refresh_device", "pretrain", "", "that embeds the corpus: cpu, cuda or cuda:N; empty: the trainer's"}, o.refresh_device);
  v(OptionText{"refresh_threads", "pretrain", "threads", "of LibTorch in the refresher's thread, beside the trainer's own", "cores, beside those of threads, while a refresh is made"}, o.refresh_threads);
  v(OptionText{"drop_trivial_candidate", "pretrain", "", "the passage that holds x itself is no candidate"}, o.drop_trivial_candidate);
  v(OptionText{"warm_pair_fraction", "pretrain", "share", "of the batch that is read with its named passage and the mlm loss beside", "time: the reader reads these examples once more"}, o.warm_pair_fraction);
  v(OptionText{"log_every_steps", "measurement", "steps", "between two rows of numbers", "disk, the more the fewer steps lie between two"}, o.log_every_steps);
  v(OptionText{"evaluate_every_steps", "measurement", "steps", "between two measurements on held_out_text", "training waits while it measures"}, o.evaluate_every_steps);
  v(OptionText{"evaluate_examples", "measurement", "examples", "of held_out_text that are measured", "time of an evaluation grows with it"}, o.evaluate_examples);
  v(OptionText{"checkpoint_every_steps", "measurement", "steps", "between two checkpoints; the two newest are kept", "training waits for the disk while one is written"}, o.checkpoint_every_steps);
  v(OptionText{"keep_every_steps", "measurement", "steps", "between two checkpoints whose models stay, to be asked later; a multiple of checkpoint_every_steps; 0: none stays", "disk: every model that stays is as large as its weights"}, o.keep_every_steps);
  // clang-format on
}

}  // namespace realm
