#include "engine/tagging/bert_span_tagger.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/model/model_io.h"
#include "engine/model/model_setting.h"
#include "engine/model/token_classifier.h"
#include "engine/tagging/label_decoder.h"
#include "engine/text/sentence_splitter.h"

namespace realm {
namespace {

constexpr int kSpecialPieces = 2;  // [CLS] and [SEP]

// A sentence of one of the texts as the model reads it.
struct Sentence {
  size_t text = 0;                 // index of its text
  std::vector<int32_t> ids;        // without [CLS] and [SEP]
  std::vector<int> first;          // index into ids of each word's first piece
  std::vector<ByteSpan> words;     // in the whole text
  std::vector<TokenLabel> labels;  // one a word, once the model has read it
};

struct Reading {
  size_t sentence = 0;
  Window window;
};

torch::Device parse_device(const std::string& name) {
  try {
    return torch::Device(name);
  } catch (const c10::Error&) {
    throw Error(ErrorCode::kUnsupported, "The device \"" + name + "\" is not known.");
  }
}

std::string fingerprint_of(const TokenClassifierTensors& tensors, const ModelConfig& config,
                           const WordPieceTokenizer& tokenizer) {
  Sha256 digest;
  digest.update(tensors.tensors.fingerprint());
  digest.update(config.to_json());
  digest.update(tokenizer.vocabulary().fingerprint());
  digest.update(tokenizer.options().lower_case ? "uncased" : "cased");
  return digest.hex();
}

}  // namespace

struct BertSpanTagger::Model {
  ModelSetting setting;
  TokenClassifier network{nullptr};
  std::vector<TokenLabel> labels;
  std::string fingerprint;
  int batch_size = 16;
  int width = 0;  // pieces that fit between [CLS] and [SEP]

  std::vector<Sentence> split(size_t index, std::string_view text) const {
    std::vector<Sentence> sentences;
    for (const ByteSpan& bytes : split_sentences(text)) {
      Sentence sentence;
      sentence.text = index;
      for (const Token& token :
           setting.tokenizer->tokenize(text.substr(bytes.begin, bytes.size()))) {
        if (!token.continues_word || sentence.words.empty()) {
          sentence.first.push_back(static_cast<int>(sentence.ids.size()));
          sentence.words.push_back({bytes.begin + token.begin, bytes.begin + token.end});
        }
        sentence.words.back().end = bytes.begin + token.end;
        sentence.ids.push_back(token.id);
      }
      if (!sentence.ids.empty()) sentences.push_back(std::move(sentence));
    }
    return sentences;
  }

