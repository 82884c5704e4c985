#include "engine/checkpoint/part_loader.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

constexpr std::string_view kHead = "cls.predictions.";
constexpr std::string_view kBlockEmbeddings = "block_emb";

// A file's tensor as seen from the wanted part.
struct Source {
  std::string file_name;
  std::string canonical;
  const TensorView* tensor = nullptr;
};

bool same_values(const TensorView& a, const TensorView& b) {
  if (a.is_alias_of(b)) return true;
  if (a.shape != b.shape) return false;
  if (a.type == b.type && a.is_contiguous() && b.is_contiguous()) {
    const size_t size = static_cast<size_t>(a.count()) * scalar_size(a.type);
    return size == 0 || std::memcmp(a.data, b.data, size) == 0;
  }
  return to_float32(a) == to_float32(b);
}

class PartLoader {
 public:
  PartLoader(std::shared_ptr<const TensorFile> file, CheckpointKind kind, ModelPart part,
             const ModelConfig& config)
      : kind_(kind) {
    result_.part = part;
    result_.config = config;
    result_.path = file->path();
    result_.file = std::move(file);
  }

  PartTensors load() {
    expected_ = expected_tensors(result_.part, result_.config);
    for (const std::string& name : result_.file->names()) sort_in(name);
    drop_absent_head();
    take_expected();
    account_for_the_rest();
    return std::move(result_);
  }

 private:
  // The prefixes under which the wanted part lies in the file: the first is preferred.
  std::vector<std::string_view> scopes() const {
    if (kind_ == CheckpointKind::kScorer) return {"embedder.", "query_embedder."};
    if (kind_ == CheckpointKind::kOpenQa) {
      return {result_.part == ModelPart::kReader ? std::string_view("reader.")
                                                 : std::string_view("embedder.")};
    }
    return {""};
  }

  void sort_in(const std::string& name) {
    constexpr std::string_view kModule = "module.";
    const std::string_view bare = name.starts_with(kModule)
                                      ? std::string_view(name).substr(kModule.size())
                                      : std::string_view(name);
    const std::vector<std::string_view> prefixes = scopes();
    for (size_t i = 0; i < prefixes.size(); ++i) {
      if (!bare.starts_with(prefixes[i])) continue;
      Source source = {name, canonical_name(bare.substr(prefixes[i].size())),
                       result_.file->find(name)};
      (i == 0 ? preferred_ : second_).push_back(std::move(source));
      return;
    }
    // Of another part of the same file, or nobody's.
    const bool is_other_part = bare == kBlockEmbeddings ||
                               (kind_ == CheckpointKind::kOpenQa &&
                                (bare.starts_with("embedder.") || bare.starts_with("reader.")));
    (is_other_part ? result_.accounting.unused : result_.accounting.unexpected).push_back(name);
  }

  // Plain BERT may come without its masked language model head; then nothing of it is missing.
  void drop_absent_head() {
    const bool has_head =
        std::any_of(preferred_.begin(), preferred_.end(),
                    [](const Source& source) { return source.canonical.starts_with(kHead); });
    if (result_.part == ModelPart::kBert && !has_head) {
      std::erase_if(expected_,
                    [](const ExpectedTensor& entry) { return entry.name.starts_with(kHead); });
    }
    result_.has_masked_language_head =
        has_head && (result_.part == ModelPart::kBert || result_.part == ModelPart::kEncoder);
  }

  const Source* find(std::string_view canonical) const {
    const auto found = by_name_.find(std::string(canonical));
    return found == by_name_.end() ? nullptr : found->second;
  }

  void take_expected() {
    for (const Source& source : preferred_) by_name_.emplace(source.canonical, &source);
    for (const Source& source : second_)
      by_name_.emplace(source.canonical, &source);  // only where the first has none
    for (const ExpectedTensor& entry : expected_) {
      if (!entry.alias_of.empty()) aliases_.push_back(entry);
    }
    for (const ExpectedTensor& entry : expected_) {
      if (entry.alias_of.empty()) {
        take(entry);
      } else {
        take_alias(entry);
      }
    }
    if (!result_.config.tie_word_embeddings) refuse_untied_decoder();
  }

  void take(const ExpectedTensor& entry) {
    const Source* source = find(entry.name);
    // Where only the alias is in the file, it stands for both.
    const ExpectedTensor* from_alias = nullptr;
    for (size_t i = 0; source == nullptr && i < aliases_.size(); ++i) {
      if (aliases_[i].alias_of != entry.name) continue;
      source = find(aliases_[i].name);
      if (source != nullptr) from_alias = &aliases_[i];
    }
    TensorAccounting& accounting = result_.accounting;
    if (source == nullptr) {
      if (entry.required) accounting.missing.push_back(entry.name);
      return;
    }
    taken_.insert(source);
    if (source->tensor->shape != entry.shape) {
      accounting.misshapen.push_back({entry.name, entry.shape, source->tensor->shape});
      return;
    }
    if (from_alias != nullptr) accounting.restored.push_back(entry.name);
    accounting.loaded.push_back(from_alias != nullptr ? from_alias->name : entry.name);
    result_.tensors.push_back({entry.name, *source->tensor, false});
  }

