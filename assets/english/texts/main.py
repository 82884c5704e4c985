"""Writes the training texts of the English workspace's models; see ../README.md."""
import argparse
import json
import pathlib
import random

from . import questions, wikipedia, words

FORBIDDEN = "fermat"  # the word of the paper's sentence stands in no text that is trained on


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{path.name}: {len(rows)} rows")


def read_rows(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--wikipedia", type=pathlib.Path, required=True, help="folder or file in WikiExtractor's format")
    parser.add_argument("--pairs", type=pathlib.Path, required=True, help="sentence TAB question, tokenized")
    parser.add_argument("--reference", type=pathlib.Path, help="JSON Lines of the workspace's own passages (realm export)")
    options = parser.parse_args()
    rng = random.Random(20260101)
    options.out.mkdir(parents=True, exist_ok=True)
    articles = list(wikipedia.read(options.wikipedia))
    frequency = wikipedia.frequencies(articles)
    limit = len(articles) // 150
    rare = lambda word: frequency[word] < limit
    known = lambda word: frequency[word]
    corpus, train, dev, test, test_corpus, seen = [], [], [], [], [], set()

    def add(title, text, rows, source, split):
        if title.lower() in seen or FORBIDDEN in (title + text).lower():
            return
        seen.add(title.lower())
        rows = [{**r, "title": title} for r in rows if FORBIDDEN not in r["text"].lower()]
        passage = {"title": title, "text": text, "source": source, "licence": "CC BY-SA 3.0"}
        if split == "test":
            test.extend(rows)
            test_corpus.append(passage)
            return
        corpus.append(passage)
        (dev if split == "dev" else train).extend(rows)

    for title, paragraphs in articles:
        for number, window in enumerate(wikipedia.windows(paragraphs, 2), 1):
            passage, rows = wikipedia.rows(window, rare, rng)
            if passage:
                add(title if number == 1 else f"{title} ({number})", passage, rows, "Wikipedia", wikipedia.split_of(title))
    for passage in read_rows(options.reference) if options.reference else []:
        window = words.sentences(passage["text"])
        text, rows = wikipedia.rows(window, rare, rng, passage["source"].split()[0].lower()) if len(window) > 1 else (None, [])
        if rows:
            add(passage["title"], text, rows, passage["source"], wikipedia.split_of(passage["title"]))
    for title, passage, rows in questions.of_pairs(options.pairs, rare, known, rng):
        add(title, passage, rows, "SQuAD sentences", "dev" if wikipedia.split_of(title) != "train" else "train")
    for rows in (train, dev, test):
        rng.shuffle(rows)
    write(options.out / "corpus.jsonl", corpus)
    write(options.out / "train.jsonl", train)
    write(options.out / "dev.jsonl", dev)
    write(options.out / "test.jsonl", test)
    write(options.out / "test_corpus.jsonl", test_corpus)


if __name__ == "__main__":
    main()
