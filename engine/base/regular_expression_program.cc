#include "engine/base/regular_expression_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "engine/base/error.h"
#include "engine/base/regular_expression_sets.h"
#include "engine/base/utf8.h"

namespace realm {
namespace {

using Kind = RegexInstruction::Kind;

const CodePointSet kDigits = {{'0', '9'}};
const CodePointSet kSpaces = {{'\t', '\r'},     {' ', ' '},       {0x85, 0x85},
                              {0xA0, 0xA0},     {0x2000, 0x200A}, {0x2028, 0x2029},
                              {0x202F, 0x202F}, {0x3000, 0x3000}};

constexpr int kDeepest = 100;
constexpr int kMostRepeats = 1000;
constexpr size_t kMostInstructions = 20'000;

struct Node {
  enum class Kind { kSet, kCheck, kSequence, kChoice, kRepeat };
  Kind kind = Kind::kSequence;
  CodePointSet set{};
  RegexInstruction::Kind check{};
  int least = 0, most = -1;  // of kRepeat; most -1: no end
  std::vector<Node> parts{};
};

class Parser {
 public:
  explicit Parser(std::string_view expression) {
    if (find_invalid_utf8(expression)) fail("is not valid UTF-8");
    for (size_t at = 0; at < expression.size();) {
      const DecodedCodePoint point = decode_utf8(expression, at);
      text_.push_back(point.value);
      at += point.length;
    }
  }

  Node parse() {
    if (text_.starts_with(U"(?i)")) {
      ignores_case_ = true;
      at_ = 4;
    }
    Node root = choice(0);
    if (!at_end()) fail_at(at_, "a ')' that nothing opened");
    return root;
  }

 private:
  [[noreturn]] static void fail(const std::string& what) {
    throw Error(ErrorCode::kInvalidArgument, fmt::format("The regular expression {}.", what));
  }
  [[noreturn]] static void fail_at(size_t at, const std::string& what) {
    fail(fmt::format("has {}, at character {}", what, at + 1));
  }
  bool at_end() const { return at_ == text_.size(); }
  bool take(char32_t c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Node choice(int depth) {
    if (depth > kDeepest) fail(fmt::format("has groups more than {} deep", kDeepest));
    Node all{.kind = Node::Kind::kChoice};
    do {
      all.parts.push_back(sequence(depth));
    } while (take('|'));
    if (all.parts.size() > 1) return all;
    Node only = std::move(all.parts.front());
    return only;
  }

  Node sequence(int depth) {
    Node all{.kind = Node::Kind::kSequence};
    while (!at_end() && text_[at_] != '|' && text_[at_] != ')')
      all.parts.push_back(repeated(atom(depth)));
    return all;
  }

  Node repeated(Node what) {
    while (!at_end()) {
      const size_t begins = at_;
      int least = 0, most = -1;
      if (take('*')) {
      } else if (take('+')) {
        least = 1;
      } else if (take('?')) {
        most = 1;
      } else if (!braces(least, most)) {
        return what;
      }
      if (what.kind == Node::Kind::kRepeat) fail_at(begins, "a repetition of a repetition");
      if (what.kind == Node::Kind::kCheck) fail_at(begins, "a repetition of a place");
      take('?');
      Node repeat{.kind = Node::Kind::kRepeat, .least = least, .most = most};
      repeat.parts.push_back(std::move(what));
      what = std::move(repeat);
    }
    return what;
  }

  // {m}, {m,} or {m,n}; anything else in braces stands for itself.
  bool braces(int& least, int& most) {
    const size_t begins = at_;
    const auto number = [this](int& value) {
      const size_t from = at_;
      value = 0;
      while (!at_end() && text_[at_] >= '0' && text_[at_] <= '9' && value <= kMostRepeats)
        value = value * 10 + static_cast<int>(text_[at_++] - '0');
      return at_ > from;
    };
    if (!take('{') || !number(least)) {
      at_ = begins;
      return false;
    }
    most = least;
    if (take(',') && !number(most)) most = -1;
    if (!take('}')) {
      at_ = begins;
      if (least > kMostRepeats || most > kMostRepeats) too_often(begins);
      return false;
    }
    if (least > kMostRepeats || most > kMostRepeats) too_often(begins);
    if (most >= 0 && most < least) fail_at(begins, "a repetition from more to fewer");
    return true;
  }
  [[noreturn]] static void too_often(size_t at) {
    fail_at(at, fmt::format("a repetition of more than {} times", kMostRepeats));
  }

  Node atom(int depth) {
    const size_t begins = at_;
    const char32_t c = text_[at_++];
    switch (c) {
      case '(': {
        if (take('?') && !take(':'))
          fail_at(begins, "a group of a kind that is not known here, other than (?:...)");
        Node group = choice(depth + 1);
        if (!take(')')) fail_at(begins, "a '(' that is never closed");
        // A group of its own, so that it can be repeated whatever it holds.
        Node whole{.kind = Node::Kind::kSequence};
        whole.parts.push_back(std::move(group));
        return whole;
      }
      case '[':
        return set_node(set(begins));
      case '.':
        return set_node(all_code_points_but({{'\n', '\n'}}));
      case '^':
        return check(Kind::kBegin);
      case '$':
        return check(Kind::kEnd);
      case '*':
      case '+':
      case '?':
        fail_at(begins,
                fmt::format("a '{}' with nothing before it to repeat", static_cast<char>(c)));
      case '\\':
        if (take('b')) return check(Kind::kBorder);
        if (take('B')) return check(Kind::kNoBorder);
        return set_node(escape(begins));
      default:
        return set_node({{c, c}});
    }
  }

  static Node check(Kind kind) { return {.kind = Node::Kind::kCheck, .check = kind}; }
  Node set_node(CodePointSet set) const {
    return {.kind = Node::Kind::kSet, .set = ignores_case_ ? in_both_cases(set) : std::move(set)};
  }

  // What follows a backslash.
  CodePointSet escape(size_t begins) {
    if (at_end()) fail_at(begins, "a '\\' with nothing after it");
    const char32_t c = text_[at_++];
    switch (c) {
      case 'd':
        return kDigits;
      case 'D':
        return all_code_points_but(kDigits);
      case 'w':
        return regex_word_set();
      case 'W':
        return all_code_points_but(regex_word_set());
      case 's':
        return kSpaces;
      case 'S':
        return all_code_points_but(kSpaces);
      case 't':
        return {{'\t', '\t'}};
      case 'n':
        return {{'\n', '\n'}};
      case 'r':
        return {{'\r', '\r'}};
      case 'x': {
        const char32_t value = hexadecimal(begins);
        return {{value, value}};
      }
      default:
        break;
    }
    const bool is_name = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_name)
      fail_at(begins, fmt::format("'\\{}', which means nothing here", static_cast<char>(c)));
    return {{c, c}};
  }

