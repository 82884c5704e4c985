#include "engine/base/digest.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/error.h"
#include "tests/support/temp_directory.h"

namespace realm {
namespace {

// The examples of FIPS 180-4.
constexpr char kOfNothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char kOfAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kOfMillionA[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_hex(""), kOfNothing);
  EXPECT_EQ(sha256_hex("abc"), kOfAbc);
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')), kOfMillionA);
}

TEST(Sha256, DoesNotDependOnHowTheBytesWereCut) {
  Sha256 digest;
  digest.update("a").update("").update("bc");
  EXPECT_EQ(digest.hex(), kOfAbc);
}

TEST(Sha256, ReadsAFileLongerThanItsBuffer) {
  const testing::TempDirectory folder;
  const std::string content(3'000'000, 'x');
  EXPECT_EQ(sha256_of_file(folder.write("long", content)), sha256_hex(content));
  EXPECT_EQ(sha256_of_file(folder.write("empty", "")), kOfNothing);
}

TEST(Sha256, NamesAFileThatIsNotThere) {
  const testing::TempDirectory folder;
  try {
    sha256_of_file(folder / "absent.bin");
    FAIL() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("absent.bin"), std::string::npos);
  }
}

}  // namespace
}  // namespace realm
