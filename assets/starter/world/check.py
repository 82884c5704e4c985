"""Verifies the promises of the README about a generated folder: generate.py --check OUT_DIR."""
import json
import os
import re

from . import families as fam
from . import texts
from .build import read_jsonl, words_of
from .families import BECAUSE_RESERVED
from .grammar import SHAPES

SET_SIZES = {"test": 250, "dev": 150}
SETS = ["heldout_entities", "unseen_wordings", "real_names", "number_families", "added", "edited"]
FERMAT_WORDS = ("an equilateral triangle is easily constructed using a straightedge and compass because 3 is a prime").split()


class Failed(Exception):
    pass


def expect(condition, sentence):
    if not condition:
        raise Failed(sentence)


def spans(text):
    expect(text.count("[[") == text.count("]]"), f"the brackets do not match in: {text}")
    return re.findall(r"\[\[(.+?)\]\]", text)


def joined(text):
    return " " + " ".join(words_of(text)) + " "


class PairIndex:
    """Finds X rows that name both of two strings."""

    def __init__(self, rows):
        self.rows = [joined(r["text"]) for r in rows]
        self.by_word = {}
        for i, row in enumerate(self.rows):
            for word in set(row.split()):
                self.by_word.setdefault(word, set()).add(i)

    def rows_with(self, text):
        needle = joined(text)
        sets = [self.by_word.get(w, set()) for w in needle.split()]
        return {i for i in set.intersection(*sets) if needle in self.rows[i]} if sets else set()


def run(folder, world):
    try:
        check_all(folder, world)
    except Failed as failure:
        print(f"check failed: {failure}")
        return 1
    except FileNotFoundError as failure:
        print(f"check failed: {failure.filename} is missing; run generate.py {folder} first")
        return 1
    print("all checks passed")
    return 0


def check_all(folder, world):
    corpus = read_jsonl(os.path.join(folder, "corpus.jsonl"))
    rows = read_jsonl(os.path.join(folder, "train.jsonl"))
    titles = check_corpus(corpus, world)
    index = PairIndex(rows)
    check_train(rows, titles, world, index)
    sets = {g: {n[:-6]: read_jsonl(os.path.join(folder, "eval", g, n)) for n in os.listdir(os.path.join(folder, "eval", g))}
            for g in SET_SIZES}
    for group, named in sets.items():
        for name, items in named.items():
            check_items(group, name, items, titles, index)
        check_sizes(group, named)
        check_unseen(named["unseen_wordings"], rows, world, group)
        check_changes(group, named, titles, index)
    check_disjoint(sets)
    check_examples(folder, world)
    check_fermat(rows)
    check_more_families(os.path.join(folder, "families"), titles, world)


def check_corpus(corpus, world):
    expect(2500 <= len(corpus) <= 3500, f"corpus.jsonl has {len(corpus)} passages, expected 2500 to 3500")
    expect(corpus == world.corpus(), "corpus.jsonl is not what the generator makes")
    titles = {}
    for row in corpus:
        expect(set(row) == {"title", "text", "source", "licence"}, f"passage {row.get('title')!r} has other fields than the four")
        expect(row["title"] not in titles, f"the title {row['title']!r} occurs twice")
        expect("  " not in row["text"] and "<" not in row["text"] and "{" not in row["text"], f"bad text in passage {row['title']!r}")
        titles[row["title"]] = row["text"]
    mean = sum(len(r["text"].split()) for r in corpus) / len(corpus)
    expect(mean <= 45, f"the passages have {mean:.1f} words on average, expected 45 at most")
    expect(len(world.handwritten) >= 60, f"only {len(world.handwritten)} passages are written by hand, expected 60")
    return titles


