"""Writes the passages of Z: the facts of one entity in two to four sentences."""
import re

from .grammar import NounPhrase, article, capitalise, realise

# Shapes of sentences that stand in passages, by line type; the first group begins a passage, the second goes on.
OPEN_NAMED = {"A": ["passive"], "@": ["plain"], "O": ["plain"], "V": ["plain"], "N": ["of", "poss"], "I": ["plain"]}
FOLLOW = {"A": ["active", "passive", "passive", "cleft"], "@": ["plain", "plain", "front"], "O": ["plain", "passive"],
          "V": ["plain"], "N": ["poss", "poss", "ofinv", "has", "of"], "I": ["plain"]}


def value_text(value):
    return f"{value.pre}<v>{value.text}</v>"


def fill_article(text, value):
    """{va} is the value with its indefinite article, {va0} the article alone (the value follows in an answer)."""
    return text.replace("{va0}", article(value.text).split()[0]).replace("{va}", article(f"<v>{value.text}</v>"))


def strip_marks(text):
    return re.sub(r"</?[sv]>", "", text)


def by_name(lines):
    return {name: template for name, template, _, _ in lines}


def template_of(line, shape):
    from .grammar import SHAPES
    return by_name(SHAPES[line.type])[shape]


def name_phrase(entity):
    return NounPhrase(f"{entity.pre}<s>{entity.name}</s>")


def pronoun_phrase(kind):
    return NounPhrase(kind.it, kind.him, kind.its)


def write_passage(entity, kind, rng, limit=4):
    """Sets entity.text and, for each relation told, the content words its wording used."""
    told = list(entity.facts)
    rng.shuffle(told)
    if entity.kind == "person" and len(told) > limit:
        told = told[:limit]
    entity.facts = {rel: entity.facts[rel] for rel in told}
    spoken = kind.as_spoken(entity, rng)
    chosen = {}
    for rel in told:
        lines = [x for x in kind.relations[rel].lines if x.split == "train" and x.type != "Q"]
        chosen[rel] = rng.choice(lines)
    entity.sentence_words = {rel: line.words for rel, line in chosen.items()}
    entity.sentence_lines = {rel: line.text for rel, line in chosen.items()}
    sentences, rest = opening(entity, spoken, chosen, told, rng)
    generic = NounPhrase("the " + (spoken.noun if not spoken.person else "same person"))
    while rest:
        rel = rest.pop(0)
        sentences.append(following(entity, spoken, chosen[rel], rel, rest, chosen, generic, rng))
    text = " ".join(capitalise(s) for s in sentences)
    entity.text = strip_marks(text)


def vp(line, value, rel, kind):
    out = line.verb_phrase(value_text(value), rel)
    return fill_article(out, value).replace("{its}", kind.its).replace("{it}", kind.it) if out else None


def opening(entity, kind, chosen, told, rng):
    """The first sentence; says what kind of thing the entity is."""
    relations = kind.relations
    subject = name_phrase(entity)
    be = "was" if kind.past else "is"
    order = list(told)
    for rel in order:
        line, value = chosen[rel], entity.facts[rel]
        phrase = vp(line, value, relations[rel], kind)
        if phrase is None:
            continue
        rest = [r for r in told if r != rel]
        that = "who" if kind.person else "that"
        which = "who" if kind.person else "which"
        noun = article(kind.noun)
        participle = line.participle_phrase(value_text(value))
        forms = [f"{subject.nom}, {noun}, {phrase}.", f"{subject.nom} {be} {noun} {that} {phrase}."]
        if kind.person:
            forms = [f"{subject.nom} {phrase}."]
        if participle and not kind.person:
            forms += [f"{subject.nom} {be} {noun} {participle}.", f"{participle}, {subject.nom} {be} {noun}."]
        second = next((r for r in rest if vp(chosen[r], entity.facts[r], relations[r], kind)), None)
        if second and rng.random() < 0.45:
            phrase2 = vp(chosen[second], entity.facts[second], relations[second], kind)
            rest.remove(second)
            forms = [f"{subject.nom}, {noun}, {phrase} and {phrase2}.", f"{subject.nom}, {which} {phrase}, {phrase2}."]
            if kind.person:
                forms = [f"{subject.nom} {phrase} and {phrase2}.", f"{subject.nom}, {which} {phrase}, {phrase2}."]
        return [rng.choice(forms)], rest
    noun = article(kind.noun)
    return [f"{subject.nom} {be} {noun}."], list(told)


def following(entity, kind, line, rel, rest, chosen, generic, rng):
    """A later sentence about the entity, named by a pronoun, its kind or (seldom) its name."""
    relation, value = kind.relations[rel], entity.facts[rel]
    phrase = vp(line, value, relation, kind)
    if phrase and rest and rng.random() < 0.2:
        other = rest[0]
        phrase2 = vp(chosen[other], entity.facts[other], kind.relations[other], kind)
        if phrase2:
            rest.pop(0)
            return f"{kind.it} {phrase} and {phrase2}."
    shape = rng.choice(FOLLOW[line.type])
    template = template_of(line, shape)
    subject = pronoun_phrase(kind)
    full = line.type == "I" or (line.type == "N" and shape in ("of", "ofinv")) or rng.random() < 0.25
    if full:
        subject = name_phrase(entity) if kind.person or rng.random() < 0.4 else generic
    return fill_article(realise(line, template, subject, value_text(value), relation, kind), value)
