#include "engine/checkpoint/torch_reader.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/base/error.h"
#include "engine/checkpoint/pickle.h"
#include "engine/checkpoint/zip_archive.h"

namespace realm {
namespace {

using Bytes = std::span<const std::byte>;
using Kind = PickleDocument::Kind;
using Node = PickleDocument::Node;

// An expanded tensor (stride 0) may be larger than its storage, but not so large that making it
// dense could hurt.
constexpr int64_t kLargestExpansion = int64_t{1} << 20;
constexpr int kDeepestSearch = 3;
constexpr int kDeepestFlattening = 16;
constexpr std::string_view kStateDictNames[] = {
    "state_dict", "model_state_dict", "model", "module", "net", "network", "params", "weights"};

[[noreturn]] void fail(const MappedFile& file, const std::string& what) {
  throw Error(ErrorCode::kCorruptData, "The file \"" + file.path().string() + "\" " + what + ".");
}

// The bytes of the storage with this key and type.
using FindStorage = std::function<Bytes(const PickledStorage&)>;

// Turns the pickled object into a table of named views.
class StateDict {
 public:
  StateDict(const MappedFile& file, const PickleDocument& document, FindStorage find_storage)
      : file_(file), document_(document), find_storage_(std::move(find_storage)) {}

  TensorTable read() {
    const Node& root = document_.node(document_.root());
    if (root.kind == Kind::kTensor)
      fail(file_, "holds one nameless tensor and not a dict of tensors");
    if (root.kind != Kind::kDict) fail(file_, "holds no dict of tensors");
    const Node* const dict = find(root, kDeepestSearch);
    if (dict == nullptr) {
      if (!root.items.empty())
        fail(file_,
             "holds a dict, but no tensors in it or under one of the usual names (state_dict, "
             "model, ...)");
      return {};
    }
    flatten(*dict, "", kDeepestFlattening);
    if (dict != &root) read_metadata(root);
    return std::move(table_);
  }

 private:
  bool holds_tensors(const Node& dict) const {
    for (size_t i = 1; i < dict.items.size(); i += 2) {
      if (document_.node(dict.items[i]).kind == Kind::kTensor) return true;
    }
    return false;
  }

  const Node* find(const Node& dict, int depth) const {
    if (holds_tensors(dict)) return &dict;
    if (depth == 0) return nullptr;
    for (const std::string_view name : kStateDictNames) {
      // The last of two equal keys counts, as in Python.
      for (size_t i = dict.items.size(); i >= 2; i -= 2) {
        const Node& key = document_.node(dict.items[i - 2]);
        const Node& value = document_.node(dict.items[i - 1]);
        if (key.kind != Kind::kText || key.text != name) continue;
        if (value.kind == Kind::kDict) {
          if (const Node* const found = find(value, depth - 1)) return found;
        }
        break;
      }
    }
    return nullptr;
  }

  void flatten(const Node& dict, const std::string& prefix, int depth) {
    // Each dict once: a hostile pickle can refer to one dict from many places.
    if (depth == 0 || !visited_.insert(&dict).second) return;
    for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
      const Node& key = document_.node(dict.items[i]);
      const Node& value = document_.node(dict.items[i + 1]);
      if (key.kind != Kind::kText) continue;
      if (value.kind == Kind::kTensor) {
        add(prefix + std::string(key.text), document_.tensor(value));
      } else if (value.kind == Kind::kDict) {
        flatten(value, prefix + std::string(key.text) + ".", depth - 1);
      }
    }
  }

  void add(std::string name, const PickledTensor& pickled) {
    TensorView view = make_view(name, pickled);
    const auto [place, is_new] = places_.emplace(name, table_.entries.size());
    if (is_new) {
      table_.entries.push_back({std::move(name), std::move(view)});
    } else {
      table_.entries[place->second].tensor = std::move(view);
    }
  }

