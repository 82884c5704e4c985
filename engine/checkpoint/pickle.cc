#include "engine/checkpoint/pickle.h"

#include <bit>
#include <cstring>

#include "engine/checkpoint/pickle_machine.h"

namespace realm {
namespace {

// Far above any state dict.
constexpr size_t kLongestPickle = size_t{256} << 20;

enum Opcode : uint8_t {
  kMark = '(',
  kStop = '.',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kInst = 'i',
  kAppends = 'e',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kBinFloat = 'G',
  kProto = 0x80,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95
};

}  // namespace

class PickleParser {
 public:
  using Id = PickleDocument::Id;
  using Node = PickleDocument::Node;
  using Kind = PickleDocument::Kind;

  PickleParser(std::span<const std::byte> bytes, const std::string& where)
      : bytes_(bytes), machine_(where) {}

  PickleDocument parse() {
    for (;;) {
      const auto opcode = static_cast<uint8_t>(take(1)[0]);
      machine_.set_position(at_ - 1);
      if (opcode == kStop) return machine_.finish(at_);
      step(opcode);
    }
  }

 private:
  std::span<const std::byte> take(uint64_t count) {
    if (count > bytes_.size() - at_) machine_.fail("it is cut short");
    if (at_ + count > kLongestPickle)
      machine_.fail("it is longer than " + std::to_string(kLongestPickle) + " bytes");
    const auto taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }
  template <typename T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string_view text(uint64_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::string_view line() {
    const auto rest = bytes_.subspan(at_);
    const void* const end = rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size());
    if (end == nullptr) machine_.fail("a name has no end");
    const auto size = static_cast<size_t>(static_cast<const std::byte*>(end) - rest.data());
    const std::string_view result = text(size);
    take(1);
    return result;
  }

  void step(uint8_t opcode) {
    switch (opcode) {
      case kProto: {
        const auto protocol = number<uint8_t>();
        if (protocol > 5)
          machine_.refuse("is a pickle of protocol " + std::to_string(protocol) +
                          "; at most 5 is known.");
        return;
      }
      case kFrame:
        number<uint64_t>();
        return;
      case kMark:
        return machine_.push_mark();
      case kNone:
        return machine_.push_empty(Kind::kNone);
      case kNewTrue:
        return machine_.push_integer(1, Kind::kBool);
      case kNewFalse:
        return machine_.push_integer(0, Kind::kBool);
      case kBinInt:
        return machine_.push_integer(number<int32_t>());
      case kBinInt1:
        return machine_.push_integer(number<uint8_t>());
      case kBinInt2:
        return machine_.push_integer(number<uint16_t>());
      case kLong1:
        return machine_.push_long(text(number<uint8_t>()));
      case kLong4: {
        const auto count = number<int32_t>();
        if (count < 0) machine_.fail("an integer has a negative length");
        return machine_.push_long(text(static_cast<uint64_t>(count)));
      }
      case kBinFloat:
        return machine_.push_real(std::bit_cast<double>(__builtin_bswap64(number<uint64_t>())));
      case kBinUnicode:
        return machine_.push_text(text(number<uint32_t>()), Kind::kText);
      case kShortBinUnicode:
        return machine_.push_text(text(number<uint8_t>()), Kind::kText);
      case kBinUnicode8:
        return machine_.push_text(text(number<uint64_t>()), Kind::kText);
      case kBinString:
        return machine_.push_text(text(number<uint32_t>()), Kind::kText);
      case kShortBinString:
        return machine_.push_text(text(number<uint8_t>()), Kind::kText);
      case kBinBytes:
        return machine_.push_text(text(number<uint32_t>()), Kind::kBytes);
      case kShortBinBytes:
        return machine_.push_text(text(number<uint8_t>()), Kind::kBytes);
      case kBinBytes8:
        return machine_.push_text(text(number<uint64_t>()), Kind::kBytes);
      case kEmptyDict:
        return machine_.push_empty(Kind::kDict);
      case kEmptyList:
        return machine_.push_empty(Kind::kList);
      case kEmptyTuple:
        return machine_.push_empty(Kind::kTuple);
      case kTuple1:
        return machine_.push_tuple(1);
      case kTuple2:
        return machine_.push_tuple(2);
      case kTuple3:
        return machine_.push_tuple(3);
      case kTuple:
        return machine_.push_tuple(machine_.pop_to_mark());
      case kAppend: {
        const Id item = machine_.pop();
        return machine_.extend(Kind::kList, {item});
      }
      case kAppends:
        return machine_.extend(Kind::kList, machine_.pop_to_mark());
      case kSetItem: {
        const Id value = machine_.pop();
        const Id key = machine_.pop();
        return machine_.extend(Kind::kDict, {key, value});
      }
      case kSetItems:
        return machine_.extend(Kind::kDict, machine_.pop_to_mark());
      case kBinPut:
        return machine_.remember(number<uint8_t>());
      case kLongBinPut:
        return machine_.remember(number<uint32_t>());
      case kMemoize:
        return machine_.remember_next();
      case kBinGet:
        return machine_.push_memo(number<uint8_t>());
      case kLongBinGet:
        return machine_.push_memo(number<uint32_t>());
      case kGlobal: {
        const std::string_view module = line();
        return machine_.push_global(module, line());
      }
      case kStackGlobal: {
        const Id name = machine_.pop();
        const Id module = machine_.pop();
        if (machine_.node(name).kind != Kind::kText || machine_.node(module).kind != Kind::kText)
          machine_.fail("a global's name is not a text");
        return machine_.push_global(machine_.node(module).text, machine_.node(name).text);
      }
      case kBinPersId:
        return machine_.push_storage(machine_.pop());
      case kReduce: {
        const Id arguments = machine_.pop();
        return machine_.reduce(machine_.pop(), arguments);
      }
      case kBuild:
        return machine_.build();
      case kInst: {
        // Calls a class by name, as pickles of protocol 0 do. Named, then refused in any case.
        const std::string_view module = line();
        machine_.push_global(module, line());
        return refuse_opcode(opcode);
      }
      default:
        return refuse_opcode(opcode);
    }
  }

  [[noreturn]] void refuse_opcode(uint8_t opcode) const {
    constexpr char kDigits[] = "0123456789abcdef";
    machine_.refuse(std::string("uses the pickle opcode 0x") + kDigits[opcode >> 4] +
                    kDigits[opcode & 15] +
                    ", which no state dict needs and which is not allowed. Nothing of it was run.");
  }

  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  PickleMachine machine_;
};

PickleDocument PickleDocument::parse(std::span<const std::byte> bytes, const std::string& where) {
  return PickleParser(bytes, where).parse();
}

}  // namespace realm
