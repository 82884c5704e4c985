#include "engine/text/masked_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/utf8.h"
#include "engine/text/marked_spans.h"

namespace realm {
namespace {

constexpr std::string_view kMask = "[MASK]";

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::kInvalidArgument, sentence);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

void append(MaskedText& x, int32_t id, ByteSpan bytes) {
  x.ids.push_back(id);
  x.bytes.push_back(bytes);
}

void append_mask(MaskedText& x, const WordPieceTokenizer& tokenizer, ByteSpan bytes) {
  x.masks.push_back(static_cast<int>(x.ids.size()));
  append(x, tokenizer.vocabulary().special().mask, bytes);
}

// The pieces of a word to be hidden. Only pieces that the model can be asked for will do.
std::vector<int32_t> hidden_pieces(std::string_view word, const WordPieceTokenizer& tokenizer) {
  std::vector<int32_t> pieces = tokenizer.token_ids(word);
  if (pieces.empty())
    refuse(fmt::format("The hidden word \"{}\" has no word piece; hide a word or a number.", word));
  for (const int32_t id : pieces) {
    if (tokenizer.vocabulary().is_special(id)) {
      refuse(
          fmt::format("The hidden word \"{}\" becomes the piece {} in this model's vocabulary of "
                      "{} pieces, which stands for no word; "
                      "hide another word.",
                      word, tokenizer.vocabulary().piece(id), tokenizer.vocabulary().size()));
    }
  }
  return pieces;
}

// x of a text with [[ ]].
MaskedText hide_marked_words(const MarkedText& marked, const WordPieceTokenizer& tokenizer) {
  MaskedText x;
  const std::string_view plain = marked.text;
  for (const ByteSpan& span : marked.spans) {
    const std::string_view word = trim(plain.substr(span.begin, span.size()));
    if (word.empty())
      refuse("The brackets [[ ]] hold no word; write the word to hide in them, as in [[Fermat]].");
    hidden_pieces(word, tokenizer);  // refuses words that cannot be hidden
    if (!x.answer_text.empty()) x.answer_text += ' ';
    x.answer_text += word;
  }
  // The pieces are those of the text without its brackets, as in training (REALM_SPEC 5.1), unless
  // a bracket stands inside a piece: then the text is cut there.
  std::vector<Token> tokens = tokenizer.tokenize(plain);
  const auto is_parted = [&](const Token& token) {
    const ByteSpan piece{token.begin, token.end};
    return std::any_of(marked.spans.begin(), marked.spans.end(), [&](const ByteSpan& span) {
      return span.overlaps(piece) && !span.contains(piece);
    });
  };
  if (std::any_of(tokens.begin(), tokens.end(), is_parted)) {
    tokens.clear();
    size_t at = 0;
    const auto add_part = [&](size_t begin, size_t end) {
      for (Token token : tokenizer.tokenize(plain.substr(begin, end - begin))) {
        token.begin += begin;
        token.end += begin;
        tokens.push_back(token);
      }
    };
    for (const ByteSpan& span : marked.spans) {
      add_part(at, span.begin);
      add_part(span.begin, span.end);
      at = span.end;
    }
    add_part(at, plain.size());
  }
  for (const Token& token : tokens) {
    const ByteSpan piece{token.begin, token.end};
    const ByteSpan bytes = marked.original(piece);
    const bool hidden = std::any_of(marked.spans.begin(), marked.spans.end(),
                                    [&](const ByteSpan& span) { return span.contains(piece); });
    if (hidden) {
      x.answer.push_back(token.id);
      append_mask(x, tokenizer, bytes);
    } else {
      append(x, token.id, bytes);
    }
  }
  return x;
}

// x of a text with [MASK]s, and how many separate runs of them there are.
std::pair<MaskedText, int> hide_masks(std::string_view text, const WordPieceTokenizer& tokenizer) {
  MaskedText x;
  int runs = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t mask = std::min(text.find(kMask, at), text.size());
    for (const Token& token : tokenizer.tokenize(text.substr(at, mask - at))) {
      append(x, token.id, {at + token.begin, at + token.end});
    }
    if (mask == text.size()) break;
    at = mask + kMask.size();
    if (x.masks.empty() || x.masks.back() + 1 != static_cast<int>(x.ids.size())) ++runs;
    append_mask(x, tokenizer, {mask, at});
  }
  return {std::move(x), runs};
}

