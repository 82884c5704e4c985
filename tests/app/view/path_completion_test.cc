#include "app/view/path_completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/view/workbench.h"

namespace realm::view {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FolderListing listing() {
  return {.folder = "/data",
          .entries = {{"corpora", true, FolderKind::kPlain},
                      {"Corpus", true, FolderKind::kWorkspace},
                      {"realm-cc-news", true, FolderKind::kModel},
                      {".cache", true, FolderKind::kPlain},
                      {"corpus.jsonl", false, FolderKind::kPlain},
                      {"notes.txt", false, FolderKind::kPlain}}};
}

std::vector<std::string> names(const FolderListing& from, std::string_view begun, PathWish wish) {
  std::vector<std::string> out;
  for (const PathOffer& offer : path_offers(from, begun, wish))
    out.push_back(offer.entry->name + (offer.is_wished ? "!" : ""));
  return out;
}

TEST(PathOf, PutsTheHomeFolderInPlaceOfATilde) {
  EXPECT_EQ(path_of("~", "/home/ada"), "/home/ada");
  EXPECT_EQ(path_of(" ~/a b ", "/home/ada"), "/home/ada/a b");
  EXPECT_EQ(path_of("~ada/x", "/home/ada"), "~ada/x") << "somebody else's is not known";
  EXPECT_EQ(path_of("a~/x", "/home/ada"), "a~/x");
  EXPECT_EQ(path_of("  ", "/home/ada"), "");
}

TEST(TypedPathTest, PartsTheFolderFromTheNameThatIsBegun) {
  const auto parts = [](std::string_view typed) {
    const TypedPath path = typed_path(typed, "/home/ada", "/here");
    return std::vector<std::string>{path.folder.string(), std::string(path.head),
                                    std::string(path.begun)};
  };
  EXPECT_THAT(parts("/data/co"), ElementsAre("/data", "/data/", "co"));
  EXPECT_THAT(parts("/data/"), ElementsAre("/data", "/data/", ""));
  EXPECT_THAT(parts("/"), ElementsAre("/", "/", ""));
  EXPECT_THAT(parts("/co"), ElementsAre("/", "/", "co"));
  EXPECT_THAT(parts("~/a/../b"), ElementsAre("/home/ada", "~/a/../", "b"));
  EXPECT_THAT(parts(" co"), ElementsAre("/here", " ", "co"));
  EXPECT_THAT(parts("sub/co"), ElementsAre("/here/sub", "sub/", "co"));
  EXPECT_THAT(parts(""), ElementsAre("/here", "", ""));
  EXPECT_EQ(typed_path("co", "/home/ada", "").folder, "") << "it is not known where this is";
}

TEST(PathOffers, AreWhatBeginsWithWhatIsTypedAndCanBeMeant) {
  const FolderListing all = listing();
  EXPECT_THAT(names(all, "cor", PathWish::kPassages),
              ElementsAre("corpora", "Corpus", "corpus.jsonl!"));
  EXPECT_THAT(names(all, "COR", PathWish::kWorkspace), ElementsAre("corpora", "Corpus!"));
  EXPECT_THAT(names(all, "", PathWish::kModel), ElementsAre("corpora", "Corpus", "realm-cc-news!"));
  EXPECT_THAT(names(all, ".", PathWish::kNewFolder), ElementsAre(".cache"));
  EXPECT_THAT(names(all, "x", PathWish::kPassages), IsEmpty());
}

class CompletedPath : public ::testing::Test {
 protected:
  std::string of(const std::string& typed, Popup popup = Popup::kImport) {
    state_.popup = popup;
    state_.popup_text = typed;
    state_.folders.home = "/home/ada";
    state_.folder_looked_at = "/data";
    state_.folder = std::make_shared<const FolderListing>(listing_);
    return completed(state_);
  }
  WorkbenchState state_;
  FolderListing listing_ = listing();
};

TEST_F(CompletedPath, IsTheOnlyOfferOrWhatAllHaveInCommon) {
  EXPECT_EQ(of("/data/n"), "/data/notes.txt");
  EXPECT_EQ(of("/data/r"), "/data/realm-cc-news/");
  EXPECT_EQ(of("/data/c"), "/data/corp") << "corpora, Corpus and corpus.jsonl";
  EXPECT_EQ(of("/data/corp"), "/data/corp");
  EXPECT_EQ(of("/data/x"), "/data/x");
  EXPECT_EQ(of("/data/c", Popup::kNewWorkspace), "/data/corp") << "folders alone";
  EXPECT_EQ(of("~"), "~/");
}

TEST_F(CompletedPath, StaysAsItIsWhileItsFolderIsNotRead) {
  listing_.folder = "/elsewhere";
  EXPECT_EQ(of("/data/n"), "/data/n");
}

TEST_F(CompletedPath, EndsBetweenCharacters) {
  // Both begin with the first byte of two, 0xC3, and differ in the second.
  listing_.entries = {{"a\u00E4", true, {}}, {"a\u00F6", true, {}}};
  EXPECT_EQ(of("/data/"), "/data/a");
}

}  // namespace
}  // namespace realm::view
