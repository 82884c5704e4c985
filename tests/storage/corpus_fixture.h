// What the storage tests share: a corpus in a folder of its own, and errors looked at by code.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "engine/base/error.h"
#include "storage/corpus_store.h"
#include "tests/support/temp_directory.h"

namespace realm::testing {

// The code of the Error that `call` throws; nullopt when it throws none.
template <typename Call>
std::optional<ErrorCode> error_code_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

// The sentence of the Error that `call` throws; empty when it throws none.
template <typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

class CorpusFixture : public ::testing::Test {
 protected:
  CorpusFixture() : file(folder / "corpus.sqlite") {
    CorpusStore::create(file, "test");
    corpus = open();
  }
  std::unique_ptr<CorpusStore> open(OpenMode mode = OpenMode::kReadWrite) const {
    return CorpusStore::open(file, mode, "tester");
  }
  // One step of the undo history: "import of file".
  void import(const std::vector<std::pair<std::string, std::string>>& documents,
              const std::string& source = "book") {
    std::vector<Document> batch;
    for (const auto& [title, text] : documents) batch.push_back({0, title, text, source, "CC0", 0});
    ImportRecord record;
    record.file_hash = "hash";
    record.file_name = "file";
    corpus->add_batch(batch, record);
  }

  TempDirectory folder;
  std::filesystem::path file;
  std::unique_ptr<CorpusStore> corpus;
};

// While it lives, this process may write only what anybody may: root is not held up by a folder's
// mode.
class Unprivileged {
 public:
  Unprivileged() : was_root_(geteuid() == 0) {
    if (was_root_ && seteuid(kNobody) != 0) throw std::runtime_error("seteuid failed");
  }
  ~Unprivileged() {
    if (was_root_ && seteuid(0) != 0) std::abort();
  }

 private:
  static constexpr uid_t kNobody = 65534;
  bool was_root_;
};

// Takes the right to write from a folder (and gives it back), for whoever is not root.
class ReadOnlyFolder {
 public:
  explicit ReadOnlyFolder(std::filesystem::path path) : path_(std::move(path)) {
    using std::filesystem::perms;
    constexpr perms kReadable = perms::owner_read | perms::owner_exec | perms::group_read |
                                perms::group_exec | perms::others_read | perms::others_exec;
    for (std::filesystem::path up = path_; up != up.root_path() && up.filename() != "tmp";
         up = up.parent_path()) {
      std::filesystem::permissions(up, kReadable, std::filesystem::perm_options::add);
    }
    std::filesystem::permissions(path_, kReadable);
  }
  ~ReadOnlyFolder() {
    std::filesystem::permissions(path_, std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace realm::testing
