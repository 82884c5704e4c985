#include "engine/base/regular_expression.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "engine/base/regular_expression_program.h"
#include "engine/base/utf8.h"

namespace realm {
namespace {

using Kind = RegexInstruction::Kind;

constexpr size_t kMostStates = 1000;
constexpr size_t kLongestMarked = 64 << 10;

// Characters that no set of the program tells apart are one class.
class Alphabet {
 public:
  explicit Alphabet(const RegexProgram& program) {
    std::vector<CodePointSet> sets = program.sets;
    if (program.looks_at_neighbours) sets.push_back(regex_word_set());
    begins_ = {0};
    for (const CodePointSet& set : sets) {
      for (const auto& [first, last] : set) {
        begins_.push_back(first);
        begins_.push_back(last + 1);
      }
    }
    std::sort(begins_.begin(), begins_.end());
    begins_.erase(std::unique(begins_.begin(), begins_.end()), begins_.end());
    for (char32_t c = 0; c < ascii_.size(); ++c) ascii_[c] = look_up(c);
    const auto members = [this](const CodePointSet& set) {
      std::vector<char> in(begins_.size(), 0);
      for (size_t i = 0; i < begins_.size(); ++i) {
        in[i] = std::any_of(set.begin(), set.end(), [&](const auto& range) {
          return range.first <= begins_[i] && begins_[i] <= range.second;
        });
      }
      return in;
    };
    for (const CodePointSet& set : program.sets) members_.push_back(members(set));
    word_ = members(regex_word_set());
  }

  size_t size() const { return begins_.size(); }
  size_t class_of(char32_t c) const { return c < ascii_.size() ? ascii_[c] : look_up(c); }
  bool has(int32_t set, size_t which) const {
    return members_[static_cast<size_t>(set)][which] != 0;
  }
  // Only where the program looks at neighbours.
  bool is_word(size_t which) const { return word_[which] != 0; }

 private:
  size_t look_up(char32_t c) const {
    return static_cast<size_t>(std::upper_bound(begins_.begin(), begins_.end(), c) -
                               begins_.begin()) -
           1;
  }
  std::vector<char32_t> begins_;
  std::array<size_t, 128> ascii_{};
  std::vector<std::vector<char>> members_;  // of each set
  std::vector<char> word_;
};

enum class Before : int32_t { kNothing, kOther, kWord };  // what stands before a place

// The deterministic automaton, made as far as it was needed. A step says where it leads and whether
// a match ended before the character of the step.
class Automaton {
 public:
  struct Step {
    int32_t state = 0;
    bool matched = false;
  };
  static constexpr int32_t kDead = 0;

  // `anywhere`: a match may begin at every character; else only at the first.
  Automaton(const RegexProgram& program, const Alphabet& alphabet, bool anywhere)
      : program_(program), alphabet_(alphabet), anywhere_(anywhere) {
    seen_.resize(program.code.size(), 0);
    forget();
  }

  int32_t start(Before before) { return state_of({{program_.start}, before}); }
  size_t end_class() const { return alphabet_.size(); }

  // True in `fresh`: it had to be worked out.
  Step step(int32_t state, size_t which, bool& fresh) {
    const int32_t known = steps_[static_cast<size_t>(state) * (alphabet_.size() + 1) + which];
    fresh = known == kUnknown;
    if (fresh) return work_out(state, which);
    return {known >> 1, (known & 1) != 0};
  }

 private:
  static constexpr int32_t kUnknown = -1;
  struct Place {
    std::vector<int32_t> instructions;  // ascending
    Before before = Before::kOther;
    auto operator<=>(const Place&) const = default;
  };

  void forget() {
    numbers_.clear();
    places_.clear();
    steps_.clear();
    state_of({{}, Before::kOther});  // kDead
  }

  int32_t state_of(Place place) {
    if (place.instructions.empty() || !program_.looks_at_neighbours) place.before = Before::kOther;
    const auto [found, is_new] =
        numbers_.try_emplace(std::move(place), static_cast<int32_t>(places_.size()));
    if (is_new) {
      places_.push_back(&found->first);
      steps_.resize(places_.size() * (alphabet_.size() + 1), kUnknown);
    }
    return found->second;
  }

  bool holds(Kind kind, Before before, size_t which) const {
    const bool at_end = which == end_class();
    if (kind == Kind::kBegin) return before == Before::kNothing;
    if (kind == Kind::kEnd) return at_end;
    const bool border = (before == Before::kWord) != (!at_end && alphabet_.is_word(which));
    return kind == Kind::kBorder ? border : !border;
  }

