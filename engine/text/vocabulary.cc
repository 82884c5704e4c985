#include "engine/text/vocabulary.h"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/digest.h"
#include "engine/base/error.h"
#include "engine/base/utf8.h"

namespace realm {

Vocabulary::Vocabulary(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {
  ids_.reserve(pieces_.size());
  for (size_t i = 0; i < pieces_.size(); ++i) {
    if (pieces_[i].empty()) {
      throw Error(
          ErrorCode::kCorruptData,
          fmt::format(
              "Piece {} of the vocabulary is empty; every piece needs at least one character.", i));
    }
    ids_.insert_or_assign(pieces_[i], static_cast<int32_t>(i));
  }
  const auto special = [this](std::string_view piece) {
    const std::optional<int32_t> id = find(piece);
    if (!id) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("The vocabulary of {} pieces lacks the special piece {}.",
                              pieces_.size(), piece));
    }
    return *id;
  };
  special_ = {.pad = special("[PAD]"),
              .unknown = special("[UNK]"),
              .cls = special("[CLS]"),
              .sep = special("[SEP]"),
              .mask = special("[MASK]")};
}

Vocabulary Vocabulary::load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::kNotFound,
                fmt::format("There is no readable vocabulary file {}.", file.string()));
  }
  std::vector<std::string> pieces;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) {
      throw Error(ErrorCode::kCorruptData,
                  fmt::format("Line {} of the vocabulary {} is empty; expected one piece a line.",
                              pieces.size() + 1, file.string()));
    }
    if (find_invalid_utf8(line)) {
      throw Error(ErrorCode::kCorruptData, fmt::format("Line {} of the vocabulary {} is not UTF-8.",
                                                       pieces.size() + 1, file.string()));
    }
    pieces.push_back(std::move(line));
  }
  try {
    return Vocabulary(std::move(pieces));
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{} (file {})", error.what(), file.string()));
  }
}

std::optional<int32_t> Vocabulary::find(std::string_view piece) const {
  const auto found = ids_.find(piece);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

const std::string& Vocabulary::piece(int32_t id) const {
  REALM_CHECK(id >= 0 && id < size());
  return pieces_[static_cast<size_t>(id)];
}

bool Vocabulary::is_special(int32_t id) const noexcept {
  return id == special_.pad || id == special_.unknown || id == special_.cls || id == special_.sep ||
         id == special_.mask;
}

std::string Vocabulary::fingerprint() const {
  Sha256 digest;
  for (const std::string& piece : pieces_) digest.update(piece).update("\n");
  return digest.hex();
}

}  // namespace realm