def check_train(rows, titles, world, index):
    expect(40000 <= len(rows) <= 80000, f"train.jsonl has {len(rows)} rows, expected 40000 to 80000")
    held = {e.title for e in world.entities if e.group != "train"} | {t for f in world.families if f.group != "train" for t in f.titles}
    for row in rows:
        expect(spans(row["text"]), f"no salient span in the X row: {row['text']}")
        expect("  " not in row["text"] and "{" not in row["text"] and "<" not in row["text"], f"bad text in the X row: {row['text']}")
        expect(row["title"] in titles, f"the passage {row['title']!r} of an X row is not in the corpus")
        expect(row["title"] not in held, f"an X row tells a fact of {row['title']!r}, which is held out")
        expect("fermat" not in row["text"].lower(), f"an X row names Fermat: {row['text']}")
    for entity in world.entities:
        if entity.group != "train" and not entity.real:
            expect(not index.rows_with(entity.name), f"X names {entity.name!r}, which is held out")
    for family in world.families:
        if family.group != "train":
            expect(not index.rows_with(family.name), f"X names the family {family.name!r}, which is held out")


def check_items(group, name, items, titles, index):
    for row in items:
        answer = spans(row["text"])
        where = f"eval/{group}/{name}: {row['text']}"
        expect(len(answer) == 1, f"not exactly one span in {where}")
        passage = row["edit"]["text"] if "edit" in row else row["add"][0]["text"] if "add" in row else titles.get(row["title"])
        expect(passage is not None, f"the corpus has no passage {row['title']!r} for {where}")
        text = passage + " " + row["title"]
        expect(joined(answer[0]) in joined(text) or name.startswith("fermat"), f"the passage does not hold the answer of {where}")
        if name in ("heldout_entities", "real_names", "added", "edited") or row.get("about") == "held-out entity":
            subject = re.sub(r" \([a-z]+(, another)?\)$", "", row["title"])
            both = index.rows_with(subject) & index.rows_with(answer[0])
            expect(not both, f"X tells the fact of {where}")
        if name == "real_names":
            expect(not index.rows_with(answer[0]), f"X names the answer of {where}")


def check_sizes(group, named):
    for name in SETS:
        expect(len(named[name]) >= SET_SIZES[group], f"eval/{group}/{name} has {len(named[name])} items, expected {SET_SIZES[group]}")


def line_of(wording):
    """The predicate line in a wording id ("kind.relation:A founded/shape" -> "A founded")."""
    return wording.split(":", 1)[1].rsplit("/", 1)[0]


def check_unseen(items, rows, world, group):
    seen_words = set()
    seen_lines = set()
    for row in rows:
        seen_words.update(words_of(row["text"]))
        if ":" in row["wording"]:
            seen_lines.update(line_of(row["wording"]).split("+"))
            seen_lines.add(line_of(row["wording"]))
    told = {line for e in world.entities for line in getattr(e, "sentence_lines", {}).values()}
    values = {e.title: {w for t in [e.name] + [v.text for v in e.facts.values()] for w in words_of(t)} for e in world.entities}
    held = 0
    for row in items:
        line = line_of(row["wording"])
        expect(line not in seen_lines, f"X has the wording {line!r} of eval/{group}/unseen_wordings")
        expect(line not in told, f"a passage has the wording {line!r} of eval/{group}/unseen_wordings")
        for word in words_of(row["text"]):
            expect(word in seen_words or word in values[row["title"]],
                   f"the word {word!r} of eval/{group}/unseen_wordings occurs nowhere in X: {row['text']}")
        held += row["about"] == "held-out entity"
    expect(0.4 <= held / len(items) <= 0.6, f"{held} of {len(items)} unseen wordings are about held-out entities, expected half")


