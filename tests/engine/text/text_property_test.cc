// What must hold for every text, tried on random ones: bytes without sense, code points from all
// over Unicode, and pieces of real text, special tokens and brackets thrown together.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/rng.h"
#include "engine/base/utf8.h"
#include "engine/text/html_text.h"
#include "engine/text/marked_spans.h"
#include "engine/text/masked_text.h"
#include "engine/text/passage_chunker.h"
#include "engine/text/salient_span_masker.h"
#include "engine/text/salient_span_tagger.h"
#include "engine/text/sentence_splitter.h"
#include "engine/text/wordpiece_tokenizer.h"
#include "tests/support/parity.h"

namespace realm {
namespace {

std::string random_bytes(Rng& rng) {
  std::string text(rng.below(60), '\0');
  for (char& c : text) c = static_cast<char>(rng.below(256));
  return text;
}

std::string random_code_points(Rng& rng) {
  constexpr std::array<char32_t, 6> kLimits = {0x80, 0x500, 0x3100, 0xD800, 0x20000, 0x110000};
  std::string text;
  for (size_t i = rng.below(40); i > 0; --i) {
    const auto value = static_cast<char32_t>(rng.below(kLimits[rng.below(kLimits.size())]));
    if (value < 0xD800 || value > 0xDFFF) append_utf8(text, value);
  }
  return text;
}

std::string random_mixture(Rng& rng) {
  static const std::vector<std::string> parts = {"[MASK]",
                                                 "[SEP]",
                                                 "[",
                                                 "]",
                                                 "[[",
                                                 "]]",
                                                 " ",
                                                 "\n\n",
                                                 ".",
                                                 ", ",
                                                 "The ",
                                                 "Lisbon",
                                                 "capital",
                                                 " is ",
                                                 "March 5, 1998",
                                                 "e\xcc\x81",
                                                 "\xc3\xa9",
                                                 "\xea\xb0\x80",
                                                 "\xe4\xb8\xad",
                                                 "\xce\xa3",
                                                 "\xe2\x80\x8b",
                                                 "\xff",
                                                 "\xe2\x82",
                                                 "U.S. ",
                                                 "Dr. ",
                                                 "J. R. ",
                                                 "of the ",
                                                 "&amp;",
                                                 "&#x41;",
                                                 "9",
                                                 ",000",
                                                 "'s",
                                                 "\xcc\xa7\xcc\x82",
                                                 "\xe3\x80\xae\xcc\x81",
                                                 std::string(120, 'a'),
                                                 std::string(1, '\0')};
  std::string text;
  for (size_t i = rng.below(20); i > 0; --i) text += parts[rng.below(parts.size())];
  return text;
}

// Calls `check` with some thousands of texts of all three kinds.
template <typename Check>
void for_random_texts(uint64_t seed, Check check) {
  Rng rng(seed);
  for (int i = 0; i < 3000 && !::testing::Test::HasFailure(); ++i) {
    for (const std::string& text :
         {random_bytes(rng), random_code_points(rng), random_mixture(rng)}) {
      SCOPED_TRACE(::testing::PrintToString(text));
      check(text);
    }
  }
}

// Whether a piece of text may begin or end at this byte: at a code point's border, or anywhere in
// invalid bytes.
bool is_border(std::string_view text, size_t at) {
  for (size_t begin = 0; begin < text.size();) {
    const size_t next = begin + decode_utf8(text, begin).length;
    if (at > begin && at < next) return false;
    begin = next;
  }
  return at <= text.size();
}

void expect_good_spans(std::string_view text, const std::vector<ByteSpan>& spans) {
  size_t end = 0;
  for (const ByteSpan& span : spans) {
    EXPECT_LT(span.begin, span.end);
    EXPECT_GE(span.begin, end);
    EXPECT_TRUE(is_border(text, span.begin) && is_border(text, span.end));
    end = span.end;
  }
  EXPECT_LE(end, text.size());
}

std::shared_ptr<const Vocabulary> fixture_vocabulary() {
  static const auto vocabulary = std::make_shared<const Vocabulary>(
      Vocabulary::load(testing::require_parity("tokenizer/vocab.txt")));
  return vocabulary;
}

std::vector<WordPieceTokenizer> all_tokenizers() {
  std::vector<WordPieceTokenizer> tokenizers;
  for (const bool lower_case : {true, false}) {
    for (const auto rule : {SpecialTokenRule::kKeepEverywhere, SpecialTokenRule::kKeepAsWords,
                            SpecialTokenRule::kSplit}) {
      tokenizers.emplace_back(fixture_vocabulary(), TokenizerOptions{lower_case, rule});
    }
  }
  return tokenizers;
}

TEST(TextProperties, OffsetsLieOnBordersAndNeverGoBack) {
  const std::vector<WordPieceTokenizer> tokenizers = all_tokenizers();
  for_random_texts(1, [&](const std::string& text) {
    for (const WordPieceTokenizer& tokenizer : tokenizers) {
      size_t begin = 0;
      size_t end = 0;
      for (const Token& token : tokenizer.tokenize(text)) {
        EXPECT_LT(token.begin, token.end);
        EXPECT_LE(token.end, text.size());
        EXPECT_GE(token.begin, begin);
        EXPECT_GE(token.end, end);
        EXPECT_TRUE(is_border(text, token.begin)) << token.begin;
        EXPECT_TRUE(is_border(text, token.end)) << token.end;
        begin = token.begin;
        end = token.end;
      }
    }
  });
}

TEST(TextProperties, IdsAreThoseOfTheTokens) {
  const std::vector<WordPieceTokenizer> tokenizers = all_tokenizers();
  for_random_texts(2, [&](const std::string& text) {
    for (const WordPieceTokenizer& tokenizer : tokenizers) {
      std::vector<int32_t> ids;
      for (const Token& token : tokenizer.tokenize(text)) ids.push_back(token.id);
      EXPECT_EQ(tokenizer.token_ids(text), ids);
    }
  });
}

TEST(TextProperties, TextApartBySpaceIsTokenizedApart) {
  const WordPieceTokenizer tokenizer(fixture_vocabulary());
  Rng rng(3);
  for_random_texts(4, [&](const std::string& text) {
    const std::string other = random_mixture(rng);
    std::vector<int32_t> both = tokenizer.token_ids(text);
    const std::vector<int32_t> second = tokenizer.token_ids(other);
    both.insert(both.end(), second.begin(), second.end());
    EXPECT_EQ(tokenizer.token_ids(text + " " + other), both);
  });
}

TEST(TextProperties, DecodeTakesAnyIds) {
  const WordPieceTokenizer tokenizer(fixture_vocabulary());
  Rng rng(5);
  for (int i = 0; i < 5000; ++i) {
    std::vector<int32_t> ids(rng.below(30));
    for (int32_t& id : ids) id = static_cast<int32_t>(rng.below(2200)) - 100;
    const std::string text = tokenizer.decode(ids, rng.chance(0.5));
    EXPECT_EQ(find_invalid_utf8(text), std::nullopt);
  }
}

TEST(TextProperties, MaskedTextIsParsedOrRefused) {
  const WordPieceTokenizer tokenizer(fixture_vocabulary());
  const SequenceLengths lengths{.query = 20};
  int parsed = 0;
  for_random_texts(6, [&](const std::string& text) {
    MaskedText x;
    try {
      x = parse_masked_text(text, std::nullopt, tokenizer, lengths);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
      return;
    }
    ++parsed;
    EXPECT_FALSE(x.masks.empty());
    EXPECT_LE(x.ids.size(), 18U);
    ASSERT_EQ(x.bytes.size(), x.ids.size());
    EXPECT_TRUE(x.answer.empty() || x.answer.size() == x.masks.size());
    EXPECT_TRUE(std::is_sorted(x.masks.begin(), x.masks.end()));
    for (const int mask : x.masks) {
      ASSERT_LT(static_cast<size_t>(mask), x.ids.size());
      EXPECT_EQ(x.ids[static_cast<size_t>(mask)], tokenizer.vocabulary().special().mask);
    }
    size_t begin = 0;
    for (const ByteSpan& span : x.bytes) {
      EXPECT_LT(span.begin, span.end);
      EXPECT_GE(span.begin, begin);
      EXPECT_LE(span.end, text.size());
      begin = span.begin;
    }
  });
  EXPECT_GT(parsed, 100);
}

TEST(TextProperties, SentencesHoldAllThatIsNotSpace) {
  for_random_texts(7, [&](const std::string& text) {
    const std::vector<ByteSpan> sentences = split_sentences(text);
    expect_good_spans(text, sentences);
    size_t end = 0;
    for (size_t i = 0; i <= sentences.size(); ++i) {
      const size_t begin = i < sentences.size() ? sentences[i].begin : text.size();
      EXPECT_EQ(text.substr(end, begin - end).find_first_not_of(" \t\r\n"), std::string::npos);
      if (i < sentences.size()) end = sentences[i].end;
    }
  });
}

TEST(TextProperties, SalientSpansLieInsideTheTextAndCanBeMasked) {
  const auto tokenizer = std::make_shared<const WordPieceTokenizer>(fixture_vocabulary());
  const SalientSpanMasker masker(tokenizer, {});
  Rng rng(8);
  int masked = 0;
  for_random_texts(9, [&](const std::string& text) {
    std::vector<ByteSpan> spans;
    for (const SalientSpan& span : RuleTagger().tag(text)) spans.push_back(span.bytes);
    expect_good_spans(text, spans);
    const auto example = masker.mask(text, spans, rng);
    if (!example) return;
    ++masked;
    EXPECT_FALSE(example->masks.empty());
    EXPECT_EQ(example->masks.size(), example->targets.size());
    EXPECT_TRUE(example->sentence.contains(example->span));
  });
  EXPECT_GT(masked, 100);
}

TEST(TextProperties, PassagesLoseNoPiece) {
  const auto tokenizer = std::make_shared<const WordPieceTokenizer>(fixture_vocabulary());
  const PassageChunker chunker(tokenizer, {.max_pieces = 16, .unescape_html = false});
  Rng rng(10);
  for_random_texts(11, [&](const std::string& text) {
    size_t pieces = 0;
    for (const Passage& passage : chunker.chunk("Lisbon", text)) {
      const std::vector<int32_t> ids = tokenizer->token_ids(passage.text);
      EXPECT_EQ(ids.size(), static_cast<size_t>(passage.pieces));
      pieces += ids.size();
    }
    EXPECT_EQ(pieces, tokenizer->token_ids(text).size());
  });
}

TEST(TextProperties, BracketsComeOffAndTheTextAroundThemStays) {
  for_random_texts(12, [&](const std::string& text) {
    try {
      const MarkedText marked = parse_marked_spans(text);
      EXPECT_EQ(marked.text.size() + 4 * marked.spans.size(), text.size());
      for (const ByteSpan& span : marked.spans) {
        EXPECT_LE(span.begin, span.end);
        const ByteSpan bytes = marked.original(span);
        if (span.size() > 0) {
          EXPECT_EQ(text.substr(bytes.begin, bytes.size()),
                    marked.text.substr(span.begin, span.size()));
        }
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
    }
    unescape_html(text);
  });
}

}  // namespace
}  // namespace realm