  Step work_out(int32_t state, size_t which) {
    const Place& from = *places_[static_cast<size_t>(state)];
    const bool at_end = which == end_class();
    bool matched = false;
    std::vector<int32_t> waiting = from.instructions;
    Place to;
    to.before = !at_end && program_.looks_at_neighbours && alphabet_.is_word(which)
                    ? Before::kWord
                    : Before::kOther;
    ++round_;
    while (!waiting.empty()) {
      const int32_t at = waiting.back();
      waiting.pop_back();
      if (std::exchange(seen_[static_cast<size_t>(at)], round_) == round_) continue;
      const RegexInstruction& instruction = program_.code[static_cast<size_t>(at)];
      switch (instruction.kind) {
        case Kind::kMatch:
          matched = true;
          break;
        case Kind::kSplit:
          waiting.push_back(instruction.next);
          waiting.push_back(instruction.other);
          break;
        case Kind::kSet:
          if (!at_end && alphabet_.has(instruction.other, which))
            to.instructions.push_back(instruction.next);
          break;
        default:
          if (holds(instruction.kind, from.before, which)) waiting.push_back(instruction.next);
          break;
      }
    }
    if (anywhere_ && !at_end) to.instructions.push_back(program_.start);
    std::sort(to.instructions.begin(), to.instructions.end());
    to.instructions.erase(std::unique(to.instructions.begin(), to.instructions.end()),
                          to.instructions.end());
    if (places_.size() >= kMostStates) {
      forget();  // the state that the step came from too: nothing is noted down
      return {state_of(std::move(to)), matched};
    }
    const int32_t next = state_of(std::move(to));
    steps_[static_cast<size_t>(state) * (alphabet_.size() + 1) + which] =
        next * 2 + (matched ? 1 : 0);
    return {next, matched};
  }

  const RegexProgram& program_;
  const Alphabet& alphabet_;
  bool anywhere_;
  std::map<Place, int32_t> numbers_;
  std::vector<const Place*> places_;
  std::vector<int32_t> steps_;  // [state, class]: 2 * next + matched, or kUnknown
  std::vector<uint64_t> seen_;  // the round in which an instruction was looked at last
  uint64_t round_ = 0;
};

}  // namespace

struct RegularExpression::Impl {
  explicit Impl(std::string_view expression)
      : program(compile_regular_expression(expression)),
        alphabet(program),
        anywhere(program, alphabet, true),
        here(program, alphabet, false) {}

  // The end of the longest match that begins at `begin`; nullopt: none does.
  std::optional<size_t> longest(std::string_view text, size_t begin, Before before) {
    std::optional<size_t> end;
    bool fresh = false;
    int32_t state = here.start(before);
    for (size_t at = begin; at < text.size();) {
      const DecodedCodePoint point = decode_utf8(text, at);
      const Automaton::Step step = here.step(state, alphabet.class_of(point.value), fresh);
      if (step.matched) end = at;
      if (step.state == Automaton::kDead) return end;
      state = step.state;
      at += point.length;
    }
    if (here.step(state, here.end_class(), fresh).matched) end = text.size();
    return end;
  }

  RegexProgram program;
  Alphabet alphabet;
  Automaton anywhere, here;
};

RegularExpression::RegularExpression(std::string_view expression)
    : impl_(std::make_unique<Impl>(expression)) {}
RegularExpression::~RegularExpression() = default;
RegularExpression::RegularExpression(RegularExpression&&) noexcept = default;
RegularExpression& RegularExpression::operator=(RegularExpression&&) noexcept = default;

std::string RegularExpression::of_text(std::string_view text) {
  std::string expression = "(?i)";
  for (const char c : text) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) expression += '\\';
    expression += c;
  }
  return expression;
}

bool RegularExpression::found_in(std::string_view text, const std::stop_token& stop) {
  Automaton& automaton = impl_->anywhere;
  bool fresh = false;
  int32_t state = automaton.start(Before::kNothing);
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const DecodedCodePoint point =
        byte < 0x80 ? DecodedCodePoint{byte, 1, true} : decode_utf8(text, at);
    const Automaton::Step step =
        automaton.step(state, impl_->alphabet.class_of(point.value), fresh);
    if (step.matched) return true;
    if (fresh && stop.stop_requested()) return false;
    state = step.state;
    at += point.length;
  }
  return automaton.step(state, automaton.end_class(), fresh).matched;
}

std::vector<std::pair<size_t, size_t>> RegularExpression::find(std::string_view text, size_t most) {
  std::vector<std::pair<size_t, size_t>> found;
  text = text.substr(0, kLongestMarked);
  Before before = Before::kNothing;
  for (size_t at = 0; at < text.size() && found.size() < most;) {
    const std::optional<size_t> end = impl_->longest(text, at, before);
    const size_t stop = end && *end > at ? *end : at;
    if (stop > at) found.emplace_back(at, stop);
    // On to the end of the match, or past the character that begins none.
    do {
      const DecodedCodePoint point = decode_utf8(text, at);
      before = impl_->program.looks_at_neighbours &&
                       impl_->alphabet.is_word(impl_->alphabet.class_of(point.value))
                   ? Before::kWord
                   : Before::kOther;
      at += point.length;
    } while (at < stop);
  }
  return found;
}

}  // namespace realm