  TensorView make_view(const std::string& name, const PickledTensor& pickled) const {
    const auto fail_tensor = [&](const std::string& what) {
      fail(file_, "is damaged: tensor " + in_quotes(name) + " " + what);
    };
    TensorView view;
    view.type = pickled.storage.type;
    view.shape = pickled.shape;
    view.strides = pickled.strides;
    const auto size = static_cast<int64_t>(scalar_size(view.type));
    const Bytes storage = find_storage_(pickled.storage);
    const auto held = static_cast<int64_t>(storage.size()) / size;
    if (held < pickled.storage.count) {
      fail_tensor("needs a storage of " + std::to_string(pickled.storage.count) +
                  " elements, of which the file holds " + std::to_string(held));
    }
    const int64_t count = view.count();
    if (count < 0 || count > std::max(pickled.storage.count, kLargestExpansion)) {
      fail_tensor("claims the shape " + shape_text(view.shape) +
                  ", which is far larger than its storage");
    }
    // The last element that the view can reach, in elements from the start of the storage.
    int64_t last = 0;
    bool overflow = __builtin_add_overflow(pickled.storage.offset, pickled.offset, &last);
    const int64_t first = last;
    for (size_t axis = 0; count > 0 && axis < view.shape.size(); ++axis) {
      int64_t reach = 0;
      overflow = overflow ||
                 __builtin_mul_overflow(view.shape[axis] - 1, view.strides[axis], &reach) ||
                 __builtin_add_overflow(last, reach, &last);
    }
    if (overflow || first > pickled.storage.count || (count > 0 && last >= pickled.storage.count)) {
      fail_tensor("reaches beyond its storage of " + std::to_string(pickled.storage.count) +
                  " elements");
    }
    view.storage = storage.data();
    view.data = storage.data() + first * size;
    return view;
  }

  void read_metadata(const Node& root) {
    for (size_t i = 0; i + 1 < root.items.size(); i += 2) {
      const Node& key = document_.node(root.items[i]);
      const Node& value = document_.node(root.items[i + 1]);
      if (key.kind != Kind::kText) continue;
      std::optional<std::string> text;
      if (value.kind == Kind::kInteger) text = std::to_string(value.integer);
      if (value.kind == Kind::kFloat) text = std::to_string(value.real);
      if (value.kind == Kind::kBool) text = value.integer != 0 ? "true" : "false";
      if (value.kind == Kind::kText) text = std::string(value.text);
      if (text) table_.metadata[std::string(key.text)] = *text;
    }
  }

  const MappedFile& file_;
  const PickleDocument& document_;
  const FindStorage find_storage_;
  std::unordered_set<const Node*> visited_;
  std::unordered_map<std::string, size_t> places_;
  TensorTable table_;
};

// The name of the folder that everything in the archive lies in, with its slash.
std::string find_root(const MappedFile& file, const ZipArchive& archive) {
  constexpr std::string_view kPickle = "data.pkl";
  const std::string* best = nullptr;
  for (const std::string& name : archive.names()) {
    const bool is_pickle =
        name == kPickle || (name.size() > kPickle.size() && name.ends_with(kPickle) &&
                            name[name.size() - kPickle.size() - 1] == '/');
    if (is_pickle && (best == nullptr || name.size() < best->size())) best = &name;
  }
  if (best == nullptr)
    fail(file, "is a zip archive, but not one that torch.save wrote: it has no data.pkl");
  return best->substr(0, best->size() - kPickle.size());
}

bool is_integer(const PickleDocument& document, int64_t value) {
  const Node& root = document.node(document.root());
  return root.kind == Kind::kInteger && root.integer == value;
}

bool is_legacy_magic(const PickleDocument& document) {
  // 0x1950a86a20f9469cfc6c, little-endian.
  constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  const Node& root = document.node(document.root());
  return root.kind == Kind::kBigInteger && root.text == kMagic;
}

}  // namespace

