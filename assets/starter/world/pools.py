"""Reads the pools of predicate lines (pools/*.txt) and deals the lines out to the splits."""
import os
import random
import re

from .grammar import Line

HERE = os.path.dirname(os.path.abspath(__file__))


def not_of_real():
    with open(os.path.join(HERE, "real", "not_of_real.txt"), encoding="utf-8") as f:
        return {line.rstrip("\n") for line in f if line.strip() and not line.startswith("# ")}


NOT_OF_REAL = not_of_real()


class Relation:
    def __init__(self, kind, name, vtype, vnoun, tense):
        self.kind, self.name, self.vtype, self.vnoun, self.tense = kind, name, vtype, vnoun, tense
        self.lines = []

    def lines_for(self, entity, split="train"):
        """Lines of the split that may be said of the entity."""
        return [x for x in self.lines if x.split == split and not (entity.real and x.text in NOT_OF_REAL)]


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
    """All kinds with their relations and lines. Files are read in order of name; lexica may be added to by any file."""
    folder = os.path.join(HERE, "pools")
    texts = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            texts += [line.rstrip("\n") for line in f if line.strip() and not line.startswith("# ")]
    lexica = read_lexica(texts)
    kinds, kind, relation, pending = {}, None, None, []
    for text in texts:
        if text.startswith("* ") or text.startswith("+ *"):
            relation = None
        elif text.startswith("= "):
            head, nouns, pronouns, flags = [c.strip() for c in text[2:].split("|")]
            kind = kinds[head] = Kind(head, [n.strip() for n in nouns.split(",")], pronouns.split(), flags.split())
        elif text.startswith(": "):
            rel, vtype, vnoun, tense = text[2:].split()
            relation = kind.relations[rel] = Relation(kind, rel, vtype, vnoun, tense)
        elif text.startswith("+ "):
            relation = tuple(text[2:].split())
        elif text.startswith("! "):
            relation = ("!",) + tuple(text[2:].split())
        elif relation is not None:
            lines = lexica[text[1:].strip()] if text.startswith("*") else [text]
            pending.append((relation, lines))
    is_drop = [isinstance(relation, tuple) and relation[0] == "!" for relation, _ in pending]
    drops = [p for p, drop in zip(pending, is_drop) if drop]
    for relation, lines in (p for p, drop in zip(pending, is_drop) if not drop):
        target = kinds[relation[0]].relations[relation[1]] if isinstance(relation, tuple) else relation
        for line in lines:
            add_line(target, line)
    for (_, kind_name, relation_name), lines in drops:
        drop_lines(kinds[kind_name].relations[relation_name], lines)
    deal(kinds, seed)
    return kinds


def read_lexica(texts):
    lexica, macro = {}, None
    for text in texts:
        if text.startswith("* "):
            macro = lexica.setdefault(text[2:].strip(), [])
        elif text.startswith("+ *"):
            macro = lexica.setdefault(text[3:].strip(), [])
        elif text[:2] in ("= ", ": ", "+ ", "! "):
            macro = None
        elif macro is not None:
            macro.append(text)
    return lexica


def add_line(relation, text):
    line = Line(text)
    if all(other.text != line.text for other in relation.lines):
        relation.lines.append(line)


def drop_lines(relation, texts):
    unfit = {Line(text).text for text in texts}
    relation.lines = [line for line in relation.lines if line.text not in unfit]


def words(text):
    return set(re.findall(r"[a-z]+", re.sub(r"\{\w+'?s?\}", " ", text.lower())))


PROTECTED = 6  # the plainest lines of a relation (its first ones) stay in X: people will type them


def deal(kinds, seed):
    """Reserves lines for the unseen-wording sets (about 13 % test, 8 % dev), a line's text the same everywhere.

    A line is reserved only if each of its words stays in at least two lines of X."""
    relations = [rel for kind in kinds.values() for rel in kind.relations.values()]
    uses, count, protected = {}, {}, set()
    for rel in relations:
        protected.update(line.text for line in rel.lines[:PROTECTED])
        for line in rel.lines:
            uses.setdefault(line.text, []).append((rel, line))
            for word in words(line.text):
                count[word] = count.get(word, 0) + 1
    taken = {}
    texts = sorted(t for t in uses if t not in protected)
    random.Random(f"{seed} lines").shuffle(texts)
    for text in texts:
        n = len(uses[text])
        if any(count[w] - n < 2 for w in words(text)):
            continue
        room = [(group, share) for group, share in (("test", 0.14), ("dev", 0.09))
                if all(taken.get((rel, group), 0) < max(2, round(share * len(rel.lines))) for rel, _ in uses[text])]
        if not room:
            continue
        group = room[0][0]
        if len(room) == 2 and sum(taken.get((r, "dev"), 0) * 3 < taken.get((r, "test"), 0) * 2 for r, _ in uses[text]):
            group = "dev"
        for rel, line in uses[text]:
            line.split = group
            taken[rel, group] = taken.get((rel, group), 0) + 1
        for word in words(text):
            count[word] -= n