// Makes the one run of masks as long as the answer.
void stretch_masks(MaskedText& x, size_t count) {
  const auto first = static_cast<std::ptrdiff_t>(x.masks.front());
  const auto last = first + static_cast<std::ptrdiff_t>(x.masks.size());
  const int32_t mask = x.ids[static_cast<size_t>(first)];
  const ByteSpan bytes{x.bytes[static_cast<size_t>(first)].begin,
                       x.bytes[static_cast<size_t>(last - 1)].end};
  x.ids.erase(x.ids.begin() + first, x.ids.begin() + last);
  x.ids.insert(x.ids.begin() + first, count, mask);
  x.bytes.erase(x.bytes.begin() + first, x.bytes.begin() + last);
  x.bytes.insert(x.bytes.begin() + first, count, bytes);
  x.masks.clear();
  for (size_t i = 0; i < count; ++i)
    x.masks.push_back(static_cast<int>(first) + static_cast<int>(i));
}

void name_answer(MaskedText& x, int runs, const std::string& answer,
                 const WordPieceTokenizer& tokenizer) {
  x.answer_text = trim(answer);
  if (x.answer_text.empty()) refuse("The answer is empty; give a word, or none.");
  x.answer = hidden_pieces(x.answer_text, tokenizer);
  if (x.answer.size() == x.masks.size()) return;
  if (runs > 1) {
    refuse(
        fmt::format("The answer \"{}\" has {} pieces but the text has {} separate [MASK]s; "
                    "expected as many of one as of "
                    "the other.",
                    x.answer_text, x.answer.size(), x.masks.size()));
  }
  stretch_masks(x, x.answer.size());
}

void cut_to_length(MaskedText& x, int query_length) {
  const auto most = static_cast<size_t>(std::max(query_length - 2, 0));
  if (x.ids.size() <= most) return;
  if (static_cast<size_t>(x.masks.back()) >= most) {
    refuse(
        fmt::format("The text has {} pieces and hides piece {}, but the model takes {}; shorten "
                    "the text before the hidden "
                    "words.",
                    x.ids.size(), x.masks.back() + 1, most));
  }
  x.ids.resize(most);
  x.bytes.resize(most);
  x.truncated = true;
}

}  // namespace

MaskedText parse_masked_text(std::string_view text, const std::optional<std::string>& answer,
                             const WordPieceTokenizer& tokenizer, const SequenceLengths& lengths) {
  if (const std::optional<size_t> at = find_invalid_utf8(text)) {
    refuse(fmt::format("The text is not UTF-8: byte {} does not continue a character.", *at + 1));
  }
  const bool has_mask = text.find(kMask) != std::string_view::npos;
  MaskedText x;
  if (text.find("[[") != std::string_view::npos) {
    const MarkedText marked = parse_marked_spans(text);
    if (has_mask)
      refuse(
          "The text has both [MASK] and [[ ]]; use one kind: [MASK] hides one piece, [[word]] a "
          "known word.");
    if (answer) {
      refuse(
          fmt::format("The text names its answer in [[ ]], and \"{}\" is given as the answer too; "
                      "give one of them.",
                      *answer));
    }
    x = hide_marked_words(marked, tokenizer);
  } else {
    if (!has_mask)
      refuse(
          "The text hides nothing; write [MASK] for a piece, or [[word]] to hide a word and ask "
          "for it.");
    int runs = 0;
    std::tie(x, runs) = hide_masks(text, tokenizer);
    if (answer) name_answer(x, runs, *answer, tokenizer);
  }
  cut_to_length(x, lengths.query);
  return x;
}

}  // namespace realm
