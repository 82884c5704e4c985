#include "engine/checkpoint/pickle_machine.h"

#include <cstring>
#include <utility>

#include "engine/base/error.h"
#include "engine/checkpoint/tensor_table.h"

namespace realm {
namespace {

// Far above any state dict (BERT large has 400 tensors of about 20 nodes each), far below what
// could hurt.
constexpr size_t kMostNodes = size_t{4} << 20;
constexpr size_t kMostStack = size_t{16} << 20;
constexpr size_t kMostTensors = size_t{1} << 18;
constexpr size_t kMostAxes = 64;

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

void PickleMachine::fail(const std::string& what) const {
  throw Error(ErrorCode::kCorruptData, "The file \"" + where_ + "\" holds a damaged pickle: " +
                                           what + " (byte " + std::to_string(position_) + ").");
}

void PickleMachine::refuse(const std::string& what) const {
  throw Error(ErrorCode::kUnsupported, "The file \"" + where_ + "\" " + what);
}

PickleMachine::Id PickleMachine::make(Kind kind) {
  if (document_.nodes_.size() >= kMostNodes)
    fail("it has more than " + std::to_string(kMostNodes) + " objects");
  document_.nodes_.emplace_back();
  document_.nodes_.back().kind = kind;
  return static_cast<Id>(document_.nodes_.size() - 1);
}

void PickleMachine::push(Id id) {
  if (stack_.size() >= kMostStack) fail("its stack grows too high");
  stack_.push_back(id);
}

void PickleMachine::push_integer(int64_t value, Kind kind) {
  const Id id = make(kind);
  node(id).integer = value;
  push(id);
}

void PickleMachine::push_text(std::string_view value, Kind kind) {
  const Id id = make(kind);
  node(id).text = value;
  push(id);
}

PickleMachine::Id PickleMachine::pop() {
  const Id id = top();
  stack_.pop_back();
  return id;
}

PickleMachine::Id PickleMachine::top() const {
  if (stack_.size() <= floor()) fail("it takes from an empty stack");
  return stack_.back();
}

std::vector<PickleMachine::Id> PickleMachine::pop_to_mark() {
  if (marks_.empty()) fail("a mark is missing");
  std::vector<Id> items(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
  stack_.resize(marks_.back());
  marks_.pop_back();
  return items;
}

void PickleMachine::push_tuple(std::vector<Id> items) {
  const Id id = make(Kind::kTuple);
  node(id).items = std::move(items);
  push(id);
}

void PickleMachine::push_tuple(size_t count) {
  std::vector<Id> items(count);
  for (size_t i = count; i-- > 0;) items[i] = pop();
  push_tuple(std::move(items));
}

void PickleMachine::extend(Kind kind, const std::vector<Id>& items) {
  Node& target = node(top());
  if (target.kind != kind)
    fail(kind == Kind::kDict ? "it sets items of what is not a dict"
                             : "it appends to what is not a list");
  if (kind == Kind::kDict && items.size() % 2 != 0) fail("a dict has a key without a value");
  target.items.insert(target.items.end(), items.begin(), items.end());
}

void PickleMachine::push_global(std::string_view module, std::string_view name) {
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

void PickleMachine::push_long(std::string_view digits) {
  if (digits.size() > 8) return push_text(digits, Kind::kBigInteger);
  uint64_t value = 0;
  std::memcpy(&value, digits.data(), digits.size());
  // Two's complement of that many bytes: the last bit is the sign.
  const auto unused = static_cast<int>(64 - 8 * digits.size());
  push_integer(digits.empty() ? 0 : static_cast<int64_t>(value << unused) >> unused);
}

void PickleMachine::push_memo(uint32_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end())
    fail("it recalls memo " + std::to_string(index) + ", which was never set");
  push(found->second);
}

const PickleMachine::Node& PickleMachine::argument(const Node& tuple, size_t index, Kind kind,
                                                   const char* what) {
  if (tuple.kind != Kind::kTuple || index >= tuple.items.size() ||
      node(tuple.items[index]).kind != kind) {
    fail(std::string(what) + " has unexpected arguments");
  }
  return node(tuple.items[index]);
}

// ('storage', torch.XStorage, key, device, count[, None or (view key, offset, count)])
void PickleMachine::push_storage(Id id) {
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

std::vector<int64_t> PickleMachine::integers(const Node& tuple) {
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

void PickleMachine::reduce(Id callable, Id arguments) {
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
PickleMachine::Id PickleMachine::make_ordered_dict(const Node& arguments) {
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
PickleMachine::Id PickleMachine::make_tensor(const Node& arguments) {
  if (document_.tensors_.size() >= kMostTensors) {
    fail("it has more than " + std::to_string(kMostTensors) + " tensors");
  }
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

void PickleMachine::push_real(double value) {
  const Id id = make(Kind::kFloat);
  node(id).real = value;
  push(id);
}

void PickleMachine::push_mark() {
  if (marks_.size() >= kMostStack) fail("it has too many marks");
  marks_.push_back(stack_.size());
}

void PickleMachine::remember(uint32_t index) {
  if (memo_.size() >= kMostNodes) fail("its memo grows too large");
  memo_[index] = top();
}

void PickleMachine::remember_next() { remember(static_cast<uint32_t>(memo_.size())); }

void PickleMachine::build() {
  pop();
  if (node(top()).kind != Kind::kDict) {
    refuse("sets the state of an object, which is not allowed. Nothing of it was run.");
  }
}

PickleDocument PickleMachine::finish(size_t consumed) {
  document_.root_ = pop();
  document_.consumed_ = consumed;
  return std::move(document_);
}

}  // namespace realm
