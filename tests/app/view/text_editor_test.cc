#include "app/view/text_editor.h"

#include <gtest/gtest.h>

namespace realm::view {
namespace {

TEST(TextEditor, TypesAtTheCaretAndReplacesTheSelection) {
  TextEditor editor(TextFieldKind::kPlain, "a prime");
  editor.move(Motion::kTextBegin, false);
  editor.insert("3 is ");
  EXPECT_EQ(editor.text(), "3 is a prime");
  EXPECT_EQ(editor.caret(), 5U);
  editor.select({5, 6});
  editor.insert("no");
  EXPECT_EQ(editor.text(), "3 is no prime");
}

TEST(TextEditor, UndoesAWordAtATime) {
  TextEditor editor;
  for (const char* letter : {"t", "w", "o", " ", "w"}) editor.insert(letter);
  editor.undo();
  EXPECT_EQ(editor.text(), "two ");
  editor.undo();
  EXPECT_EQ(editor.text(), "");
  EXPECT_FALSE(editor.can_undo());
  editor.redo();
  editor.redo();
  EXPECT_EQ(editor.text(), "two w");
}

TEST(TextEditor, MovesByWordsAndErasesThem) {
  TextEditor editor(TextFieldKind::kPlain, "one two, three");
  editor.move(Motion::kWordLeft, false);
  EXPECT_EQ(editor.caret(), 9U);
  editor.erase_backward(/*whole_word=*/true);
  EXPECT_EQ(editor.text(), "one three");
  editor.move(Motion::kTextBegin, false);
  editor.erase_forward(/*whole_word=*/true);
  EXPECT_EQ(editor.text(), "three");
}

TEST(TextEditor, KeepsNewlinesOnlyInPlainText) {
  TextEditor plain(TextFieldKind::kPlain), sentence(TextFieldKind::kSentence);
  plain.insert("a\nb");
  sentence.insert("a\nb");
  EXPECT_EQ(plain.text(), "a\nb");
  EXPECT_EQ(sentence.text(), "a b");
}

TEST(TextEditor, TreatsAHiddenWordAsOneUnit) {
  TextEditor editor(TextFieldKind::kSentence, "a [[Fermat]] prime");
  editor.move_to(5, false);  // inside: goes to the nearer side
  EXPECT_EQ(editor.caret(), 2U);
  editor.move(Motion::kRight, false);
  EXPECT_EQ(editor.caret(), 12U);
  editor.move(Motion::kLeft, false);
  EXPECT_EQ(editor.caret(), 2U);
}

TEST(TextEditor, BackspaceBehindAHiddenWordShowsItFirst) {
  TextEditor editor(TextFieldKind::kSentence, "a [[Fermat]]");
  editor.erase_backward(false);
  EXPECT_EQ(editor.text(), "a Fermat");
  editor.erase_backward(false);
  EXPECT_EQ(editor.text(), "a Ferma");
}

TEST(TextEditor, HidesTheWordAtTheCaretOrTheSelection) {
  TextEditor editor(TextFieldKind::kSentence, "a Fermat prime");
  editor.move_to(4, false);
  EXPECT_TRUE(editor.toggle_hidden_here());
  EXPECT_EQ(editor.text(), "a [[Fermat]] prime");
  EXPECT_TRUE(editor.toggle_hidden_here());
  EXPECT_EQ(editor.text(), "a Fermat prime");
  editor.select({2, 14});
  EXPECT_TRUE(editor.toggle_hidden_here());
  EXPECT_EQ(editor.text(), "a [[Fermat prime]]");
  editor.undo();
  EXPECT_EQ(editor.text(), "a Fermat prime");
}

TEST(TextEditor, PlainTextHidesNothing) {
  TextEditor editor(TextFieldKind::kPlain, "a Fermat prime");
  EXPECT_FALSE(editor.toggle_hidden_at(3));
}

TEST(TextEditor, ErasesACharacterWithItsMarks) {
  TextEditor editor(TextFieldKind::kPlain, "cafe\u0301");
  editor.erase_backward(false);
  EXPECT_EQ(editor.text(), "caf");
}

}  // namespace
}  // namespace realm::view
