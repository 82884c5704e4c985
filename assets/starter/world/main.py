"""The command behind generate.py."""
import json
import os

from . import check, more_families, texts
from .build import World, write_jsonl
from .rows import eval_sets, train_rows

SEED = 2002


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check.run(arguments[1], World(SEED))
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: generate.py OUT_DIR | generate.py --check OUT_DIR")
        return 2
    out = arguments[0]
    world = World(SEED)
    corpus = world.corpus()
    rows = train_rows(world)
    write_jsonl(os.path.join(out, "corpus.jsonl"), corpus)
    write_jsonl(os.path.join(out, "train.jsonl"), rows)
    for group in ("test", "dev"):
        sets = eval_sets(world, group, rows, corpus)
        sets.update(texts.hand_sets(world, group))
        for name, items in sets.items():
            write_jsonl(os.path.join(out, "eval", group, name + ".jsonl"), items)
            print(f"eval/{group}/{name}.jsonl: {len(items)} items")
    with open(os.path.join(out, "examples.json"), "w", encoding="utf-8") as f:
        json.dump(texts.examples(world), f, indent=1, ensure_ascii=False)
        f.write("\n")
    texts.write_vocabulary_text(os.path.join(out, "vocabulary_text.txt"), corpus, rows, world)
    more, fresh = more_families.write(World(SEED), os.path.join(out, "families"))
    print(f"families/: {more} families for training alone, {fresh} fresh ones")
    print(f"corpus.jsonl: {len(corpus)} passages; train.jsonl: {len(rows)} sentences")
    return 0
