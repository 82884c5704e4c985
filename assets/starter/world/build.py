"""Builds the world: entities, split, passages, X rows and evaluation rows. Deterministic from one seed."""
import json
import os
import random
import re

from . import families as fam
from . import pools
from .entities import INVENTED, Value, invented_entity, maker, real_entities
from .names import Names
from .passages import strip_marks, write_passage

HERE = os.path.dirname(os.path.abspath(__file__))
LICENCE = "CC0-1.0"
FAMILY_COUNTS = dict(tools=135, items=70)
FAMILY_SPLIT = dict(test=45, dev=25)
FAMILY_SOURCE = "starter gazetteer (invented): numbers"


class World:
    """All entities, families and handwritten passages with their split and texts."""

    def __init__(self, seed):
        self.seed = seed
        self.kinds = pools.load(seed)
        self.handwritten = read_jsonl(os.path.join(HERE, "handwritten.jsonl"))
        rng = random.Random(f"{seed} world")
        self.names = Names(rng)
        self.entities = real_entities()
        real_words = {w for e in self.entities for v in [e.name] + [x.text for x in e.facts.values()] for w in v.lower().split()}
        self.names.reserve(real_words | {"fermat", "the", "and"})
        self.shared = [self.names.word() for _ in range(120)]
        self.makers = maker(rng, self.names, lambda: rng.choice(self.shared))
        invented = []
        for kind, (count, _, _, _) in INVENTED.items():
            for _ in range(count):
                invented.append(invented_entity(kind, rng, self.names, self.makers))
        self.entities += invented
        self.split(rng)
        self.added = {"test": [], "dev": []}
        for group, count in (("test", 120), ("dev", 60)):
            for i in range(count):
                entity = invented_entity(rng.choice(list(INVENTED)), rng, self.names, self.makers)
                entity.group = group
                self.added[group].append(entity)
        self.families = fam.make_families(rng, self.names, FAMILY_COUNTS["tools"], FAMILY_COUNTS["items"])
        for i, family in enumerate(self.families):
            family.group = "test" if i < FAMILY_SPLIT["test"] else "dev" if i < sum(FAMILY_SPLIT.values()) else "train"
        self.titles(self.entities + self.added["test"] + self.added["dev"])
        for entity in self.entities + self.added["test"] + self.added["dev"]:
            write_passage(entity, self.kinds[entity.kind], rng)
        self.family_passages = {}
        for family in self.families:
            fam.write_passages(family, rng)
            self.unique_family_titles(family)
        self.value_counts = {}
        for entity in self.entities:
            for rel, value in entity.facts.items():
                key = (entity.kind, rel, value.text.lower())
                self.value_counts[key] = self.value_counts.get(key, 0) + 1

    def split(self, rng):
        """15 % of the invented entities and 28 % of the real ones are held out (two thirds for test, the rest for dev)."""
        by_kind = {}
        for entity in self.entities:
            by_kind.setdefault((entity.kind, entity.real), []).append(entity)
        for (_, real), group in by_kind.items():
            order = list(group)
            rng.shuffle(order)
            test, dev = (0.17, 0.11) if real else (0.095, 0.055)
            a, b = round(len(order) * test), round(len(order) * (test + dev))
            for entity in order[:a]:
                entity.group = "test"
            for entity in order[a:b]:
                entity.group = "dev"

    def titles(self, entities):
        seen = {h["title"].lower() for h in self.handwritten}
        for entity in entities:
            if entity.title.lower() in seen:
                entity.title = f"{entity.title} ({entity.kind})"
            if entity.title.lower() in seen:
                entity.title = entity.title[:-1] + ", another)"
            seen.add(entity.title.lower())
        self.seen_titles = seen

    def unique_family_titles(self, family):
        number = family.told[0]
        for title in (f"{number} (number)", f"The number {number}", family.titles[0]):
            if title.lower() not in self.seen_titles and number not in (257, 17):
                family.titles[0] = title
                break
        for title in family.titles:
            self.seen_titles.add(title.lower())

    def corpus(self):
        rows = [dict(title=h["title"], text=h["text"], source=h["source"], licence=LICENCE) for h in self.handwritten]
        rows += [dict(title=e.title, text=e.text, source=e.source, licence=LICENCE) for e in self.entities]
        for family in self.families:
            rows += [dict(title=t, text=x, source=FAMILY_SOURCE, licence=LICENCE) for t, x in zip(family.titles, family.texts)]
        random.Random(f"{self.seed} order").shuffle(rows)
        return rows

    def unique(self, entity, rel):
        return self.value_counts.get((entity.kind, rel, entity.facts[rel].text.lower()), 1) == 1


def read_jsonl(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def write_jsonl(path, rows):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def words_of(text):
    return re.findall(r"[a-z0-9]+", re.sub(r"\[\[|\]\]", "", text).lower())
