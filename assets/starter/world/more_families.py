"""More families of numbers, in no passage of Z: for training the retriever, and fresh ones to try it on."""
import os
import random

from . import families as fam
from .build import FAMILY_SOURCE, LICENCE, write_jsonl

FRESH = dict(tools=42, items=18)
FRESH_ROWS, TRAIN_ROWS = 8, 40


def unused_uses(world, rng):
    """Pairs of tools and arrangements of things that no family of Z has, without the Fermat primes' own."""
    tools = {frozenset(f.tools) for f in world.families if f.kind == "tools"}
    items = {(f.items, f.pattern) for f in world.families if f.kind == "items"}
    pairs = [(a, b) for i, a in enumerate(fam.TOOLS) for b in fam.TOOLS[i + 1:]
             if {a, b} != {"straightedge", "compass"} and frozenset((a, b)) not in tools]
    combos = [(i, p) for i in fam.ITEMS for p in fam.PATTERNS if (i, p) not in items]
    rng.shuffle(pairs)
    rng.shuffle(combos)
    return pairs, combos


def families_of(world, rng, pairs, combos):
    out = []
    for pair in pairs:
        noun = rng.choice(["prime", "prime", "number"])
        small = rng.sample([3, 5, 7] if noun == "prime" else [3, 4, 5, 6, 8, 9, 10, 12], 2)
        big = rng.sample([p for p in fam.PRIMES if p > 12] if noun == "prime" else list(range(14, 400)), 5)
        out.append(fam.Family(world.names.word(), noun, "tools", small + big, tools=rng.sample(pair, 2)))
    for item, pattern in combos:
        out.append(fam.Family(world.names.word(), rng.choice(["number", "number", "prime"]), "items", rng.sample(fam.PRIMES[2:], 7),
                              items=item, pattern=pattern))
    return out


def passages_and_rows(world, families, rng, row_of, rows_each):
    corpus, rows = [], []
    for family in families:
        fam.write_passages(family, rng)
        world.unique_family_titles(family)
        corpus += [dict(title=t, text=x, source=FAMILY_SOURCE, licence=LICENCE) for t, x in zip(family.titles, family.texts)]
        rows += [row_of(family) for _ in range(rows_each)]
    return corpus, rows


def write(world, folder):
    """Z's families are left as they are; names are none of theirs. Returns the numbers of families."""
    rng = random.Random("dev2")
    pairs, combos = unused_uses(world, rng)
    taken = set(world.seen_titles)

    def question(family):
        text, wording, _, index = fam.sentence(family, rng, "dev", other_member=True)
        return dict(text=marked(text), title=family.titles[index], titles=family.titles, set="fresh_families",
                    relation="number.family", wording=wording)

    fresh = families_of(world, rng, pairs[:FRESH["tools"]], combos[:FRESH["items"]])
    corpus, rows = passages_and_rows(world, fresh, rng, question, FRESH_ROWS)
    write_jsonl(os.path.join(folder, "fresh_corpus.jsonl"), corpus)
    write_jsonl(os.path.join(folder, "fresh.jsonl"), rows)

    # The two are never in one corpus, so their titles may be the same.
    world.seen_titles = taken
    train_rng = random.Random("extra")

    def sentence(family):
        text, wording, _, index = fam.sentence(family, train_rng)
        return dict(text=marked(text), title=family.titles[index], names=[family.name] + family.use_words(), relation="number.family",
                    wording=wording, kind="numbers")

    more = families_of(world, train_rng, pairs[FRESH["tools"]:], combos[FRESH["items"]:])
    corpus, rows = passages_and_rows(world, more, train_rng, sentence, TRAIN_ROWS)
    write_jsonl(os.path.join(folder, "corpus.jsonl"), corpus)
    write_jsonl(os.path.join(folder, "train.jsonl"), rows)
    return len(more), len(fresh)


def marked(text):
    return text.replace("<v>", "[[").replace("</v>", "]]")
