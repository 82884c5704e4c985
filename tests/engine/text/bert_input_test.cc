#include "engine/text/bert_input.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/wordpiece_tokenizer.h"
#include "tests/support/json_file.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

using Ids = std::vector<int32_t>;

constexpr SpecialIds kSpecial{.pad = 0, .unknown = 1, .cls = 2, .sep = 3, .mask = 4};

TEST(PackSequences, FramesEverySequenceAndCountsSegments) {
  const Ids a{10, 11};
  const Ids b{12};
  const Ids c{13};
  const std::vector<TokenSpan> sequences{a, b, c};
  bool truncated = true;

  const BertInput input = pack_sequences(sequences, 8, kSpecial, &truncated);

  EXPECT_EQ(input.ids, (Ids{2, 10, 11, 3, 12, 3, 13, 3}));
  EXPECT_EQ(input.segments, (Ids{0, 0, 0, 0, 1, 1, 2, 2}));
  EXPECT_FALSE(truncated);
}

TEST(PackSequences, SpendsTheBudgetOnTheFirstSequenceFirst) {
  const Ids a{10, 11, 12};
  const Ids b{13, 14};
  const std::vector<TokenSpan> sequences{a, b};
  bool truncated = false;

  const BertInput input = pack_sequences(sequences, 7, kSpecial, &truncated);

  EXPECT_EQ(input.ids, (Ids{2, 10, 11, 12, 3, 13, 3}));
  EXPECT_TRUE(truncated);
  EXPECT_EQ(pack_sequences(sequences, 5, kSpecial).ids, (Ids{2, 10, 11, 3, 3}));
}

TEST(PackSequences, RefusesALengthThatCannotHoldTheSpecialPieces) {
  const std::vector<TokenSpan> sequences{TokenSpan{}, TokenSpan{}};
  EXPECT_EQ(pack_sequences(sequences, 3, kSpecial).ids, (Ids{2, 3, 3}));
  EXPECT_THROW(pack_sequences(sequences, 2, kSpecial), Error);
}

TEST(PackJoint, CutsQueryAndBodyEachToItsShare) {
  const SequenceLengths lengths{.query = 5, .document = 6, .joint = 11};
  const Ids x{10, 11, 12, 13, 14};
  const Ids body{20, 21, 22, 23, 24, 25};
  EXPECT_EQ(pack_joint(x, body, lengths, kSpecial).ids, (Ids{2, 10, 11, 12, 3, 20, 21, 22, 23, 3}));
  // A model with fewer positions than query + document takes from the body.
  const SequenceLengths shorter{.query = 5, .document = 6, .joint = 8};
  EXPECT_EQ(pack_joint(x, body, shorter, kSpecial).ids, (Ids{2, 10, 11, 12, 3, 20, 21, 3}));
}

TEST(PackQuery, LeavesMasksOutWhereTheRetrieverDoesNotReadThem) {
  const SpecialIds special{.pad = 0, .unknown = 1, .cls = 2, .sep = 3, .mask = 4};
  const SequenceLengths lengths{.query = 5, .document = 8, .joint = 13};
  const std::vector<int32_t> x = {10, 4, 4, 11, 12, 13};
  EXPECT_EQ(pack_query(x, lengths, special).ids, (Ids{2, 10, 4, 4, 3}));
  // Masks take no room either: 12 still fits.
  const BertInput without = pack_query(x, lengths, special, QueryMasks::kLeftOut);
  EXPECT_EQ(without.ids, (Ids{2, 10, 11, 12, 3}));
  EXPECT_EQ(without.segments, (Ids{0, 0, 0, 0, 0}));
  const std::vector<int32_t> nothing_else = {4, 4};
  EXPECT_EQ(pack_query(nothing_else, lengths, special, QueryMasks::kLeftOut).ids, (Ids{2, 3}));
}

// Google's Featurizer on 43 blocks and 23 masked sentences
// (tests/golden/tokenizer/google_featurizer.json).
class FeaturizerParity : public ::testing::Test {
 protected:
  FeaturizerParity()
      : fixture_(testing::read_json(testing::require_parity("tokenizer/google_featurizer.json"))),
        tokenizer_(std::make_shared<const Vocabulary>(
                       Vocabulary::load(testing::require_parity("tokenizer/vocab.txt"))),
                   {.special_tokens = SpecialTokenRule::kSplit}) {
    lengths_.query = fixture_.at("query_seq_len");
    lengths_.document = fixture_.at("candidate_seq_len");
    lengths_.joint = lengths_.query + lengths_.document;
  }

  // Title and body pieces of a candidate; null stands for the null document.
  std::pair<Ids, Ids> candidate(const nlohmann::json& index) const {
    if (index.is_null()) return {};
    const auto& block = fixture_.at("blocks").at(index.get<size_t>());
    return {tokenizer_.token_ids(block.at("title").get<std::string>()),
            tokenizer_.token_ids(block.at("text").get<std::string>())};
  }

  // The fixture's rows are padded with zeros to the full length; "mask" is 1 where there is a
  // piece.
  static void expect_equal(const BertInput& input, const nlohmann::json& inputs, const auto& at) {
    const size_t length = at(inputs.at("token_ids")).size();
    ASSERT_LE(input.ids.size(), length);
    Ids ids = input.ids;
    Ids segments = input.segments;
    Ids mask(input.ids.size(), 1);
    for (Ids* row : {&ids, &segments, &mask}) row->resize(length, 0);
    EXPECT_EQ(ids, at(inputs.at("token_ids")).template get<Ids>());
    EXPECT_EQ(segments, at(inputs.at("segment_ids")).template get<Ids>());
    EXPECT_EQ(mask, at(inputs.at("mask")).template get<Ids>());
  }

  const nlohmann::json fixture_;
  const WordPieceTokenizer tokenizer_;
  SequenceLengths lengths_;
};

TEST_F(FeaturizerParity, QueryDocumentAndJointInputs) {
  int compared = 0;
  for (const auto& c : fixture_.at("cases")) {
    if (c.contains("error")) continue;
    SCOPED_TRACE(c.at("text").get<std::string>());
    const SpecialIds& special = tokenizer_.vocabulary().special();
    const Ids x = c.at("token_ids_after_masking");
    expect_equal(pack_query(x, lengths_, special), c.at("query_inputs"),
                 [](const nlohmann::json& rows) { return rows; });
    for (size_t i = 0; i < c.at("candidate_block_index").size(); ++i) {
      const auto row = [i](const nlohmann::json& rows) { return rows.at(i); };
      const auto [title, body] = candidate(c.at("candidate_block_index").at(i));
      expect_equal(pack_document(title, body, lengths_, special), c.at("candidate_inputs"), row);
      expect_equal(pack_joint(x, body, lengths_, special), c.at("joint_inputs"), row);
    }
    ++compared;
  }
  EXPECT_EQ(compared, 23);
}

}  // namespace
}  // namespace realm