  char32_t hexadecimal(size_t begins) {
    const bool braced = take('{');
    char32_t value = 0;
    size_t digits = 0;
    for (; !at_end() && digits < (braced ? 6U : 2U); ++digits, ++at_) {
      const char32_t c = text_[at_];
      if (c >= '0' && c <= '9') {
        value = value * 16 + (c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        value = value * 16 + ((c | 0x20U) - 'a' + 10);
      } else {
        break;
      }
    }
    if (digits == 0 || (braced ? !take('}') : digits != 2) || value > kLastCodePoint)
      fail_at(begins, "a character number that is none; expected \\x41 or \\x{20AC}");
    return value;
  }

  CodePointSet set(size_t begins) {
    const bool negated = take('^');
    CodePointSet ranges;
    for (bool first = true;; first = false) {
      if (at_end()) fail_at(begins, "a '[' that is never closed");
      if (!first && take(']')) break;
      const size_t from = at_;
      const CodePointSet low = member();
      const bool single = low.size() == 1 && low[0].first == low[0].second;
      const bool is_range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
      if (!is_range || !single) {
        ranges.insert(ranges.end(), low.begin(), low.end());
        continue;
      }
      ++at_;
      const CodePointSet high = member();
      if (high.size() != 1 || high[0].first != high[0].second || high[0].first < low[0].first)
        fail_at(from, "a range that ends before it begins");
      ranges.emplace_back(low[0].first, high[0].first);
    }
    ranges = tidy_set(std::move(ranges));
    if (ignores_case_) ranges = in_both_cases(ranges);
    return negated ? all_code_points_but(ranges) : ranges;
  }

  CodePointSet member() {
    const size_t begins = at_;
    const char32_t c = text_[at_++];
    if (c == '\\') return escape(begins);
    return {{c, c}};
  }

  std::u32string text_;
  size_t at_ = 0;
  bool ignores_case_ = false;
};

// Instructions from the last part to the first: each is given where to go on.
class Compiler {
 public:
  RegexProgram compile(const Node& root) {
    const int32_t match = push({.kind = Kind::kMatch});
    program_.start = emit(root, match);
    return std::move(program_);
  }

 private:
  int32_t push(RegexInstruction instruction) {
    if (program_.code.size() >= kMostInstructions) {
      throw Error(ErrorCode::kInvalidArgument,
                  "The regular expression is too large; expected fewer parts and repetitions.");
    }
    program_.code.push_back(instruction);
    return static_cast<int32_t>(program_.code.size()) - 1;
  }

  int32_t set_number(const CodePointSet& set) {
    const auto found = std::find(program_.sets.begin(), program_.sets.end(), set);
    const auto number = static_cast<int32_t>(found - program_.sets.begin());
    if (found == program_.sets.end()) program_.sets.push_back(set);
    return number;
  }

  int32_t emit(const Node& node, int32_t next) {
    switch (node.kind) {
      case Node::Kind::kSet:
        return push({.kind = Kind::kSet, .next = next, .other = set_number(node.set)});
      case Node::Kind::kCheck:
        program_.looks_at_neighbours = true;
        return push({.kind = node.check, .next = next});
      case Node::Kind::kSequence: {
        for (auto part = node.parts.rbegin(); part != node.parts.rend(); ++part)
          next = emit(*part, next);
        return next;
      }
      case Node::Kind::kChoice: {
        int32_t first = emit(node.parts.back(), next);
        for (auto part = node.parts.rbegin() + 1; part != node.parts.rend(); ++part) {
          const int32_t way = emit(*part, next);
          first = push({.kind = Kind::kSplit, .next = way, .other = first});
        }
        return first;
      }
      case Node::Kind::kRepeat:
        return emit_repeat(node, next);
    }
    return next;
  }

  int32_t emit_repeat(const Node& node, int32_t next) {
    const Node& what = node.parts.front();
    int32_t start = next;
    int still = node.least;
    if (node.most < 0) {
      const int32_t loop = push({.kind = Kind::kSplit, .other = next});
      const int32_t body = emit(what, loop);
      program_.code[static_cast<size_t>(loop)].next = body;
      start = still > 0 ? body : loop;
      still = std::max(0, still - 1);
    } else {
      for (int i = node.least; i < node.most; ++i) {
        const int32_t body = emit(what, start);
        start = push({.kind = Kind::kSplit, .next = body, .other = next});
      }
    }
    for (; still > 0; --still) start = emit(what, start);
    return start;
  }

  RegexProgram program_;
};

}  // namespace

RegexProgram compile_regular_expression(std::string_view expression) {
  return Compiler().compile(Parser(expression).parse());
}

}  // namespace realm
