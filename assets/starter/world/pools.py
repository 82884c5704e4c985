"""Reads the pools of predicate lines (pools/*.txt) and deals the lines out to the splits."""
import os
import random

from .grammar import Line

HERE = os.path.dirname(os.path.abspath(__file__))


class Relation:
    def __init__(self, kind, name, vtype, vnoun, tense):
        self.kind, self.name, self.vtype, self.vnoun, self.tense = kind, name, vtype, vnoun, tense
        self.lines = []


class Kind:
    def __init__(self, name, nouns, pronouns, flags):
        self.name, self.nouns = name, nouns
        self.it, self.its, self.him = pronouns
        self.person, self.past = "person" in flags, "past" in flags
        self.noun = nouns[0]
        self.relations = {}

    def as_spoken(self, entity, rng):
        """A copy of this kind with the noun and pronouns for one sentence about the entity."""
        spoken = Kind.__new__(Kind)
        spoken.__dict__.update(self.__dict__)
        nouns = entity.nouns or self.nouns
        other = [n for n in nouns if n not in entity.name.lower()]
        spoken.noun = rng.choice(other or nouns)
        if entity.pronoun == "she":
            spoken.it, spoken.its, spoken.him = "she", "her", "her"
        return spoken


def load(seed):
    lexica, kinds, macro, relation = {}, {}, None, None
    folder = os.path.join(HERE, "pools")
    for name in ["lexica.txt"] + sorted(n for n in os.listdir(folder) if n != "lexica.txt"):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for raw in f:
                text = raw.rstrip("\n")
                if not text or text.startswith("# "):
                    continue
                if text.startswith("* "):
                    macro = lexica.setdefault(text[2:].strip(), [])
                    relation = None
                elif text.startswith("= "):
                    head, nouns, pronouns, flags = [c.strip() for c in text[2:].split("|")]
                    kind = kinds[head] = Kind(head, [n.strip() for n in nouns.split(",")], pronouns.split(), flags.split())
                    macro = None
                elif text.startswith(": "):
                    rel, vtype, vnoun, tense = text[2:].split()
                    relation = kind.relations[rel] = Relation(kind, rel, vtype, vnoun, tense)
                    macro = None
                elif text.startswith("*"):
                    for line in lexica[text[1:].strip()]:
                        add_line(relation, line)
                elif macro is not None:
                    macro.append(text)
                else:
                    add_line(relation, text)
    deal(kinds, seed)
    return kinds


def add_line(relation, text):
    if all(line.text != Line(text).text for line in relation.lines):
        relation.lines.append(Line(text))


def deal(kinds, seed):
    """Reserves about a fifth of the lines of each relation for the unseen-wording sets (test 13 %, dev 8 %)."""
    for kind in kinds.values():
        for rel in kind.relations.values():
            rng = random.Random(f"{seed} lines {kind.name}.{rel.name}")
            free = [line for line in rel.lines if line.split == "train"]
            rng.shuffle(free)
            n = len(rel.lines)
            for i, line in enumerate(free):
                if i < max(2, round(0.13 * n)):
                    line.split = "test"
                elif i < max(2, round(0.13 * n)) + max(1, round(0.08 * n)):
                    line.split = "dev"
