// PassageReader: log p(piece | z, x) of a query's masks under passages, by the knowledge-augmented
// encoder (REALM section 3.2; REALM_SPEC 3, 4.4), or under none, by plain BERT.
//
// Thread rule: one owner; every call blocks.
#pragma once

#include <stop_token>
#include <vector>

#include "engine/model/knowledge_augmented_encoder.h"
#include "engine/model/model_setting.h"
#include "engine/prediction/word_ranking.h"
#include "engine/text/bert_input.h"
#include "engine/text/corpus.h"
#include "engine/text/masked_text.h"
#include "engine/text/wordpiece_tokenizer.h"

namespace realm {

// log p(piece v at mask m | z_k, x), [K, M, V] row-major.
struct Reading {
  std::vector<float> log_p;
  int documents = 0, masks = 0, vocabulary = 0;
  PieceTable table() const { return {log_p, documents, masks, vocabulary}; }
};

class PassageReader {
 public:
  PassageReader(KnowledgeAugmentedEncoder encoder, ModelSetting setting);

  // x beside each document's text; an empty text is the null document. Throws Error{kCancelled}
  // within one group of 16 documents of a request to stop.
  Reading read(const MaskedText& x, const std::vector<Document>& documents,
               const std::stop_token& stop);
  // [CLS] x [SEP] alone, as plain BERT sees it: K = 1.
  Reading read_alone(const MaskedText& x);

 private:
  Reading run(const std::vector<BertInput>& inputs, const std::vector<int>& masks);

  KnowledgeAugmentedEncoder encoder_;
  ModelSetting setting_;
};

}  // namespace realm
