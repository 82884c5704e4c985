// Vocabulary: word pieces and their ids (REALM_SPEC 2.1). Immutable once made, so safe to share
// between threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace realm {

// The special pieces' ids, read from the vocabulary (they are not always BERT's 0, 100, 101, 102,
// 103).
struct SpecialIds {
  int32_t pad = 0, unknown = 0, cls = 0, sep = 0, mask = 0;
};

class Vocabulary {
 public:
  // `pieces[i]` is the piece with id i. Throws Error{kCorruptData} when a special piece is missing
  // or a piece is empty. A piece that stands twice is found under its last id, as in BERT's loader.
  explicit Vocabulary(std::vector<std::string> pieces);
  // vocab.txt: one piece a line, id = line number from 0. Throws Error{kNotFound}, or
  // Error{kCorruptData} naming the line.
  static Vocabulary load(const std::filesystem::path& file);

  int32_t size() const noexcept { return static_cast<int32_t>(pieces_.size()); }
  std::optional<int32_t> find(std::string_view piece) const;
  const std::string& piece(int32_t id) const;  // id in [0, size())
  const SpecialIds& special() const noexcept { return special_; }
  bool is_special(int32_t id) const noexcept;
  // SHA-256 over all pieces in order, each followed by a line feed, hexadecimal.
  std::string fingerprint() const;

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::vector<std::string> pieces_;
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> ids_;
  SpecialIds special_;
};

}  // namespace realm
