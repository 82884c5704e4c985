"""Writes the passages of Z: the facts of one entity in two to four sentences."""
import re

from .grammar import NounPhrase, article, capitalise, realise

# Shapes of sentences that stand in passages, by line type; the first group begins a passage, the second goes on.
OPEN_NAMED = {"A": ["passive"], "@": ["plain"], "O": ["plain"], "V": ["plain"], "N": ["of", "poss"], "I": ["plain"]}
FOLLOW = {"A": ["active", "passive", "passive", "cleft"], "@": ["plain", "plain", "front"], "O": ["plain", "passive"],
          "V": ["plain"], "N": ["poss", "poss", "ofinv", "has", "of"], "I": ["plain"]}


NAMED = {"invention", "element"}  # kinds that sound odd as "the invention", "the element"


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
        lines = [x for x in kind.relations[rel].lines_for(entity) if x.type != "Q"]
        makers = [x for x in lines if x.type == "A"]
        chosen[rel] = rng.choice(makers if makers and rel == MAKERS.get(entity.kind) and rng.random() < 0.45 else lines)
    entity.sentence_words = {rel: line.words for rel, line in chosen.items()}
    entity.sentence_lines = {rel: line.text for rel, line in chosen.items()}
    sentences, rest = opening(entity, spoken, chosen, told, rng)
    if not rest:  # two sentences at least: say first what it is
        sentences, rest = [f"{name_phrase(entity).nom} {'was' if kind.past else 'is'} {article(spoken.noun)}."], list(told)
    generic = NounPhrase("the " + (spoken.noun if not spoken.person else "same person"))
    while rest:
        rel = rest.pop(0)
        sentences.append(following(entity, spoken, chosen[rel], rel, rest, chosen, generic, rng))
    text = " ".join(capitalise(s) for s in sentences)
    entity.text = strip_marks(text)


# The relation that says who made the thing in its year.
MAKERS = {"company": "founder", "town": "founder", "ship": "builder", "book": "author", "mineral": "discoverer", "opera": "composer",
          "school": "founder", "painting": "painter", "theory": "author", "invention": "inventor", "language": "designer",
          "moon": "discoverer", "battle": "winner"}


def pair_forms(entity, kind, line, rel, passage=False):
    """Clauses that tell maker and year at once."""
    s, v, y = name_phrase(entity).nom, value_text(entity.facts[rel]), value_text(entity.facts["year"])
    past, pp, noun, be = line.past, line.participle, article(kind.noun), "was" if kind.past else "is"
    forms = [("plain", f"{s} was {pp} by {v} in {y}."), ("year", f"{s} was {pp} in {y} by {v}."),
             ("part", f"{pp} in {y} by {v}, {s} {be} {noun}."), ("noun", f"{s} {be} {noun} {pp} by {v} in {y}."),
             ("active", f"{v} {past} {s} in {y}."), ("front", f"in {y}, {v} {past} {s}."), ("front2", f"in {y}, {s} was {pp} by {v}."),
             ("front3", f"in {y} {v} {past} {s}.")]
    if passage:
        return [text for name, text in forms[:6]]
    forms += [("cleft", f"it was {v} who {past} {s} in {y}."), ("cleft2", f"it was in {y} that {v} {past} {s}."),
              ("q", f"who {past} {s} in {y}? {v}."), ("app", f"{s}, {pp} by {v} in {y}, {be} {noun}."),
              ("dash", f"{s} ({y}) was {pp} by {v}.")]
    if entity.kind in ("book", "opera", "painting"):
        forms += [("adj", f"the {y} {kind.noun} {s} was {pp} by {v}."), ("adj2", f"{v} {past} the {y} {kind.noun} {s}.")]
    return forms


def vp(line, value, rel, kind):
    out = line.verb_phrase(value_text(value), rel)
    return fill_article(out, value).replace("{its}", kind.its).replace("{it}", kind.it) if out else None


def opening(entity, kind, chosen, told, rng):
    """The first sentence; says what kind of thing the entity is."""
    relations = kind.relations
    subject = name_phrase(entity)
    be = "was" if kind.past else "is"
    maker = MAKERS.get(entity.kind)
    if maker in told and "year" in told and chosen[maker].type == "A" and rng.random() < 0.6:
        entity.sentence_words["year"] = chosen[maker].words
        entity.sentence_lines["year"] = ""
        return [rng.choice(pair_forms(entity, kind, chosen[maker], maker, passage=True))], [r for r in told if r not in (maker, "year")]
    if kind.person and {"birthyear", "deathyear"} <= set(told) and rng.random() < 0.3:
        for rel in ("birthyear", "deathyear"):
            entity.sentence_words[rel], entity.sentence_lines[rel] = set(), ""
        born, died = value_text(entity.facts["birthyear"]), value_text(entity.facts["deathyear"])
        rest = [r for r in told if r not in ("birthyear", "deathyear")]
        phrases = [(r, vp(chosen[r], entity.facts[r], relations[r], kind)) for r in rest]
        phrases = [(r, p) for r, p in phrases if p]
        if phrases:
            rel, phrase = phrases[0]
            return [f"{subject.nom} ({born}\u2013{died}) {phrase}."], [r for r in rest if r != rel]
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
        echo = (entity.kind in NAMED or "{s0}" in line.text or kind.noun.split()[-1] in line.text
                or kind.noun.split()[-1] in value.text)
        subject = name_phrase(entity) if kind.person or echo or rng.random() < 0.4 else generic
    return fill_article(realise(line, template, subject, value_text(value), relation, kind), value)