TensorTable read_torch_zip(const MappedFile& file) {
  const ZipArchive archive(file);
  const std::string root = find_root(file, archive);
  if (archive.contains(root + "byteorder")) {
    const Bytes order = archive.read(root + "byteorder");
    if (std::string_view(reinterpret_cast<const char*>(order.data()), order.size()) != "little") {
      throw Error(ErrorCode::kUnsupported,
                  "The file \"" + file.path().string() +
                      "\" was written on a big-endian machine, which is not supported.");
    }
  }
  const PickleDocument document =
      PickleDocument::parse(archive.read(root + "data.pkl"), file.path().string());
  return StateDict(file, document,
                   [&](const PickledStorage& storage) {
                     return archive.read(root + "data/" + std::string(storage.key));
                   })
      .read();
}

TensorTable read_torch_legacy(const MappedFile& file) {
  const std::string where = file.path().string();
  Bytes rest = file.bytes();
  const auto next = [&] {
    PickleDocument document = PickleDocument::parse(rest, where);
    rest = rest.subspan(document.size_in_bytes());
    return document;
  };
  if (!is_legacy_magic(next()))
    fail(file, "is a pickle, but not one that torch.save wrote: the magic number is missing");
  if (!is_integer(next(), 1001)) {
    throw Error(ErrorCode::kUnsupported,
                "The file \"" + where +
                    "\" is of an unknown version of torch's legacy format; expected 1001.");
  }
  const PickleDocument system = next();
  const Node& facts = system.node(system.root());
  for (size_t i = 0; facts.kind == Kind::kDict && i + 1 < facts.items.size(); i += 2) {
    const Node& value = system.node(facts.items[i + 1]);
    if (system.node(facts.items[i]).text == "little_endian" && value.kind == Kind::kBool &&
        value.integer == 0) {
      throw Error(ErrorCode::kUnsupported,
                  "The file \"" + where +
                      "\" was written on a big-endian machine, which is not supported.");
    }
  }
  const PickleDocument object = next();
  const PickleDocument keys = next();

  // The element sizes come with the object's storages, the order in the file from the list of keys.
  std::unordered_map<std::string_view, size_t> element_sizes;
  for (const PickledStorage& storage : object.storages())
    element_sizes[storage.key] = scalar_size(storage.type);
  std::unordered_map<std::string_view, Bytes> storages;
  const Node& list = keys.node(keys.root());
  if (list.kind != Kind::kList) fail(file, "is damaged: its list of storages is missing");
  for (const PickleDocument::Id id : list.items) {
    const std::string_view key = keys.node(id).text;
    const auto size = element_sizes.find(key);
    if (keys.node(id).kind != Kind::kText || size == element_sizes.end()) {
      fail(file, "is damaged: it lists the storage " + in_quotes(key) + ", which no tensor uses");
    }
    if (rest.size() < sizeof(int64_t))
      fail(file, "is cut short: storage " + in_quotes(key) + " is missing");
    int64_t count = 0;
    std::memcpy(&count, rest.data(), sizeof(count));
    rest = rest.subspan(sizeof(count));
    uint64_t bytes = 0;
    if (count < 0 || __builtin_mul_overflow(static_cast<uint64_t>(count), size->second, &bytes) ||
        bytes > rest.size()) {
      fail(file, "is damaged or cut short: storage " + in_quotes(key) + " should have " +
                     std::to_string(count) + " elements, and only " + std::to_string(rest.size()) +
                     " bytes follow");
    }
    if (!storages.emplace(key, rest.first(bytes)).second)
      fail(file, "is damaged: it lists the storage " + in_quotes(key) + " twice");
    rest = rest.subspan(bytes);
  }
  return StateDict(file, object,
                   [&](const PickledStorage& storage) {
                     const auto found = storages.find(storage.key);
                     if (found == storages.end())
                       fail(file, "is damaged: storage " + in_quotes(storage.key) + " is missing");
                     return found->second;
                   })
      .read();
}

}  // namespace realm
