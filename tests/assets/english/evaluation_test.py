"""Question files for realm eval."""
import json
import pathlib
import random
import tempfile
import unittest

import recipe  # noqa: F401
from texts import evaluation


class XquadTest(unittest.TestCase):
    def test_hides_the_answer_behind_the_question(self):
        paragraph = {"context": "Nürnberg lies on the Pegnitz.",
                     "qas": [{"question": " On which river lies Nürnberg? ", "answers": [{"text": "the Pegnitz"}]}]}
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump({"data": [{"title": "Franconian_towns", "paragraphs": [paragraph]}]}, file)
            file.flush()
            passages, questions = evaluation.xquad(file.name)
        self.assertEqual([p["title"] for p in passages], ["Franconian towns (1)"])
        self.assertEqual(questions, [{"text": "On which river lies Nürnberg? [[the Pegnitz]].", "title": "Franconian towns (1)",
                                      "set": "xquad"}])


class SalientSpansTest(unittest.TestCase):
    def spans(self, sentence):
        return [sentence[b:e] for b, e in evaluation.salient_spans(sentence)]

    def test_are_names_dates_and_numbers(self):
        self.assertEqual(self.spans("On 3 May 1791 the Sejm met in Warsaw."), ["3 May 1791", "Sejm", "Warsaw"])

    def test_are_not_the_first_word_alone(self):
        self.assertEqual(self.spans("Rivers carry 2.5 million tons."), ["2.5"])


class PararelTest(unittest.TestCase):
    def test_asks_relations_that_have_wordings_of_subjects_that_have_articles(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "trex_lms_vocab").mkdir()
            (folder / "pattern_data" / "graphs_json").mkdir(parents=True)
            facts = [{"sub_label": "Peru", "obj_label": "Lima"}, {"sub_label": "Atlantis", "obj_label": "Poseidonis"}]
            for relation in ("P36", "P31"):  # P31 has facts only
                (folder / "trex_lms_vocab" / f"{relation}.jsonl").write_text("\n".join(map(json.dumps, facts)), encoding="utf-8")
            (folder / "pattern_data" / "graphs_json" / "P36.jsonl").write_text(
                json.dumps({"pattern": "The capital of [X] is [Y] ."}) + "\n", encoding="utf-8")
            rows = evaluation.pararel(folder, {"peru": "Peru"}, random.Random(1))
        self.assertEqual(rows, [{"text": "The capital of Peru is [[Lima]].", "title": "Peru", "set": "P36"}])


if __name__ == "__main__":
    recipe.run()
