"""Writes sentences about facts in other words than the passage's: the rows of X and of the evaluation sets."""
import re

from .grammar import (PREFIXES, PREFIXES_DEV, PREFIXES_TEST, SUFFIXES, NounPhrase, article, capitalise, content_words,
                      possessive, realise, shapes_of)
from .passages import MAKERS, fill_article, name_phrase, pair_forms, value_text, vp

NO_DESCRIPTOR = {"battle", "bridge", "festival", "lighthouse", "theory", "dish", "person", "scientist", "school", "club", "instrument",
                 "invention", "plant"}


def subject_phrase(entity, kind, rng):
    """The subject plainly, or now and then with its kind ("the ship Harrow")."""
    plain = name_phrase(entity)
    if entity.kind in NO_DESCRIPTOR or rng.random() > 0.22 or kind.noun.split()[-1] in entity.name.lower():
        return plain
    form = rng.choices(["the {T} {S}", "the {T} called {S}", "the {T} known as {S}", "the {T} named {S}"], [4, 2, 1.5, 1])[0]
    article_too = entity.kind == "country" and entity.pre
    if article_too and form == "the {T} {S}":
        return plain
    text = form.format(T=kind.noun, S=(entity.pre if article_too else "") + f"<s>{entity.name}</s>")
    return NounPhrase(text, text, plain.poss)


def pick_line(entity, rel, relation, rng, split):
    """A line of the split that shares no content word with the passage's wording of the fact."""
    used = entity.sentence_words.get(rel, set())
    own = relation.lines_for(entity, split)
    apart = [x for x in own if not (x.words & used)]
    lines = apart or [x for x in own if x.text != entity.sentence_lines.get(rel)]
    if not lines:
        return None
    by_type = {}
    for line in lines:
        by_type.setdefault(line.type, []).append(line)
    weights = {"A": 1.6, "@": 1.6, "N": 1.2, "O": 1.4, "V": 1.2, "I": 1.2, "Q": 0.5}
    types = list(by_type)
    kind = rng.choices(types, [weights[t] * len(by_type[t]) ** 0.6 for t in types])[0]
    return rng.choice(by_type[kind])


def one_fact(entity, rel, kinds, rng, line_split="train", shape_split="train", reserved_shape=False):
    """A sentence on one fact. Returns (text with <s>, <v> marks, wording id) or None."""
    kind = kinds[entity.kind].as_spoken(entity, rng)
    relation, value = kind.relations[rel], entity.facts[rel]
    line = pick_line(entity, rel, relation, rng, line_split)
    if line is None:
        return None
    shapes = shapes_of(line, shape_split)
    if line.type == "Q" and not line.rest.endswith("?"):
        shapes = shapes[:1]
    if entity.kind == "person":
        shapes = [s for s in shapes if "{aT}" not in s[1]]
    if "'s" in entity.name:
        shapes = [s for s in shapes if "{P}" not in s[1]]
    if relation.vtype not in ("year", "place"):
        shapes = [s for s in shapes if "{whadv}" not in s[1]]
    if line.type == "Q" and not line.rest.startswith(("what is", "what was", "who is", "who was")):
        shapes = [s for s in shapes if s[0] != "q3"]
    if reserved_shape:
        shapes = [s for s in shapes if s[3] != "train"] or shapes
    shape = rng.choices(shapes, [s[2] for s in shapes])[0]
    subject = subject_phrase(entity, kind, rng)
    if shape[0] in ("t4", "t2", "d1", "d2", "rel3") or "{aT}" in shape[1]:
        subject = name_phrase(entity)
    text = fill_article(realise(line, shape[1], subject, value_text(value), relation, kind), value)
    text, deco = decorate(text, shape[0], line, rng, shape_split)
    return tidy(text), f"{entity.kind}.{rel}:{line.type} {line.text[2:]}/{shape[0]}{deco}", line, shape


def decorate(text, shape, line, rng, split):
    """Puts a clause before or after a declarative sentence, seldom."""
    if "?" in text or ":" in text or shape in ("ans", "d2", "t3", "foll", "head", "asfor", "part", "with", "cleft", "mid", "thats", "askone", "infact"):
        return text, ""
    if rng.random() < 0.16:
        stock = PREFIXES if split == "train" else {"test": PREFIXES_TEST, "dev": PREFIXES_DEV}[split] + PREFIXES[:6]
        return rng.choice(stock) + text, "+pre"
    if rng.random() < 0.06 and text.endswith("."):
        return text[:-1] + rng.choice(SUFFIXES) + ".", "+suf"
    return text, ""


def two_facts(entity, kinds, rng):
    """A sentence that tells two facts of the entity."""
    kind = kinds[entity.kind].as_spoken(entity, rng)
    if rng.random() < 0.4:
        made = maker_and_year(entity, kind, rng)
        if made:
            return made
    told = [r for r in entity.facts]
    rng.shuffle(told)
    phrases = []
    for rel in told:
        line = pick_line(entity, rel, kind.relations[rel], rng, "train")
        phrase = vp(line, entity.facts[rel], kind.relations[rel], kind) if line else None
        if phrase:
            phrases.append((rel, line, phrase))
    if len(phrases) < 2:
        return None
    (rel1, line1, one), (rel2, line2, two) = phrases[:2]
    subject = name_phrase(entity)
    which = "who" if kind.person else "which"
    forms = [("and", f"{subject.nom} {one} and {two}."), ("which", f"{subject.nom}, {which} {one}, {two}."),
             ("semi", f"{subject.nom} {one}; {kind.it} {two}."), ("too", f"{subject.nom} {one}, and {kind.it} also {two}.")]
    if two.split()[0] in ("was", "is", "can", "has"):
        forms = forms[:3]
    participle = line1.participle_phrase(value_text(entity.facts[rel1]))
    if participle and "{" not in participle:
        forms += [("part", f"{participle}, {subject.nom} {two}."), ("part2", f"{subject.nom}, {participle}, {two}.")]
    name, text = rng.choice(forms)
    return tidy(text), f"{entity.kind}.{rel1}+{rel2}:{line1.text}+{line2.text}/two-{name}", [rel1, rel2]


def maker_and_year(entity, kind, rng):
    """Both facts in one clause ("Anna Corvin founded Corwen Works in 1843"), for kinds that have a maker and a year."""
    rel = MAKERS.get(entity.kind)
    if rel not in entity.facts or "year" not in entity.facts:
        return None
    used = entity.sentence_words.get(rel, set()) | entity.sentence_words.get("year", set())
    lines = [x for x in kind.relations[rel].lines_for(entity) if x.type == "A" and not x.words & used]
    if not lines:
        return None
    line = rng.choice(lines)
    name, text = rng.choice(pair_forms(entity, kind, line, rel))
    return tidy(text), f"{entity.kind}.{rel}+year:{line.text}/pair-{name}", [rel, "year"]


def tidy(text):
    text = re.sub(r"(\.)+$", ".", text)
    return capitalise(text).replace("..", ".").replace(" ,", ",")


def marked(text, keep_subject):
    """Turns the span marks into [[ ]]; the subject's only if asked."""
    text = text.replace("<v>", "[[").replace("</v>", "]]")
    return text.replace("<s>", "[[" if keep_subject else "").replace("</s>", "]]" if keep_subject else "")


def surfaces(text):
    """All spans as they stand in the sentence."""
    return re.findall(r"<[sv]>(.*?)</[sv]>", text)