def check_changes(group, named, titles, index):
    added = {row["title"] for row in named["added"]}
    for row in named["added"]:
        expect(row["title"] not in titles, f"the added passage {row['title']!r} is in the corpus already")
        expect(not index.rows_with(re.sub(r" \([a-z]+\)$", "", row["title"])), f"X names {row['title']!r}, which is added later")
    least = 100 if group == "test" else 50
    expect(len(added) >= least, f"only {len(added)} passages are added in {group}, expected {least} or more")
    edits = {row["title"] for row in named["edited"]}
    expect(len(edits) >= least, f"only {len(edits)} passages are edited in {group}, expected {least} or more")
    for row in named["edited"]:
        expect(row["edit"]["text"] != titles[row["title"]], f"the edit of {row['title']!r} changes nothing")
        expect(joined(row["old_answer"]) in joined(titles[row["title"]]), f"the old answer is not in the passage {row['title']!r}")


def check_disjoint(sets):
    for name in SETS:
        common = {r["title"] for r in sets["test"][name]} & {r["title"] for r in sets["dev"][name]}
        common = {t for t in common if name != "edited" and not (name == "unseen_wordings" and t in common_trained(sets, name))}
        expect(not common, f"test and dev both ask about {sorted(common)[:3]} in {name}")
    lines = [{line_of(r["wording"]) for r in sets[g]["unseen_wordings"]} for g in SET_SIZES]
    expect(not lines[0] & lines[1], "test and dev share unseen wordings")


def common_trained(sets, name):
    return {r["title"] for g in sets for r in sets[g][name] if r.get("about") == "entity of X"}


def check_examples(folder, world):
    with open(os.path.join(folder, "examples.json"), encoding="utf-8") as f:
        gallery = json.load(f)
    expect(gallery == texts.examples(world), "examples.json is not what the generator makes")
    expect(len(gallery) == 10, f"the gallery has {len(gallery)} sentences, expected ten")
    expect("Fermat" in gallery[0]["text"], "the Fermat sentence is not the first of the gallery")
    for entry in gallery:
        expect(len(spans(entry["text"])) == 1, f"not exactly one span in the gallery's {entry['title']!r}")


def check_fermat(rows):
    count = {}
    for row in rows:
        for word in words_of(row["text"]):
            count[word] = count.get(word, 0) + 1
    for word in FERMAT_WORDS:
        expect(count.get(word, 0) >= 50, f"the word {word!r} of the Fermat sentence occurs {count.get(word, 0)} times in X, expected 50")
    reserved = [s for shapes in SHAPES.values() for s in shapes if s[3] != "train"]
    expect(reserved and BECAUSE_RESERVED["test"], "no sentence shape is reserved for the unseen wordings")


def check_more_families(folder, titles, world):
    """Families for training alone, and fresh ones: none of Z's, none that a set asks about, none with the Fermat primes' use."""
    names = {f.name.lower() for f in world.families}
    tools = {frozenset(f.tools) for f in world.families if f.kind == "tools"} | {frozenset(("straightedge", "compass"))}
    told = {}
    for part in ("", "fresh_"):
        corpus = {r["title"]: r["text"] for r in read_jsonl(os.path.join(folder, part + "corpus.jsonl"))}
        rows = read_jsonl(os.path.join(folder, ("fresh" if part else "train") + ".jsonl"))
        expect(len(rows) >= 480, f"families/ has {len(rows)} rows of {part or 'training'} families, expected 480 or more")
        expect(not set(corpus) & set(titles), f"families/{part}corpus.jsonl has titles of the corpus")
        for row in rows:
            name = spans(row["text"])[0]
            expect(name.lower() not in names, f"families/ asks about {name!r}, which is in the corpus")
            expect(joined(name) in joined(corpus[row["title"]]), f"the passage {row['title']!r} does not hold {name!r}")
            expect("fermat" not in row["text"].lower(), f"families/ names Fermat: {row['text']}")
            used = frozenset(t for t in fam.TOOLS if joined(t) in joined(row["text"]))
            expect(len(used) != 2 or used not in tools, f"families/ has a use of the corpus: {row['text']}")
            told.setdefault(part, set()).add(name)
    expect(not told[""] & told["fresh_"], "families/ trains on a family that it asks about as fresh")
