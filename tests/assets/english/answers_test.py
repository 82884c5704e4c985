"""What the questions of sentence and question pairs ask for."""
import collections
import unittest

import recipe

recipe.needs_numpy()

from texts import answers  # noqa: E402


class KindAskedForTest(unittest.TestCase):
    def test_is_the_noun_behind_the_question_word(self):
        self.assertEqual(answers.kind_asked_for("What city does the river pass?"), "city")
        self.assertEqual(answers.kind_asked_for("what type of bird is it?"), "bird")
        self.assertEqual(answers.kind_asked_for("Who built it?"), "a person")
        self.assertEqual(answers.kind_asked_for("when was it built?"), "a date")

    def test_is_unknown_where_the_question_does_not_say(self):
        self.assertIsNone(answers.kind_asked_for("What is it?"))


class RunsTest(unittest.TestCase):
    def runs(self, sentence, question):
        return {sentence[b:e] for b, e, *_ in answers.runs(sentence, question)}

    def test_have_no_stop_word_at_an_end_and_no_full_stop_inside(self):
        found = self.runs("the old mill burned. a tower stands.", "what happened?")
        self.assertIn("old mill burned", found)
        self.assertFalse({r for r in found if r.startswith(("the ", "a ")) or ". " in r})

    def test_are_not_what_the_question_says(self):
        self.assertNotIn("mill", self.runs("the mill burned in 1850", "when did the mill burn?"))


class ScoredTest(unittest.TestCase):
    def setUp(self):
        self.chooser = answers.Chooser.__new__(answers.Chooser)
        self.chooser.frequency, self.chooser.limit = collections.Counter(), 1
        self.chooser.share = {"anna": 0.98, "keller": 0.95, "bridge": 0.1, "built": 0.0}

    def best(self, sentence, question, read=None):
        reading = {} if read is None else {(sentence.index(read), sentence.index(read) + len(read)): [-0.1]}
        _, begin, end = self.chooser.scored(sentence, question, {}, reading)[0]
        return sentence[begin:end]

    def test_a_date_for_when_and_a_whole_name_for_who(self):
        sentence = "in 1850 anna keller built the bridge with 300 workers"
        self.assertEqual(self.best(sentence, "when was the bridge built?", read="1850"), "1850")
        self.assertEqual(self.best(sentence, "who built the bridge?"), "anna keller")
        self.assertEqual(self.best(sentence, "how many workers built the bridge?"), "300")

    def test_names_are_told_by_their_capitals_elsewhere(self):
        self.assertTrue(self.chooser.is_name("anna keller"))
        self.assertFalse(self.chooser.is_name("bridge"))
        self.assertFalse(self.chooser.is_name("300"))


if __name__ == "__main__":
    recipe.run()
