// PickleMachine: the stack, the memo and the objects of the restricted unpickler
// (engine/checkpoint/pickle.h), without the reading of opcodes. Internal to this folder. Not
// thread-safe; no I/O.
//
// Every call checks its bounds: what a hostile pickle asks for ends in Error{kCorruptData}
// (malformed, too big) or Error{kUnsupported} (a global or a call that is not allowed, by name).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/checkpoint/pickle.h"

namespace realm {

class PickleMachine {
 public:
  using Id = PickleDocument::Id;
  using Node = PickleDocument::Node;
  using Kind = PickleDocument::Kind;

  // `where` names the file in messages and must outlive the machine.
  explicit PickleMachine(const std::string& where) : where_(where) {}

  // How far the reader has come, for messages.
  void set_position(size_t position) noexcept { position_ = position; }
  [[noreturn]] void fail(const std::string& what) const;    // the pickle is damaged: ...
  [[noreturn]] void refuse(const std::string& what) const;  // the file ...; nothing was run

  Node& node(Id id) { return document_.nodes_[id]; }
  void push(Id id);
  void push_empty(Kind kind) { push(make(kind)); }
  void push_integer(int64_t value, Kind kind = Kind::kInteger);
  void push_real(double value);
  void push_text(std::string_view value, Kind kind);
  void push_long(std::string_view digits);  // little-endian two's complement
  void push_tuple(std::vector<Id> items);
  void push_tuple(size_t count);  // of the topmost items
  void push_global(std::string_view module, std::string_view name);
  void push_mark();
  Id pop();
  Id top() const;
  std::vector<Id> pop_to_mark();
  void extend(Kind kind, const std::vector<Id>& items);  // the list or dict on top

  void remember(uint32_t index);  // the top
  void remember_next();
  void push_memo(uint32_t index);

  void push_storage(Id persistent_id);
  void reduce(Id callable, Id arguments);
  void build();  // takes a state and drops it: a state dict's _metadata has nothing for us

  // The finished document, whose root is the top of the stack. Ends the machine.
  PickleDocument finish(size_t consumed);

 private:
  Id make(Kind kind);
  size_t floor() const noexcept { return marks_.empty() ? 0 : marks_.back(); }
  const Node& argument(const Node& tuple, size_t index, Kind kind, const char* what);
  std::vector<int64_t> integers(const Node& tuple);
  Id make_ordered_dict(const Node& arguments);
  Id make_tensor(const Node& arguments);

  const std::string& where_;
  size_t position_ = 0;
  PickleDocument document_;
  std::vector<Id> stack_;
  std::vector<size_t> marks_;  // heights of the stack
  std::unordered_map<uint32_t, Id> memo_;
};

}  // namespace realm
