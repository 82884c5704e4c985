#include "engine/checkpoint/pickle.h"

#include <bit>
#include <cstring>
#include <unordered_map>

#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

// Far above any state dict (BERT large has 400 tensors of about 20 nodes each), far below what
// could hurt.
constexpr size_t kLongestPickle = size_t{256} << 20;
constexpr size_t kMostNodes = size_t{4} << 20;
constexpr size_t kMostStack = size_t{16} << 20;
constexpr size_t kMostAxes = 64;

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

struct StorageName {
  std::string_view global;
  ScalarType type;
};
constexpr StorageName kStorages[] = {
    {"torch.FloatStorage", ScalarType::kF32}, {"torch.DoubleStorage", ScalarType::kF64},
    {"torch.HalfStorage", ScalarType::kF16},  {"torch.BFloat16Storage", ScalarType::kBF16},
    {"torch.LongStorage", ScalarType::kI64},  {"torch.IntStorage", ScalarType::kI32},
    {"torch.ShortStorage", ScalarType::kI16}, {"torch.CharStorage", ScalarType::kI8},
    {"torch.ByteStorage", ScalarType::kU8},   {"torch.BoolStorage", ScalarType::kBool},
};
constexpr std::string_view kOrderedDict = "collections.OrderedDict";
constexpr std::string_view kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils._rebuild_parameter";

// The index of an allowed global in a list of ours, so that no text of the file is compared again;
// -1: not allowed.
int64_t find_global(std::string_view name) {
  if (name == kOrderedDict) return 0;
  if (name == kRebuildTensor) return 1;
  if (name == kRebuildParameter) return 2;
  int64_t index = 3;
  for (const StorageName& storage : kStorages) {
    if (storage.global == name) return index;
    ++index;
  }
  return -1;
}

}  // namespace

class PickleParser {
 public:
  using Id = PickleDocument::Id;
  using Node = PickleDocument::Node;
  using Kind = PickleDocument::Kind;

  PickleParser(std::span<const std::byte> bytes, const std::string& where)
      : bytes_(bytes), where_(where) {}