  // Fills in the labels of the words that count in these windows.
  void read(std::span<const Reading> batch, std::vector<Sentence>& sentences) {
    std::vector<BertInput> inputs;
    for (const Reading& reading : batch) {
      const std::span<const int32_t> ids(sentences[reading.sentence].ids);
      const auto begin = static_cast<size_t>(reading.window.begin);
      const auto size = static_cast<size_t>(reading.window.end) - begin;
      const TokenSpan pieces = ids.subspan(begin, size);
      inputs.push_back(
          pack_sequences({&pieces, 1}, static_cast<int>(size) + kSpecialPieces, setting.special()));
    }
    const torch::Tensor classes =  // [B, L]
        network(make_batch(inputs, setting.special(), setting.device)).argmax(-1).to(torch::kCPU);
    const auto values = classes.accessor<int64_t, 2>();
    for (size_t b = 0; b < batch.size(); ++b) {
      Sentence& sentence = sentences[batch[b].sentence];
      const Window& window = batch[b].window;
      for (size_t word = 0; word < sentence.words.size(); ++word) {
        const int piece = sentence.first[word];
        if (piece < window.counts_from || piece >= window.counts_to) continue;
        const int64_t found = values[static_cast<int64_t>(b)][piece - window.begin + 1];
        sentence.labels[word] = labels[static_cast<size_t>(found)];
      }
    }
  }
};

BertSpanTagger::BertSpanTagger(std::unique_ptr<Model> model) : model_(std::move(model)) {}
BertSpanTagger::~BertSpanTagger() = default;

std::unique_ptr<BertSpanTagger> BertSpanTagger::open(const std::filesystem::path& folder,
                                                     const BertSpanTaggerOptions& options) {
  const ModelFolder files = ModelFolder::open(folder);
  const TokenClassifierTensors tensors = load_token_classifier_tensors(files);
  auto model = std::make_unique<Model>();
  model->setting.tokenizer = load_tokenizer(files);
  model->setting.device = parse_device(options.device);
  model->setting.threads = options.threads;
  const ModelConfig& config = tensors.tensors.config;
  if (model->setting.tokenizer->vocabulary().size() > config.vocabulary) {
    throw Error(ErrorCode::kMismatch,
                "The vocabulary of \"" + folder.string() + "\" has more pieces than its model.");
  }
  model->width = static_cast<int>(config.positions) - kSpecialPieces;
  if (model->width < 2) {
    throw Error(ErrorCode::kUnsupported,
                "The model \"" + folder.string() + "\" has too few positions for a sentence.");
  }
  try {
    model->network = make_token_classifier(tensors, model->setting.device);
  } catch (const c10::Error&) {
    throw Error(ErrorCode::kUnsupported, "The device " + options.device + " is not there.");
  }
  model->labels = tensors.labels;
  model->batch_size = std::max(1, options.batch_size);
  model->fingerprint = fingerprint_of(tensors, config, *model->setting.tokenizer);
  return std::unique_ptr<BertSpanTagger>(new BertSpanTagger(std::move(model)));
}

std::vector<SalientSpan> BertSpanTagger::tag(std::string_view text) const {
  return tag_all({&text, 1}).front();
}

std::vector<std::vector<SalientSpan>> BertSpanTagger::tag_all(
    std::span<const std::string_view> texts) const {
  const torch::NoGradGuard no_grad;
  model_->setting.choose_threads();
  std::vector<Sentence> sentences;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (Sentence& sentence : model_->split(i, texts[i])) sentences.push_back(std::move(sentence));
  }
  std::vector<Reading> readings;
  for (size_t i = 0; i < sentences.size(); ++i) {
    sentences[i].labels.resize(sentences[i].words.size());
    for (const Window& window :
         make_windows(static_cast<int>(sentences[i].ids.size()), model_->width))
      readings.push_back({i, window});
  }
  // Alike in length, so that little is padded.
  std::stable_sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) {
    return a.window.end - a.window.begin < b.window.end - b.window.begin;
  });
  const auto batch_size = static_cast<size_t>(model_->batch_size);
  for (size_t begin = 0; begin < readings.size(); begin += batch_size) {
    const size_t count = std::min(batch_size, readings.size() - begin);
    model_->read(std::span(readings).subspan(begin, count), sentences);
  }
  std::vector<std::vector<SalientSpan>> found(texts.size());
  for (const Sentence& sentence : sentences) {
    for (const TypedSpan& span : decode_labels(sentence.words, sentence.labels))
      found[sentence.text].push_back({span.bytes, kind_of_type(span.type)});
  }
  return found;
}

const std::string& BertSpanTagger::fingerprint() const { return model_->fingerprint; }

SalientSpanKind kind_of_type(std::string_view type) noexcept {
  if (type == "DATE") return SalientSpanKind::kDate;
  constexpr std::array<std::string_view, 5> kNumbers = {"CARDINAL", "ORDINAL", "QUANTITY",
                                                        "PERCENT", "MONEY"};
  return std::find(kNumbers.begin(), kNumbers.end(), type) != kNumbers.end()
             ? SalientSpanKind::kNumber
             : SalientSpanKind::kName;
}

}  // namespace realm
