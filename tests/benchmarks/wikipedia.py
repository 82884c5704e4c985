#!/usr/bin/env python3
"""REALM pre-training on real text from nothing: vocabulary, inverse cloze task, a reader that copies, joint training.

    tests/benchmarks/wikipedia.py FOLDER WORK [--bin DIR] [--files N] [--ict-steps N] [--mlm-steps N] [--steps N]

FOLDER holds files as WikiExtractor writes them; the first N are imported, each article cut into passages. Z is those
passages, X their sentences; 400 sentences are held out of X. The passage that holds a sentence word for word is no
candidate for it, so what retrieval gives is in the other passages. The curves of the joint training end up in
WORK/pretrain.csv (step, name, value), its held-out figures on standard output. WORK is made when it is not there; a
command that was stopped goes on when it is given again.
"""

import argparse
import json
import random
import re
import sys
from pathlib import Path

from recipe import BIN, Recipe

SHOWN = ["log_p_y", "retrieval_utility", "null_share", "top_document_right"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--bin", type=Path, default=BIN)
    parser.add_argument("--files", type=int, default=6)
    parser.add_argument("--ict-steps", type=int, default=1000)
    parser.add_argument("--mlm-steps", type=int, default=2500)
    parser.add_argument("--steps", type=int, default=1000, help="of joint training")
    a = parser.parse_args()
    recipe = Recipe(a.work, a.bin)
    files = sorted(path for path in a.folder.rglob("*") if path.is_file())[: a.files]
    if not files:
        sys.exit(f"There are no files in {a.folder}.")
    passages = passages_of(recipe, files)
    recipe.make_workspace(passages)
    training, held_out = sentences(recipe, passages)
    text = {"training_text": training, "held_out_text": held_out}
    recipe.phase("words", "vocabulary", vocabulary_size=8000)
    recipe.phase("ict", "ict", **text, initial_model="words", steps=a.ict_steps, evaluate_every_steps=1000)
    # A reader that has learnt to copy: each sentence of Z beside the passage that it stands in.
    recipe.phase("reader", "mlm", held_out_text=held_out, initial_model="words", layers=3, steps=a.mlm_steps,
                 query_length=48, evaluate_every_steps=1000)
    run = recipe.phase("pretrain", "pretrain", **text, initial_model="ict", initial_encoder="reader",
                       steps=a.steps, batch_size=16, learning_rate=3e-5, encoder_learning_rate=5e-4,
                       refresh_every_steps=100, refresh_lag_steps=20, warm_pair_fraction=0,
                       evaluate_every_steps=100, evaluate_examples=400)
    show(recipe, run)
    return 0


def split(text):
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text.replace("\n", " "))


def passages_of(recipe, files):
    """The articles, read by a workspace of their own, as passages of at most 80 words."""
    out = recipe.work / "passages.jsonl"
    if out.exists():
        return out
    articles = Recipe(recipe.work / "articles", recipe.bin)
    articles.make_workspace(*files, options=["--licence", "CC-BY-SA"])
    exported = articles.work / "articles.jsonl"
    articles.realm("export", exported)
    with out.open("w") as to:
        for line in exported.open():
            article = json.loads(line)
            passage, words = [], 0
            for sentence in split(article["text"]) + [None]:
                if passage and (sentence is None or words + len(sentence.split()) > 80):
                    to.write(json.dumps({**article, "text": " ".join(passage)}, ensure_ascii=False) + "\n")
                    passage, words = [], 0
                if sentence is not None:
                    passage.append(sentence)
                    words += len(sentence.split())
    return out


def sentences(recipe, passages):
    """X and the held-out rows, as two files."""
    training, held_out = recipe.work / "training.jsonl", recipe.work / "held_out.jsonl"
    if training.exists():
        return training, held_out
    found = []
    for line in passages.open():
        for sentence in split(json.loads(line)["text"]):
            if 8 <= len(sentence.split()) <= 40 and re.search(r"\s([A-Z][a-z]+|\d+)", sentence):
                found.append(sentence)
    random.Random(1).shuffle(found)
    for path, rows in ((held_out, found[:400]), (training, found[400:])):
        path.write_text("".join(json.dumps({"text": row}, ensure_ascii=False) + "\n" for row in rows))
    return training, held_out


def show(recipe, run):
    rows = [json.loads(line) for line in recipe.realm("--json", "runs", "metrics", run).splitlines()]
    with (recipe.work / "pretrain.csv").open("w") as out:
        out.write("step,name,value\n")
        for row in rows:
            out.write(f"{row['step']},{row['name']},{row['value']}\n")
    print("| step | " + " | ".join(SHOWN) + " |\n| ---: |" + " ---: |" * len(SHOWN))
    for step in sorted({row["step"] for row in rows if row["name"] == "held_out/log_p_y"}):
        values = {row["name"]: row["value"] for row in rows if row["step"] == step}
        print(f"| {step} | " + " | ".join(f"{values['held_out/' + name]:.3f}" for name in SHOWN) + " |")


if __name__ == "__main__":
    sys.exit(main())