  PickleDocument parse() {
    for (;;) {
      const auto opcode = static_cast<uint8_t>(take(1)[0]);
      if (opcode == kStop) break;
      step(opcode);
    }
    document_.root_ = pop();
    document_.consumed_ = at_;
    return std::move(document_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kCorruptData, "The file \"" + where_ + "\" holds a damaged pickle: " +
                                             what + " (byte " + std::to_string(at_) + ").");
  }
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorCode::kUnsupported, "The file \"" + where_ + "\" " + what);
  }

  // --- input ---

  std::span<const std::byte> take(uint64_t count) {
    if (count > bytes_.size() - at_) fail("it is cut short");
    if (at_ + count > kLongestPickle)
      fail("it is longer than " + std::to_string(kLongestPickle) + " bytes");
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
    if (end == nullptr) fail("a name has no end");
    const auto size = static_cast<size_t>(static_cast<const std::byte*>(end) - rest.data());
    const std::string_view result = text(size);
    take(1);
    return result;
  }

  // --- stack and nodes ---

  Id make(Kind kind) {
    if (document_.nodes_.size() >= kMostNodes)
      fail("it has more than " + std::to_string(kMostNodes) + " objects");
    document_.nodes_.emplace_back();
    document_.nodes_.back().kind = kind;
    return static_cast<Id>(document_.nodes_.size() - 1);
  }
  Node& node(Id id) { return document_.nodes_[id]; }
  void push(Id id) {
    if (stack_.size() >= kMostStack) fail("its stack grows too high");
    stack_.push_back(id);
  }
  void push_integer(int64_t value, Kind kind = Kind::kInteger) {
    const Id id = make(kind);
    node(id).integer = value;
    push(id);
  }
  void push_text(std::string_view value, Kind kind) {
    const Id id = make(kind);
    node(id).text = value;
    push(id);
  }
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  Id pop() {
    const Id id = top();
    stack_.pop_back();
    return id;
  }
  Id top() const {
    if (stack_.size() <= floor()) fail("it takes from an empty stack");
    return stack_.back();
  }
  std::vector<Id> pop_to_mark() {
    if (marks_.empty()) fail("a mark is missing");
    std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()),
                          stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return items;
  }
  void push_tuple(std::vector<Id> items) {
    const Id id = make(Kind::kTuple);
    node(id).items = std::move(items);
    push(id);
  }
  void push_tuple(size_t count) {
    std::vector<Id> items(count);
    for (size_t i = count; i-- > 0;) items[i] = pop();
    push_tuple(std::move(items));
  }
  void extend(Kind kind, const std::vector<Id>& items) {
    Node& target = node(top());
    if (target.kind != kind)
      fail(kind == Kind::kDict ? "it sets items of what is not a dict"
                               : "it appends to what is not a list");
    if (kind == Kind::kDict && items.size() % 2 != 0) fail("a dict has a key without a value");
    target.items.insert(target.items.end(), items.begin(), items.end());
  }
  void push_global(std::string_view module, std::string_view name) {
    const std::string full =
        std::string(module.substr(0, 200)) + "." + std::string(name.substr(0, 200));
    const int64_t index = find_global(full);
    if (index < 0) {
      refuse("asks for " + printable(full) +
             ", which is not allowed: a checkpoint may hold tensors and plain data only. Nothing "
             "of it was run.");
    }
    push_integer(index, Kind::kGlobal);
  }
  void push_long(std::string_view digits) {
    if (digits.size() > 8) return push_text(digits, Kind::kBigInteger);
    uint64_t value = 0;
    std::memcpy(&value, digits.data(), digits.size());
    // Two's complement of that many bytes: the last bit is the sign.
    const auto unused = static_cast<int>(64 - 8 * digits.size());
    push_integer(digits.empty() ? 0 : static_cast<int64_t>(value << unused) >> unused);
  }

  void step(uint8_t opcode) {
    switch (opcode) {
      case kProto: {
        const auto protocol = number<uint8_t>();
        if (protocol > 5)
          refuse("is a pickle of protocol " + std::to_string(protocol) + "; at most 5 is known.");
        return;
      }
      case kFrame:
        number<uint64_t>();
        return;
      case kMark:
        marks_.push_back(stack_.size());
        return check_marks();
      case kNone:
        return push(make(Kind::kNone));
      case kNewTrue:
        return push_integer(1, Kind::kBool);
      case kNewFalse:
        return push_integer(0, Kind::kBool);
      case kBinInt:
        return push_integer(number<int32_t>());
      case kBinInt1:
        return push_integer(number<uint8_t>());
      case kBinInt2:
        return push_integer(number<uint16_t>());
      case kLong1:
        return push_long(text(number<uint8_t>()));
      case kLong4: {
        const auto count = number<int32_t>();
        if (count < 0) fail("an integer has a negative length");
        return push_long(text(static_cast<uint64_t>(count)));
      }
      case kBinFloat: {
        const Id id = make(Kind::kFloat);
        node(id).real = std::bit_cast<double>(__builtin_bswap64(number<uint64_t>()));
        return push(id);
      }
      case kBinUnicode:
        return push_text(text(number<uint32_t>()), Kind::kText);
      case kShortBinUnicode:
        return push_text(text(number<uint8_t>()), Kind::kText);
      case kBinUnicode8:
        return push_text(text(number<uint64_t>()), Kind::kText);
      case kBinString:
        return push_text(text(number<uint32_t>()), Kind::kText);
      case kShortBinString:
        return push_text(text(number<uint8_t>()), Kind::kText);
      case kBinBytes:
        return push_text(text(number<uint32_t>()), Kind::kBytes);
      case kShortBinBytes:
        return push_text(text(number<uint8_t>()), Kind::kBytes);
      case kBinBytes8:
        return push_text(text(number<uint64_t>()), Kind::kBytes);
      case kEmptyDict:
        return push(make(Kind::kDict));
      case kEmptyList:
        return push(make(Kind::kList));
      case kEmptyTuple:
        return push(make(Kind::kTuple));
      case kTuple1:
        return push_tuple(1);
      case kTuple2:
        return push_tuple(2);
      case kTuple3:
        return push_tuple(3);
      case kTuple:
        return push_tuple(pop_to_mark());
      case kAppend: {
        const Id item = pop();
        return extend(Kind::kList, {item});
      }
      case kAppends:
        return extend(Kind::kList, pop_to_mark());
      case kSetItem: {
        const Id value = pop();
        const Id key = pop();
        return extend(Kind::kDict, {key, value});
      }
      case kSetItems:
        return extend(Kind::kDict, pop_to_mark());
      case kBinPut:
        memo_[number<uint8_t>()] = top();
        return;
      case kLongBinPut:
        memo_[number<uint32_t>()] = top();
        return check_memo();
      case kMemoize:
        memo_[static_cast<uint32_t>(memo_.size())] = top();
        return check_memo();
      case kBinGet:
        return push_memo(number<uint8_t>());
      case kLongBinGet:
        return push_memo(number<uint32_t>());
      case kGlobal: {
        const std::string_view module = line();
        return push_global(module, line());
      }
      case kStackGlobal: {
        const Id name = pop();
        const Id module = pop();
        if (node(name).kind != Kind::kText || node(module).kind != Kind::kText)
          fail("a global's name is not a text");
        return push_global(node(module).text, node(name).text);
      }
      case kBinPersId:
        return push_storage(pop());
      case kReduce: {
        const Id arguments = pop();
        return reduce(pop(), arguments);
      }
      case kBuild: {
        pop();
        // The only state that a state dict carries is its _metadata (module versions), which we
        // have no use for.
        if (node(top()).kind != Kind::kDict)
          refuse("sets the state of an object, which is not allowed. Nothing of it was run.");
        return;
      }
      default: {
        constexpr char kDigits[] = "0123456789abcdef";
        refuse(std::string("uses the pickle opcode 0x") + kDigits[opcode >> 4] +
               kDigits[opcode & 15] +
               ", which no state dict needs and which is not allowed. Nothing of it was run.");
      }
    }
  }

  void check_marks() const {
    if (marks_.size() > kMostStack) fail("it has too many marks");
  }
  void check_memo() const {
    if (memo_.size() > kMostNodes) fail("its memo grows too large");
  }
  void push_memo(uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end())
      fail("it recalls memo " + std::to_string(index) + ", which was never set");
    push(found->second);
  }

  // --- torch's objects ---

  const Node& argument(const Node& tuple, size_t index, Kind kind, const char* what) {
    if (tuple.kind != Kind::kTuple || index >= tuple.items.size() ||
        node(tuple.items[index]).kind != kind) {
      fail(std::string(what) + " has unexpected arguments");
    }
    return node(tuple.items[index]);
  }

  // ('storage', torch.XStorage, key, device, count[, None or (view key, offset, count)])
  void push_storage(Id id) {
    constexpr const char* kWhat = "a storage";
    const Node& tuple = node(id);
    if (argument(tuple, 0, Kind::kText, kWhat).text != "storage")
      fail("a persistent id is not a storage");
    const int64_t global = argument(tuple, 1, Kind::kGlobal, kWhat).integer;
    if (global < 3) fail("a storage has no element type");
    PickledStorage storage;
    storage.type = kStorages[global - 3].type;
    storage.key = argument(tuple, 2, Kind::kText, kWhat).text;
    storage.count = argument(tuple, 4, Kind::kInteger, kWhat).integer;
    if (storage.count < 0) fail("a storage has a negative size");
    if (tuple.items.size() > 5 && node(tuple.items[5]).kind != Kind::kNone) {
      const Node& view = argument(tuple, 5, Kind::kTuple, kWhat);
      storage.offset = argument(view, 1, Kind::kInteger, kWhat).integer;
      const int64_t count = argument(view, 2, Kind::kInteger, kWhat).integer;
      if (storage.offset < 0 || count < 0 || storage.offset > storage.count ||
          count > storage.count - storage.offset) {
        fail("a view of a storage reaches beyond it");
      }
    }
    const Id result = make(Kind::kStorage);
    node(result).integer = static_cast<int64_t>(document_.storages_.size());
    document_.storages_.push_back(storage);
    push(result);
  }

  std::vector<int64_t> integers(const Node& tuple) {
    if (tuple.items.size() > kMostAxes)
      fail("a tensor has more than " + std::to_string(kMostAxes) + " axes");
    std::vector<int64_t> values;
    for (const Id id : tuple.items) {
      if (node(id).kind != Kind::kInteger || node(id).integer < 0)
        fail("a tensor's size or stride is not a whole number of 0 or more");
      values.push_back(node(id).integer);
    }
    return values;
  }

  void reduce(Id callable, Id arguments) {
    if (node(callable).kind != Kind::kGlobal || node(arguments).kind != Kind::kTuple) {
      refuse("calls an object, which is not allowed. Nothing of it was run.");
    }
    switch (node(callable).integer) {
      case 0:
        return push(make_ordered_dict(node(arguments)));
      case 1:
        return push(make_tensor(node(arguments)));
      case 2: {
        argument(node(arguments), 0, Kind::kTensor, "a parameter");
        return push(node(arguments).items[0]);
      }
      default:
        refuse("calls a storage type, which is not allowed. Nothing of it was run.");
    }
  }

  // OrderedDict(), or OrderedDict([(key, value), ...]) as Python 2 wrote it.
  Id make_ordered_dict(const Node& arguments) {
    std::vector<Id> items;
    if (!arguments.items.empty()) {
      for (const Id pair : argument(arguments, 0, Kind::kList, "an OrderedDict").items) {
        const Node& both = node(pair);
        if ((both.kind != Kind::kTuple && both.kind != Kind::kList) || both.items.size() != 2)
          fail("an OrderedDict has unexpected arguments");
        items.insert(items.end(), both.items.begin(), both.items.end());
      }
    }
    const Id id = make(Kind::kDict);
    node(id).items = std::move(items);
    return id;
  }

  // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])
  Id make_tensor(const Node& arguments) {
    constexpr const char* kWhat = "a tensor";
    PickledTensor tensor;
    tensor.storage =
        document_
            .storages_[static_cast<size_t>(argument(arguments, 0, Kind::kStorage, kWhat).integer)];
    tensor.offset = argument(arguments, 1, Kind::kInteger, kWhat).integer;
    tensor.shape = integers(argument(arguments, 2, Kind::kTuple, kWhat));
    tensor.strides = integers(argument(arguments, 3, Kind::kTuple, kWhat));
    if (tensor.offset < 0 || tensor.shape.size() != tensor.strides.size())
      fail("a tensor has unexpected arguments");
    const Id id = make(Kind::kTensor);
    node(id).integer = static_cast<int64_t>(document_.tensors_.size());
    document_.tensors_.push_back(std::move(tensor));
    return id;
  }

  std::span<const std::byte> bytes_;
  const std::string& where_;
  size_t at_ = 0;
  PickleDocument document_;
  std::vector<Id> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::unordered_map<uint32_t, Id> memo_;
};

PickleDocument PickleDocument::parse(std::span<const std::byte> bytes, const std::string& where) {
  return PickleParser(bytes, where).parse();
}

}  // namespace realm
