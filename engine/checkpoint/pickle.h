// A restricted unpickler for torch checkpoints (REALM_SPEC 10.2). It interprets the pickle as data
// and never runs anything: the only globals it knows are OrderedDict, torch's storage types and the
// two functions that rebuild a tensor and a parameter, and these are recorded, not called.
// Everything else is refused by name.
//
// Opcodes: those of a torch state dict (REALM_SPEC 10.2), and beyond them only such as make plain
// data (lists, floats, byte strings, the framing and memo opcodes of protocol 4). INST, OBJ,
// NEWOBJ, EXT, PERSID and the text opcodes are refused.
//
// All nodes live in one pool and refer to each other by index, so nesting, sharing and cycles of a
// hostile file cost nothing beyond its own length; texts are windows onto the input, which must
// outlive the document. Not thread-safe; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/checkpoint/tensor_view.h"

namespace realm {

// A torch storage that the pickle refers to by key.
struct PickledStorage {
  ScalarType type = ScalarType::kF32;
  std::string_view key;
  int64_t count = 0;   // elements of the whole storage
  int64_t offset = 0;  // of this view into it, in elements (old legacy files only; otherwise 0)
};

struct PickledTensor {
  PickledStorage storage;
  int64_t offset = 0;  // in elements, from the start of the storage
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;
};

class PickleDocument {
 public:
  using Id = uint32_t;
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInteger,
    kBigInteger,
    kFloat,
    kText,
    kBytes,
    kTuple,
    kList,
    kDict,
    kGlobal,
    kStorage,
    kTensor
  };
  struct Node {
    Kind kind = Kind::kNone;
    int64_t integer = 0;  // kBool, kInteger; index into tensors_/storages_ for kTensor/kStorage
    double real = 0;      // kFloat
    // kText, kBytes; kBigInteger: little-endian two's complement of more than 8 bytes.
    std::string_view text;
    std::vector<Id> items;  // kTuple, kList; kDict: key, value, key, value, ...
  };

  // Reads one pickle from the front of `bytes`. `where` names the file in messages.
  // Throws Error{kUnsupported} (a forbidden global or opcode, by name), Error{kCorruptData} (cut
  // short, malformed, too big).
  static PickleDocument parse(std::span<const std::byte> bytes, const std::string& where);

  // How much of the input the pickle took.
  size_t size_in_bytes() const noexcept { return consumed_; }
  Id root() const noexcept { return root_; }
  const Node& node(Id id) const { return nodes_[id]; }
  const PickledTensor& tensor(const Node& node) const {
    return tensors_[static_cast<size_t>(node.integer)];
  }
  const std::vector<PickledStorage>& storages() const noexcept { return storages_; }

 private:
  friend class PickleMachine;
  std::vector<Node> nodes_;
  std::vector<PickledStorage> storages_;
  std::vector<PickledTensor> tensors_;
  Id root_ = 0;
  size_t consumed_ = 0;
};

}  // namespace realm
