"""Writes the texts of the reader's last phase: questions with chosen answers (answers.py) beside long passages, and a part of
the texts that main.py wrote."""
import argparse
import json
import pathlib
import random

from . import main

PARTS = {"wikipedia question": 8000, "wikipedia": 11000, "reference": 5000}  # rows taken of main.py's
QUESTION_TIMES = 3


def passages(lines, rng):
    """[[line]]: neighbouring sentences, to be one passage each; a line is a row of answers.py."""
    groups, last, most = [], None, (2, 60)
    for line in lines:
        if line["sentence"] != last:
            length = sum(len(s.split()) for s in {x["sentence"] for x in groups[-1]}) if groups else 0
            sentences = len({x["sentence"] for x in groups[-1]}) if groups else 0
            if not groups or length + len(line["sentence"].split()) > most[1] or sentences >= most[0]:
                groups.append([])
                most = (rng.choice((2, 3, 5, 7, 9)), rng.choice((60, 100, 140, 170)))
            last = line["sentence"]
        groups[-1].append(line)
    return groups


def asked(lines, rng):
    """(passages, rows) of the rows of answers.py."""
    corpus, rows = [], []
    for number, group in enumerate(passages(lines, rng)):
        text = " ".join(dict.fromkeys(x["sentence"] for x in group))
        if main.FORBIDDEN in text:
            continue
        title = f"{' '.join(text.split()[:4])} ({number})"
        corpus.append({"title": title, "text": text, "source": "SQuAD sentences", "licence": "CC BY-SA 4.0"})
        for x in group:
            question, answer = x["question"], x["answer"]
            if answer and main.FORBIDDEN not in question and "[[" not in question:
                rows.append({"text": f"{question[0].upper()}{question[1:]} [[{answer}]].",
                             "names": [answer] if x["is_name"] else [], "kind": "question", "title": title})
    return corpus, rows


def part_of(row):
    return row["kind"] if row["kind"].startswith("wikipedia") else "reference"


def run():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path, required=True, help="folder that main.py wrote")
    parser.add_argument("--answers", type=pathlib.Path, required=True, help="what answers.py wrote")
    options = parser.parse_args()
    rng = random.Random(3)
    options.out.mkdir(parents=True, exist_ok=True)
    corpus, rows = asked(main.read_rows(options.answers), rng)
    others = [r for r in main.read_rows(options.texts / "train.jsonl") if r["kind"] != "question"]
    rng.shuffle(others)
    mix = rows * QUESTION_TIMES
    for part, most in PARTS.items():
        mix += [r for r in others if part_of(r) == part][:most]
    rng.shuffle(mix)
    dev = [r for r in main.read_rows(options.texts / "dev.jsonl") if r["kind"] != "question"]
    wanted = {r["title"] for r in mix + dev} - {p["title"] for p in corpus}
    corpus += [p for p in main.read_rows(options.texts / "corpus.jsonl") if p["title"] in wanted]
    for name, content in (("corpus", corpus), ("mix", mix), ("dev", dev)):
        main.write(options.out / f"{name}.jsonl", content)


if __name__ == "__main__":
    run()
