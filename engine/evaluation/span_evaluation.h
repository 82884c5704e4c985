// How well a tagger finds salient spans (REALM section 3.4), against texts whose spans a person
// marked. As in CoNLL-2003, a span found is right only if it begins and ends where the marked one
// does. Pure functions but for read_labelled_texts, which blocks on disk.
//
// File of labelled texts: JSON Lines {"text", "kinds"?}. "text" marks its salient spans as [[...]];
// "kinds" names them in order: "name", "date" or "number". A training text is such a file too.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/text/salient_span_tagger.h"

namespace realm {

struct LabelledText {
  std::string text;                // without the marks
  std::vector<SalientSpan> spans;  // in order
  bool has_kinds = false;          // else every span says kName, which means nothing
};

// Blank lines are skipped. Throws Error{kNotFound} for a missing file, Error{kCorruptData} with the
// line number for a line that is no such object or has another number of kinds than of spans, or
// when there is no text at all.
std::vector<LabelledText> read_labelled_texts(const std::filesystem::path& file);

struct SpanCounts {
  int64_t marked = 0, found = 0, right = 0;

  // In [0,1]; NaN where nothing was found, or marked, that could be right.
  double precision() const noexcept;
  double recall() const noexcept;
  double f1() const noexcept;  // harmonic mean, 2 right / (marked + found)
};

struct SpanScores {
  SpanCounts bounds;  // whatever the kinds
  std::array<SpanCounts, 3>
      kinds;  // by SalientSpanKind, kind and bounds the same; texts with kinds

  const SpanCounts& of(SalientSpanKind kind) const { return kinds[static_cast<size_t>(kind)]; }
};

// Adds what a tagger found in one text. Neither list has a span twice.
void count_spans(const LabelledText& labelled, std::span<const SalientSpan> found,
                 SpanScores& scores);

// The tagger over all texts, tagged together.
SpanScores evaluate_tagger(const SalientSpanTagger& tagger, std::span<const LabelledText> texts);

}  // namespace realm
