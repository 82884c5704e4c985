#include "trainer/data/reading_sampler.h"

#include <algorithm>

namespace realm {
namespace {

constexpr int kBatchesInGroup = 8;

}  // namespace

ReadingSampler::ReadingSampler(const TrainOptions& options, const Vocabulary& vocabulary,
                               const PassageTable& passages, const TrainingText& text)
    : options_(options),
      vocabulary_(vocabulary),
      passages_(passages),
      text_(text),
      swapper_(vocabulary, text),
      masker_(make_sentence_masker(options.masking, vocabulary)),
      lengths_{options.query_length, options.document_length, options.positions},
      rng_(static_cast<uint64_t>(options.seed)) {}

std::vector<ReadingExample> ReadingSampler::batch(int64_t step) {
  if (group_.empty() || state_.served == static_cast<int64_t>(group_.size())) draw_group(step);
  return std::move(group_[static_cast<size_t>(state_.served++)]);
}

ReadingSampler::State ReadingSampler::state() const {
  return group_.empty() ? State{rng_.state(), 0, 0} : state_;
}

void ReadingSampler::restore(const State& state) {
  rng_ = Rng::from_state(state.rng);
  group_.clear();
  if (state.served == 0) return;
  draw_group(state.group_step);
  state_.served = state.served;
}

void ReadingSampler::draw_group(int64_t step) {
  state_ = {rng_.state(), step, 0};
  std::vector<ReadingExample> examples;
  const size_t wanted = static_cast<size_t>(options_.batch_size) * kBatchesInGroup;
  while (examples.size() < wanted) {
    ReadingExample example = make(text_.sentences[rng_.below(text_.sentences.size())], step);
    for (int i = 0; i < options_.unmasked_targets; ++i) {
      const auto position = static_cast<int>(rng_.below(example.input.ids.size()));
      if (!vocabulary_.is_special(example.input.ids[static_cast<size_t>(position)]))
        example.visible.push_back(position);
    }
    examples.push_back(std::move(example));
  }
  std::stable_sort(examples.begin(), examples.end(),
                   [](const ReadingExample& a, const ReadingExample& b) {
                     return a.input.ids.size() < b.input.ids.size();
                   });
  group_.clear();
  for (size_t begin = 0; begin < examples.size();
       begin += static_cast<size_t>(options_.batch_size)) {
    const auto first = examples.begin() + static_cast<std::ptrdiff_t>(begin);
    group_.emplace_back(std::make_move_iterator(first),
                        std::make_move_iterator(first + options_.batch_size));
  }
  rng_.shuffle(group_);
}

ReadingExample ReadingSampler::make(const TrainingSentence& sentence, int64_t step) {
  const double progress = static_cast<double>(step) / static_cast<double>(options_.steps);
  const bool reads = options_.passage == PassageRule::kGold;
  if (!reads || sentence.passage < 0) return pack(masker_->mask(sentence, rng_), {});

  const std::vector<Pieces>& gold = passages_.at(sentence.passage).sentences;
  const bool swaps = !sentence.names.empty() && progress >= options_.swap_from &&
                     rng_.chance(options_.swap_probability);
  if (!swaps) {
    // What no passage tells, or another one tells, is to be answered from x alone; with swapped
    // names that cannot be.
    if (rng_.chance(options_.null_probability)) return pack(masker_->mask(sentence, rng_), {});
    if (rng_.chance(options_.wrong_probability)) {
      const Passage& other =
          passages_.at(static_cast<int64_t>(rng_.below(static_cast<uint64_t>(passages_.size()))));
      return pack(masker_->mask(sentence, rng_), other.sentences);
    }
  }
  SwappedPair pair = swaps ? swapper_.swap(sentence, gold, rng_) : SwappedPair{sentence, gold};
  // Longer names may push a mask out of the query's length; such a pair is read as it was.
  if (static_cast<int>(pair.sentence.pieces.size()) > lengths_.query - 2) pair = {sentence, gold};
  const bool masks_two = rng_.chance(options_.second_span_probability);
  const MaskedSentence masked =
      masks_two ? masker_->mask_two(pair.sentence, rng_) : masker_->mask(pair.sentence, rng_);
  const int keep = progress < options_.one_sentence_until    ? 1
                   : progress < options_.two_sentences_until ? 2
                                                             : 1000;
  ReadingExample example =
      pack(masked, crop_passage(pair.passage, masked.targets, keep, vocabulary_, rng_));
  if (rng_.chance(options_.passage_mask_probability))
    mask_passage_mention(pair.sentence.names, static_cast<int>(masked.pieces.size()), example);
  return example;
}

void ReadingSampler::mask_passage_mention(const std::vector<Pieces>& names, int query_size,
                                          ReadingExample& example) {
  Pieces& ids = example.input.ids;
  const int passage_begin = query_size + 2;  // behind [CLS] x [SEP]
  std::vector<std::pair<int, const Pieces*>> maskable;
  for (const Pieces& name : names) {
    const std::vector<int> at = mentions(ids, name, vocabulary_);
    if (at.size() < 2) continue;
    for (const int begin : at) {
      if (begin >= passage_begin) maskable.emplace_back(begin, &name);
    }
  }
  if (maskable.empty()) return;
  const auto& [begin, name] = maskable[rng_.below(maskable.size())];
  for (size_t i = 0; i < name->size(); ++i) {
    example.positions.push_back(begin + static_cast<int>(i));
    example.targets.push_back((*name)[i]);
    ids[static_cast<size_t>(begin) + i] = vocabulary_.special().mask;
  }
}

ReadingExample ReadingSampler::plain_example(const TrainingSentence& sentence, bool with_passage,
                                             Rng& rng) const {
  const MaskedSentence masked = mask_one_span(sentence, vocabulary_.special().mask, rng);
  const bool has = with_passage && sentence.passage >= 0;
  return pack(masked, has ? passages_.at(sentence.passage).sentences : std::vector<Pieces>{});
}

ReadingExample ReadingSampler::pack(const MaskedSentence& masked,
                                    const std::vector<Pieces>& passage) const {
  ReadingExample example;
  if (options_.passage == PassageRule::kNone) {
    example.input = pack_query(masked.pieces, lengths_, vocabulary_.special());
  } else {
    Pieces body;
    for (const Pieces& sentence : passage)
      body.insert(body.end(), sentence.begin(), sentence.end());
    example.input = pack_joint(masked.pieces, body, lengths_, vocabulary_.special());
  }
  for (const int position : masked.positions)
    example.positions.push_back(position + 1);  // behind [CLS]
  example.targets = masked.targets;
  return example;
}

}  // namespace realm
