"""The text for plain BERT: every training row without its passage, and every sentence of every passage."""
import json
import pathlib
import random
import sys

from . import words


def main():
    source, out = map(pathlib.Path, sys.argv[1:])
    rows = [{"text": json.loads(line)["text"]} for line in open(source / "train.jsonl", encoding="utf-8")]
    for line in open(source / "corpus.jsonl", encoding="utf-8"):
        rows += [{"text": s} for s in words.sentences(json.loads(line)["text"]) if 6 <= len(s.split()) <= 40]
    random.Random(5).shuffle(rows)
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    main()
