"""Rows of X (train.jsonl) and of the evaluation sets."""
import random
import re

from . import families as fam
from .build import FAMILY_SOURCE, words_of
from .entities import INVENTED
from .queries import marked, one_fact, surfaces, two_facts

SINGLE_PER_FACT = dict(invented=5, real=10)
DOUBLE_PER_ENTITY = dict(invented=3, real=4)
FAMILY_ROWS = 30


def names_in(entity, text):
    """Strings that may be swapped for random pieces in query and passage alike."""
    strings = [entity.name] + [v.text for v in entity.facts.values()] + surfaces(text)
    out, seen = [], set()
    for s in strings:
        if s.lower() not in seen:
            seen.add(s.lower())
            out.append(s)
    return out


def train_rows(world):
    rows, seen = [], set()

    def add(text, keep, title, names, relation, wording, kind):
        shown = marked(text, keep)
        if shown not in seen:
            seen.add(shown)
            rows.append(dict(text=shown, title=title, names=names, relation=relation, wording=wording, kind=kind))

    for entity in world.entities:
        if entity.group != "train":
            continue
        rng = random.Random(f"{world.seed} rows {entity.title}")
        size = "real" if entity.real else "invented"
        for rel in entity.facts:
            for _ in range(SINGLE_PER_FACT[size]):
                made = one_fact(entity, rel, world.kinds, rng)
                if made:
                    keep = world.unique(entity, rel) and rng.random() < 0.5 and not made[0].startswith("<s>" * 2)
                    add(made[0], keep, entity.title, names_in(entity, made[0]), f"{entity.kind}.{rel}", made[1], entity.kind)
        for _ in range(DOUBLE_PER_ENTITY[size]):
            made = two_facts(entity, world.kinds, rng)
            if made:
                keep = any(world.unique(entity, r) for r in made[2]) and rng.random() < 0.5
                add(made[0], keep, entity.title, names_in(entity, made[0]), "+".join(f"{entity.kind}.{r}" for r in made[2]), made[1],
                    entity.kind)
    for family in world.families:
        if family.group != "train":
            continue
        rng = random.Random(f"{world.seed} rows {family.name}")
        for _ in range(FAMILY_ROWS):
            text, wording, n, index = fam.sentence(family, rng)
            add(text, False, family.titles[index], [family.name] + family.use_words(), "number.family", wording, "numbers")
    for h in world.handwritten:
        for text in h.get("train", []):
            rows.append(dict(text=text, title=h["title"], names=re.findall(r"\[\[(.*?)\]\]", text), relation="handwritten",
                             wording="handwritten", kind="handwritten"))
    random.Random(f"{world.seed} x").shuffle(rows)
    return rows


