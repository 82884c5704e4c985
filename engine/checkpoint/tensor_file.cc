#include "engine/checkpoint/tensor_file.h"

#include <cctype>
#include <cstring>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "engine/base/error.h"
#include "engine/checkpoint/safetensors_reader.h"
#include "engine/checkpoint/torch_reader.h"

namespace realm {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// safetensors: 8 bytes of length, then "{". A JSON text also has printable bytes first, which no
// real length has.
bool looks_like_safetensors(std::string_view text) {
  if (text.size() < 9) return false;
  return text[8] == '{' && (text[7] == '\0' || text[0] == '\0' ||
                            std::isprint(static_cast<unsigned char>(text[7])) == 0);
}

bool looks_like_json(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

[[noreturn]] void fail(ErrorCode code, const std::filesystem::path& path, const std::string& what) {
  throw Error(code, "The file \"" + path.string() + "\" " + what + ".");
}

// One file with tensors in it, of whatever format.
TensorTable read_table(const MappedFile& file) {
  const std::string_view content = as_text(file.bytes());
  if (content.starts_with("PK\x03\x04")) return read_torch_zip(file);
  return looks_like_safetensors(content) ? read_safetensors(file) : read_torch_legacy(file);
}

}  // namespace

std::unique_ptr<TensorFile> TensorFile::open(const std::filesystem::path& path) {
  std::unique_ptr<TensorFile> result(new TensorFile());
  result->path_ = path;
  result->files_.push_back(std::make_unique<MappedFile>(path));
  const MappedFile& file = *result->files_.front();
  const std::string_view text = as_text(file.bytes());
  if (text.empty()) fail(ErrorCode::kCorruptData, path, "is empty");

  if (text.starts_with("PK\x03\x04")) {
    result->format_ = TensorFormat::kTorchZip;
    result->adopt(read_torch_zip(file), path);
  } else if (looks_like_safetensors(text)) {
    result->format_ = TensorFormat::kSafetensors;
    result->adopt(read_safetensors(file), path);
  } else if (looks_like_json(text)) {
    result->format_ = TensorFormat::kSharded;
    result->open_shards(file);
  } else if (text.starts_with("version https://git-lfs")) {
    fail(ErrorCode::kCorruptData, path,
         "is a Git LFS pointer and not the checkpoint itself; fetch it with \"git lfs pull\"");
  } else if (text.starts_with("\x89HDF")) {
    fail(ErrorCode::kUnsupported, path,
         "is an HDF5 file; expected safetensors or what torch.save writes");
  } else if (static_cast<unsigned char>(text[0]) == 0x80 || text[0] == 'c' || text[0] == '(' ||
             text[0] == ']') {
    // A pickle, also of the oldest protocol: the unpickler says what is wrong with it.
    result->format_ = TensorFormat::kTorchLegacy;
    result->adopt(read_torch_legacy(file), path);
  } else if (text.size() < 9) {
    fail(ErrorCode::kCorruptData, path,
         "is cut short: it has only " + std::to_string(text.size()) + " bytes");
  } else {
    fail(ErrorCode::kCorruptData, path,
         "is not a checkpoint: expected safetensors, or a torch zip archive or pickle, and it "
         "begins with " +
             in_quotes(text.substr(0, 16)));
  }
  return result;
}

std::unique_ptr<TensorFile> TensorFile::open(const std::filesystem::path& path,
                                             const Beside& beside) {
  std::unique_ptr<TensorFile> result = open(path);
  result->files_.push_back(std::make_unique<MappedFile>(beside.path));
  TensorTable table = read_table(*result->files_.back());
  std::erase_if(table.entries, [&](const TensorTable::Entry& entry) {
    return !entry.name.starts_with(beside.prefix);
  });
  for (TensorTable::Entry& entry : table.entries)
    entry.name = beside.prefix_here + entry.name.substr(beside.prefix.size());
  result->adopt(std::move(table), beside.path);
  return result;
}

void TensorFile::adopt(TensorTable table, const std::filesystem::path& from) {
  for (TensorTable::Entry& entry : table.entries) {
    if (!tensors_.emplace(entry.name, std::move(entry.tensor)).second) {
      fail(ErrorCode::kCorruptData, from,
           "holds tensor " + in_quotes(entry.name) + ", which another shard also holds");
    }
    names_.push_back(std::move(entry.name));
  }
  metadata_.merge(table.metadata);
}

void TensorFile::open_shards(const MappedFile& index) {
  using Json = nlohmann::json;
  constexpr size_t kLongestIndex = size_t{64} << 20;
  const std::string_view text = as_text(index.bytes());
  if (text.size() > kLongestIndex)
    fail(ErrorCode::kCorruptData, path_, "is too long for the index of a checkpoint");
  // Values nested deeper than any index has are dropped unread.
  const Json json = Json::parse(
      text.begin(), text.end(), [](int depth, Json::parse_event_t, Json&) { return depth < 8; },
      /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
    fail(ErrorCode::kCorruptData, path_,
         "is not the index of a checkpoint: expected JSON with an object \"weight_map\"");
  }
  std::map<std::string, std::vector<std::string>>
      shards;  // file name -> tensors that must be in it
  for (const auto& [name, value] : json["weight_map"].items()) {
    const std::string shard = value.is_string() ? value.get<std::string>() : "";
    // A shard lies beside its index; a path out of the folder is not followed.
    if (shard.empty() || shard == "." || shard == ".." || shard.find('/') != std::string::npos ||
        shard.find('\0') != std::string::npos) {
      fail(ErrorCode::kCorruptData, path_,
           "places tensor " + in_quotes(name) + " in " + in_quotes(value.dump()) +
               ", which is not a file name");
    }
    shards[shard].push_back(name);
  }
  if (json.contains("metadata") && json["metadata"].is_object()) {
    for (const auto& [key, value] : json["metadata"].items()) {
      metadata_[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  for (const auto& [shard, expected] : shards) {
    const std::filesystem::path path = path_.parent_path() / shard;
    files_.push_back(std::make_unique<MappedFile>(path));
    const MappedFile& file = *files_.back();
    TensorTable table = read_table(file);
    std::unordered_set<std::string_view> held;
    for (const TensorTable::Entry& entry : table.entries) held.insert(entry.name);
    for (const std::string& name : expected) {
      if (held.find(name) == held.end()) {
        fail(ErrorCode::kCorruptData, path,
             "should hold tensor " + in_quotes(name) + " by the index \"" +
                 path_.filename().string() + "\" and does not");
      }
    }
    adopt(std::move(table), path);
  }
}

const TensorView* TensorFile::find(std::string_view name) const {
  const auto found = tensors_.find(std::string(name));
  return found == tensors_.end() ? nullptr : &found->second;
}

const TensorView& TensorFile::at(std::string_view name) const {
  const TensorView* const tensor = find(name);
  if (tensor == nullptr) {
    fail(ErrorCode::kMismatch, path_, "holds no tensor " + in_quotes(name));
  }
  return *tensor;
}

}  // namespace realm
