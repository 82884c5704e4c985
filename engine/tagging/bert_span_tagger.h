// BertSpanTagger: names in texts by a BERT token classifier, the tagger of salient spans that the
// REALM paper describes (section 3.4): trained on CoNLL-2003 it tells persons, places,
// organisations and other names. Free of LibTorch in its header.
//
// A word has the label of its first piece, as in BERT's own named entity recognition (Devlin et al.
// 2019, section 5.3). Both IOB schemes are read: B- begins a span, and so does I- behind another
// type. Sentences are tagged for themselves; one that is longer than the model's positions is read
// in windows that overlap by half, and a word counts in the window where it is farthest from the
// borders.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/text/salient_span_tagger.h"

namespace realm {

struct BertSpanTaggerOptions {
  std::string device = "cpu";  // "cpu", "cuda", "cuda:N"
  int batch_size = 16;         // sentences or windows that the model reads together
  int threads = 0;             // of LibTorch; 0: as many as cores are free
};

// Thread rule: tag() and tag_all() may be called from several threads. They block while the model
// reads.
class BertSpanTagger final : public SalientSpanTagger {
 public:
  // Opens a Hugging Face BertForTokenClassification folder, cased or uncased. Throws what
  // load_token_classifier_tensors and Vocabulary::load do, Error{kUnsupported} for a device that is
  // not there.
  static std::unique_ptr<BertSpanTagger> open(const std::filesystem::path& folder,
                                              const BertSpanTaggerOptions& options = {});
  ~BertSpanTagger() override;

  std::vector<SalientSpan> tag(std::string_view text) const override;
  std::vector<std::vector<SalientSpan>> tag_all(
      std::span<const std::string_view> texts) const override;

  // SHA-256 of weights, labels, vocabulary and case rule: what the spans depend on.
  const std::string& fingerprint() const;

 private:
  struct Model;
  explicit BertSpanTagger(std::unique_ptr<Model> model);
  std::unique_ptr<Model> model_;
};

// What kind of span an entity type of a classifier is: DATE is a date, the numeric types of
// OntoNotes (CARDINAL, ORDINAL, QUANTITY, PERCENT, MONEY) are numbers, all others are names.
SalientSpanKind kind_of_type(std::string_view type) noexcept;

}  // namespace realm
