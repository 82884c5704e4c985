// TensorFile: the named tensors of one checkpoint, whatever format it is in (REALM_SPEC 10.1
// to 10.3): safetensors, a torch zip archive, a torch legacy file, or the index of a sharded
// checkpoint with its shards beside it. The format is told from the content, never from the file's
// name.
//
// The files are memory mapped and tensors are views, so a file of any size opens at once; views
// live as long as the TensorFile. Immutable, so safe to share between threads. open() blocks while
// it reads the table of contents.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/checkpoint/mapped_file.h"
#include "engine/checkpoint/tensor_table.h"
#include "engine/checkpoint/tensor_view.h"

namespace realm {

enum class TensorFormat { kSafetensors, kTorchZip, kTorchLegacy, kSharded };

class TensorFile {
 public:
  // Throws Error{kNotFound, kIo, kCorruptData, kUnsupported}; nothing in the file is ever executed,
  // and a global that a pickle asks for and that is not on the short list of a state dict's is
  // named in the kUnsupported error.
  static std::unique_ptr<TensorFile> open(const std::filesystem::path& path);
  // With the tensors of another file (not of an index of shards) whose names begin with `prefix`,
  // which becomes `prefix_here`; its other tensors are left out.
  struct Beside {
    std::filesystem::path path;
    std::string prefix, prefix_here;
  };
  static std::unique_ptr<TensorFile> open(const std::filesystem::path& path, const Beside& beside);

  const std::filesystem::path& path() const noexcept { return path_; }
  TensorFormat format() const noexcept { return format_; }
  const std::vector<std::string>& names() const noexcept {
    return names_;
  }                                                     // in file order, each once
  const TensorView* find(std::string_view name) const;  // nullptr: no such tensor
  const TensorView& at(std::string_view name) const;    // Error{kMismatch} naming file and tensor
  // safetensors: __metadata__. Torch files: the plain values beside the state dict ("epoch": "3").
  // Shards: the index's.
  const std::map<std::string, std::string>& metadata() const noexcept { return metadata_; }

 private:
  TensorFile() = default;
  void adopt(TensorTable table, const std::filesystem::path& from);
  void open_shards(const MappedFile& index);

  std::filesystem::path path_;
  TensorFormat format_ = TensorFormat::kSafetensors;
  std::vector<std::unique_ptr<MappedFile>> files_;  // what the views point into
  std::vector<std::string> names_;
  std::unordered_map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace realm
