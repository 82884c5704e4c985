"""Questions as cloze sentences."""
import random
import unittest

import recipe
from texts import questions


class DetokenizedTest(unittest.TestCase):
    def test_takes_spaces_before_marks_and_inside_quotation_marks_away(self):
        self.assertEqual(questions.detokenized("he said `` venite ad me '' , and did n't go -lrb- yet -rrb- ."),
                         'he said "venite ad me", and didn\'t go (yet).')


class OfStatementTest(unittest.TestCase):
    def test_asks_for_the_kind_of_the_answer(self):
        sentence = "The bridge over the Vltava was finished in 1402."
        begin = sentence.index("1402")
        for seed in range(20):
            asked = questions.of_statement(sentence, (begin, begin + 4), random.Random(seed))
            self.assertTrue(asked.endswith("? [[1402]]."), asked)
            self.assertNotIn("1402", asked[:-len("[[1402]].")])
            self.assertRegex(asked.lower(), r"\b(when|year|date)\b")

    def test_asks_nothing_of_a_clause_too_short(self):
        self.assertIsNone(questions.of_statement("It is 1402.", (6, 10), random.Random(1)))


class GuessAnswerTest(unittest.TestCase):
    def guess(self, sentence, question):
        span = questions.guess_answer(sentence, question, lambda w: len(w) > 6, lambda w: 100)
        return sentence[span[0]:span[1]] if span else None

    def test_is_a_date_where_one_is_asked_for(self):
        self.assertEqual(self.guess("the stadium, built for 40,000 people, opened in 1998.", "when did the stadium open?"), "1998")

    def test_is_a_number_where_one_is_asked_for(self):
        self.assertEqual(self.guess("the stadium, built for 40,000 people, opened in may.", "how many people was the stadium built for?"),
                         "40,000")


if __name__ == "__main__":
    recipe.run()