  void take_alias(const ExpectedTensor& entry) {
    // The tensor that it equals stands before it in the list.
    const TensorView* const original = result_.find(entry.alias_of);
    const Source* const source = find(entry.name);
    TensorAccounting& accounting = result_.accounting;
    if (source == nullptr) {
      if (original != nullptr) accounting.restored.push_back(entry.name);
    } else if (taken_.insert(source).second) {
      if (source->tensor->shape != entry.shape) {
        accounting.misshapen.push_back({entry.name, entry.shape, source->tensor->shape});
        return;
      }
      if (original != nullptr && !same_values(*original, *source->tensor)) {
        accounting.unused.push_back(source->file_name);
        accounting.notes.push_back(in_quotes(source->file_name) + " differs from " +
                                   in_quotes(entry.alias_of) +
                                   ", which the model ties it to; the latter is used.");
      } else {
        accounting.loaded.push_back(entry.name);
      }
    }
    if (original != nullptr) result_.tensors.push_back({entry.name, *original, true});
  }

  // Our networks compute with a tied decoder only.
  void refuse_untied_decoder() const {
    const TensorView* const decoder = result_.find("cls.predictions.decoder.weight");
    const TensorView* const words = result_.find("realm.embeddings.word_embeddings.weight");
    if (decoder == nullptr || words == nullptr || same_values(*decoder, *words)) return;
    throw Error(
        ErrorCode::kUnsupported,
        "The model in \"" + result_.path.string() +
            "\" has a decoder of its own (tie_word_embeddings is false); only decoders tied to "
            "the word embeddings are supported.");
  }

  void account_for_the_rest() {
    // What any network has a place for is of another part; the config decides how many layers
    // count.
    std::unordered_set<std::string> elsewhere;
    for (const ModelPart part : {ModelPart::kEmbedder, ModelPart::kEncoder, ModelPart::kReader}) {
      for (const ExpectedTensor& entry : expected_tensors(part, result_.config))
        elsewhere.insert(entry.name);
    }
    TensorAccounting& accounting = result_.accounting;
    for (const Source& source : preferred_) {
      if (taken_.count(&source) != 0) continue;
      const Source* const first = find(source.canonical);
      const bool is_second_spelling = first != &source && taken_.count(first) != 0;
      const bool is_known = !is_second_spelling && (elsewhere.count(source.canonical) != 0 ||
                                                    is_known_extra(source.canonical));
      (is_known ? accounting.unused : accounting.unexpected).push_back(source.file_name);
    }
    size_t different = 0;
    for (const Source& source : second_) {
      if (taken_.count(&source) != 0) continue;
      accounting.unused.push_back(source.file_name);
      const Source* const first = find(source.canonical);
      if (first != &source && taken_.count(first) != 0 &&
          !same_values(*first->tensor, *source.tensor))
        ++different;
    }
    if (different > 0) {
      accounting.notes.push_back(std::to_string(different) +
                                 " tensors of query_embedder differ from those of embedder; only "
                                 "the latter are used, for queries too.");
    }
  }

  const CheckpointKind kind_;
  PartTensors result_;
  std::vector<ExpectedTensor> expected_, aliases_;
  std::vector<Source> preferred_, second_;
  std::unordered_map<std::string, const Source*> by_name_;
  std::unordered_set<const Source*> taken_;
};

}  // namespace

bool can_give(CheckpointKind kind, ModelPart part) noexcept {
  switch (kind) {
    case CheckpointKind::kEmbedder:
    case CheckpointKind::kScorer:
      return part == ModelPart::kEmbedder;
    case CheckpointKind::kReader:
      return part == ModelPart::kReader;
    case CheckpointKind::kOpenQa:
      return part == ModelPart::kEmbedder || part == ModelPart::kReader;
    case CheckpointKind::kEncoder:
    case CheckpointKind::kBert:
      return true;
  }
  return false;
}

PartTensors load_part(std::shared_ptr<const TensorFile> file, CheckpointKind kind, ModelPart part,
                      const ModelConfig& config) {
  REALM_CHECK(can_give(kind, part));
  return PartLoader(std::move(file), kind, part, config).load();
}

}  // namespace realm
