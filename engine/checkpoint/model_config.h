// ModelConfig: what config.json of a Hugging Face REALM or BERT folder says (REALM_SPEC 10.1). A
// plain value, free of LibTorch. Every key may be absent; the defaults here are those of the REALM
// hub files (an absent hidden_act means "gelu_new" in a REALM config and "gelu" in a BERT one).
// Keys that mean nothing to us are kept as they are and written back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace realm {

enum class HiddenActivation { kGeluErf, kGeluTanh, kRelu };  // "gelu", "gelu_new", "relu"

// How a sequence becomes one vector h in the retriever. REALM's own is the first (REALM_SPEC 4.2);
// the others are those of sentence-transformers (Reimers and Gurevych 2019, section 3).
enum class RetrieverPooling {
  kClsPooler,  // "cls_pooler": tanh(W_pool BERT(.)[CLS] + b_pool)
  kCls,        // "cls": BERT(.)[CLS]
  kMean,       // "mean": the mean of BERT(.) over all pieces, special ones included
};
// What h goes through to become the embedding e.
enum class RetrieverProjection {
  kDenseNorm,  // "dense_norm": LayerNorm(W h + b), REALM's own
  kDenseTanh,  // "dense_tanh": tanh(W h + b)
  kDense,      // "dense": W h + b
  kNone,       // "none": e = h, so P = H
};

struct ModelConfig {
  std::string model_type = "realm";        // model_type: "realm" or "bert"
  std::vector<std::string> architectures;  // architectures

  // The body.
  int64_t vocabulary = 30522;                                 // vocab_size
  int64_t hidden = 768;                                       // hidden_size
  int64_t layers = 12;                                        // num_hidden_layers
  int64_t heads = 12;                                         // num_attention_heads; divides hidden
  int64_t intermediate = 3072;                                // intermediate_size
  int64_t positions = 512;                                    // max_position_embeddings
  int64_t types = 2;                                          // type_vocab_size
  HiddenActivation activation = HiddenActivation::kGeluTanh;  // hidden_act
  double layer_norm_eps = 1e-12;                              // layer_norm_eps
  double hidden_dropout = 0.1;                                // hidden_dropout_prob, in [0, 1)
  double attention_dropout = 0.1;   // attention_probs_dropout_prob, in [0, 1)
  double initializer_range = 0.02;  // initializer_range
  // pad_token_id. The hub's REALM files say 1, which is a mistake that only freezes a row of the
  // word embeddings in training; padding itself is the vocabulary's [PAD].
  int64_t pad_token_id = 1;
  bool tie_word_embeddings = true;  // tie_word_embeddings: the decoder is the word embeddings

  // The retriever.
  int64_t projection = 128;  // retriever_proj_size P
  // retriever_pooling, retriever_projection, retriever_normalize: ours; absent in REALM's own
  // configs, where they have these values.
  RetrieverPooling pooling = RetrieverPooling::kClsPooler;
  RetrieverProjection projection_kind = RetrieverProjection::kDenseNorm;
  // Embeddings have length sqrt(s), so that f(x,z) = s cos(x,z); s is trained (its logarithm is the
  // tensor cls.log_score_scale) and 20 where the file does not have it.
  bool normalize = false;
  // retriever_query_masks, ours: whether the retriever reads the masks of x (pack_query).
  bool query_masks = true;
  int64_t num_candidates = 8;  // num_candidates, with the null document

  // The open-QA reader.
  int64_t span_hidden = 256;            // span_hidden_size S
  int64_t max_span_width = 10;          // max_span_width
  double reader_layer_norm_eps = 1e-3;  // reader_layer_norm_eps
  int64_t reader_beam = 5;              // reader_beam_size
  int64_t reader_length = 320;          // reader_seq_len
  int64_t searcher_beam = 5000;         // searcher_beam_size
  int64_t block_records = 13'353'718;   // num_block_records

  // Every other key of the file, as JSON text ("bos_token_id": "0").
  std::map<std::string, std::string> other;

  // The defaults of a BERT config: "gelu", pad_token_id 0, model_type "bert".
  static ModelConfig bert();
  // `where` names the text in messages. Throws Error{kCorruptData} (not JSON, a key of the wrong
  // type, a value out of range; the sentence names the key, what was expected and what was found)
  // and Error{kUnsupported} (an activation or kind of position that we do not have).
  static ModelConfig parse(std::string_view json, const std::string& where);
  // Reads the file; blocks. Throws as parse, and Error{kNotFound, kIo}.
  static ModelConfig load(const std::filesystem::path& file);

  // Whether any BERT body gives an embedder: nothing beyond it is needed.
  bool body_is_embedder() const {
    return pooling != RetrieverPooling::kClsPooler && projection_kind == RetrieverProjection::kNone;
  }

  // The text of config.json: the same keys as Hugging Face writes, sorted, two spaces of
  // indentation.
  std::string to_json() const;
  // Throws Error{kCorruptData} when the numbers make no model. parse() has already called it.
  void validate(const std::string& where) const;
};

}  // namespace realm