def eval_sets(world, group, x_rows, corpus):
    """All sets of one group ("test" or "dev")."""
    x_words, x_text = set(), set()
    for row in x_rows:
        x_text.add(row["text"])
        x_words.update(words_of(row["text"]))
    x_all = " " + " \n ".join(" ".join(words_of(r["text"])) for r in x_rows) + " "
    sets = {}
    rng = random.Random(f"{world.seed} eval {group}")
    held = [e for e in world.entities if e.group == group]
    train = [e for e in world.entities if e.group == "train"]
    limit = 400 if group == "test" else 200

    def item(entity, made, name, **more):
        return dict(text=marked(made[0], False), title=entity.title, set=name, relation=f"{entity.kind}.{more.pop('rel')}",
                    wording=made[1], **more)

    def known(row, names):
        """Every word outside the names occurs in X."""
        skip = {w for n in names for w in words_of(n)}
        return all(w in x_words or w in skip for w in words_of(row["text"]))

    # held-out invented entities, in wordings of X
    rows = []
    for entity in held:
        if entity.real:
            continue
        for rel in entity.facts:
            made = one_fact(entity, rel, world.kinds, rng)
            if made:
                rows.append(item(entity, made, "heldout_entities", rel=rel))
    sets["heldout_entities"] = sample(rows, limit, rng)

    # reserved wordings: half about held-out entities, half about entities of X
    rows = []
    train_pick = [e for e in train if not e.real]
    for part, entities in (("held", [e for e in held if not e.real]), ("train", rng.sample(train_pick, 260))):
        some = []
        for entity in entities:
            for rel in entity.facts:
                made = one_fact(entity, rel, world.kinds, rng, line_split=group, shape_split=group, reserved_shape=rng.random() < 0.5)
                if not made:
                    continue
                row = item(entity, made, "unseen_wordings", rel=rel, about="held-out entity" if part == "held" else "entity of X")
                if known(row, [entity.name] + [v.text for v in entity.facts.values()]):
                    some.append(row)
        rows += sample(some, limit // 2, rng)
    sets["unseen_wordings"] = rows

    # held-out real entities whose answers occur nowhere in X
    rows = []
    for entity in held:
        if not entity.real:
            continue
        for rel, value in entity.facts.items():
            if re.fullmatch(r"[0-9]+|.{1,2}", value.text) or occurs(value.text, x_all) or occurs(entity.name, x_all) or akin(entity.name, value.text):
                continue
            for _ in range(3):
                made = one_fact(entity, rel, world.kinds, rng)
                if made:
                    rows.append(item(entity, made, "real_names", rel=rel))
    sets["real_names"] = sample(distinct(rows), limit, rng)

    rows = []
    for family in world.families:
        if family.group != group:
            continue
        for _ in range(8):
            text, wording, n, index = fam.sentence(family, rng, other_member=True)
            rows.append(dict(text=marked(text, False), title=family.titles[index], titles=family.titles, set="number_families",
                             relation="number.family", wording=wording))
    sets["number_families"] = sample(distinct(rows), limit, rng)

    rows = []
    for entity in world.added[group]:
        add = [dict(title=entity.title, text=entity.text, source=entity.source)]
        for rel in entity.facts:
            made = one_fact(entity, rel, world.kinds, rng)
            if made:
                rows.append(item(entity, made, "added", rel=rel, add=add))
    sets["added"] = by_entity(rows, 3)

    sets["edited"] = edited(world, group, rng, train, held, limit)
    return sets


def edited(world, group, rng, train, held, limit):
    rows = []
    pool = rng.sample([e for e in train if not e.real], 110) + rng.sample([e for e in held if not e.real], 60)
    for entity in pool:
        rel = rng.choice(list(entity.facts))
        old = entity.facts[rel]
        source_maker = INVENTED[entity.kind][3][rel]
        new = another_value(old, world.makers[source_maker])
        if new is None:
            continue
        pattern = re.compile(r"(?<![A-Za-z0-9])" + re.escape(old.text) + r"(?![A-Za-z0-9])", re.I)
        if len(pattern.findall(entity.text)) != 1:
            continue
        cap = lambda m: new.text[:1].upper() + new.text[1:] if m.group(0)[:1].isupper() else new.text
        text = pattern.sub(cap, entity.text)
        entity.facts[rel] = new
        for _ in range(3):
            made = one_fact(entity, rel, world.kinds, rng)
            if made:
                rows.append(dict(text=marked(made[0], False), title=entity.title, set="edited", relation=f"{entity.kind}.{rel}",
                                 wording=made[1], edit=dict(title=entity.title, text=text), old_answer=old.text,
                                 about="entity of X" if entity.group == "train" else "held-out entity"))
        entity.facts[rel] = old
    return sample(distinct(rows), limit, rng)


def another_value(old, make):
    """A value that fits into the old one's place in a sentence: same article, same kind of first letter."""
    for _ in range(30):
        new = make()
        vowel = [v.text[0].lower() in "aeiou" for v in (old, new)]
        if new.pre == old.pre and new.text.lower() != old.text.lower() and vowel[0] == vowel[1]:
            return new
    return None


def akin(name, answer):
    """The answer is half given away by the name (Denmark, Danish krone)."""
    return any(a[:4] == b[:4] or a[:3] == b[:3] and len(a) > 4 for a in words_of(name) for b in words_of(answer) if len(a) > 3 and len(b) > 3)


def occurs(text, haystack):
    return " " + " ".join(words_of(text)) + " " in haystack


def sample(rows, n, rng):
    return rows if len(rows) <= n else rng.sample(rows, n)


def distinct(rows):
    seen, out = set(), []
    for row in rows:
        if row["text"] not in seen:
            seen.add(row["text"])
            out.append(row)
    return out


def by_entity(rows, per_entity):
    """At most so many rows of each entity."""
    count, out = {}, []
    for row in rows:
        count[row["title"]] = count.get(row["title"], 0) + 1
        if count[row["title"]] <= per_entity:
            out.append(row)
    return out
