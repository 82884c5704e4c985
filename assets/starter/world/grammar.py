"""Turns predicate lines of the pools into sentences.

A line is one way to say a relation; a shape is one way to build a sentence round it. Lines and shapes are
independent, so a relation with 20 lines has hundreds of wordings.

Line types (S is the subject entity, V the value):
  A past|participle    V is the doer:        "V founded S", "S was founded by V"
  @ verb @ prep        V is an adjunct:      "S was founded in V", "In V, S was founded"
  N noun               V bears a role of S:  "the founder of S is V"
  O 3rd|base|participle  V is the object:    "S makes V", "V is made by S"
  V phrase             free verb phrase with {v}
  I sentence           free sentence with {s} and {v}
  Q question           free question with {s}; the answer follows
Spans are marked <s>..</s> (subject) and <v>..</v> (value) until the caller decides which are salient.
"""
import re

STOP = set("""a an the of in on at by to from for with and or that which who whom whose is was were are be been has
have had it its he she his her him they their as into out up over under off after before between within not no did
does do can could may one where when what how this these those there then than more most very also only about near
along across down through""".split())

PARTICLES = ("up|out|down|going|forward|together|to light|to life|to paper|into being|into life|into print|on paper|on canvas|on the market|"
             "to the public|in order|on")
PRONOUNS = {"it", "him", "her"}

AUX = {"was", "is", "were", "are", "can", "has", "had"}


class NounPhrase:
    """A way to mention the subject: nominative, object and possessive form."""

    def __init__(self, nom, obj=None, poss=None):
        self.nom = nom
        self.obj = obj or nom
        self.poss = poss or possessive(nom)


def possessive(text):
    plain = re.sub(r"</?[sv]>", "", text)
    return text + ("'" if plain.endswith("s") else "'s")


def plural(value):
    return re.search(r"[a-z]s</v>$", value) is not None and not re.search(r"(ss|is|us)</v>$", value)


def article(noun):
    bare = re.sub(r"<[^>]*>", "", noun).lower()
    if bare.startswith(("uni", "eu", "one", "use", "u-")):
        return "a " + noun
    return ("an " if bare[:1] in "aeiou" else "a ") + noun


def capitalise(text):
    """Upper-cases the first letter of each sentence, looking through span marks; "a" before a vowel becomes "an"."""
    text = re.sub(r"\b([Aa]) (?=<v>[aeiou])", r"\1n ", text)
    out = re.sub(r"^((?:<[^>]*>|[\"'(])*)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
    return re.sub(r"([?!:] |[a-z0-9>)]\. )((?:<[^>]*>)*)([a-z])",
                  lambda m: m.group(1) + m.group(2) + (m.group(3) if m.group(1) == ": " else m.group(3).upper()), out)


class Line:
    def __init__(self, text):
        self.split = "train"
        if " #" in text:
            text, tag = text.rsplit(" #", 1)
            self.split = {"t": "test", "d": "dev"}[tag.strip()]
        self.text = text.strip()
        self.type, rest = self.text.split(" ", 1)
        self.stative = rest.endswith("^")
        rest = rest.rstrip("^ ").strip()
        if self.type == "A":
            parts = rest.split("|")
            self.past, self.participle = parts[0], parts[-1]
        elif self.type == "@":
            verb, self.prep = (p.strip() for p in rest.rsplit("@", 1))
            finite, base = re.sub(r"/\w+", "", verb), re.sub(r"\w+/(\w+)", r"\1", verb)
            form, _, tail = finite.partition(" ")
            self.aux = form if form in AUX and finite == base else None
            self.verb, self.rest = finite, tail
            self.base = base
            self.do = "does" if re.search(r"\w+s/", verb) and not verb.startswith("was/") else "did"
        elif self.type == "O":
            self.third, self.base, self.participle = rest.split("|")
            self.do = "does" if self.third.endswith("s") else "did"
        else:
            self.rest = rest
        self.words = content_words(re.sub(r"/\w+|\|", " ", self.text[2:]))

    def verb_phrase(self, value, rel):
        """The line as a verb phrase of the subject, or None."""
        if self.type == "A":
            return f"was {self.participle} by {value}"
        if self.type == "@":
            return f"{self.verb} {self.prep} {value}"
        if self.type == "O":
            return f"{self.third} {value}"
        if self.type == "V":
            return self.rest.replace("{v}", value)
        return None

    def participle_phrase(self, value):
        if self.type == "A":
            return f"{self.participle} by {value}"
        if self.type == "@" and self.aux in ("was", "is", "were"):
            return f"{self.rest} {self.prep} {value}"
        return None


def content_words(text):
    words = re.findall(r"[a-z]+", re.sub(r"\{[a-z]+\}", " ", text.lower()))
    return {w[:5] for w in words if w not in STOP}


# Shapes of each line type. Fields: {S} {O} {P} subject forms, {V} value, {which} {that} {it} {its} pronouns, {aT} a
# kind noun with its article, {T} the bare noun, {wh} question word, {is} copula of the relation, {vn} noun for the value.
# The last column is the split: train shapes occur in X; test and dev shapes only in the unseen-wording sets.
SHAPES = {
    "A": [
        ("active", "{V} {past} {O}.", 5, "train"),
        ("passive", "{S} was {pp} by {V}.", 5, "train"),
        ("cleft", "it was {V} {rwho} {past} {O}.", 2, "train"),
        ("cleftby", "it was by {V} that {S} was {pp}.", 1, "train"),
        ("pcleft", "the {vn} {rwho} {past} {O} was {V}.", 2, "train"),
        ("pcleft2", "{V} was the {vn} {rwho} {past} {O}.", 2, "train"),
        ("part", "{pp} by {V}, {S} {isT} {aT}.", 1, "train"),
        ("rel", "{S}, {which} was {pp} by {V}, {isT} {aT}.", 1, "train"),
        ("rel2", "{S} {isT} {aT} {that} was {pp} by {V}.", 1, "train"),
        ("rel3", "{S} {isT} {aT} {pp} by {V}.", 1, "train"),
        ("q", "{wh} {past} {O}? {V}.", 1.5, "train"),
        ("q2", "{wh} {past} {O}? it was {V}.", 1, "train"),
        ("q3", "by {whom} was {S} {pp}? by {V}.", 0.7, "train"),
        ("asfor", "as for {S}, {it} was {pp} by {V}.", 0.7, "train"),
        ("ans", "the answer to the question {wh} {past} {O} is {V}.", 0.5, "train"),
        ("nobody", "{V}, and nobody else, {past} {O}.", 0.5, "train"),
        ("foll", "{S}: {pp} by {V}.", 0.6, "train"),
        ("known", "{V} is known for having {pp} {O}.", 0.8, "train"),
        ("infact", "{S} was in fact {pp} by {V}.", 0.6, "train"),
        ("none", "none other than {V} {past} {O}.", 0.5, "train"),
        ("thats", "that {S} was {pp} by {V} is well known.", 0.4, "train"),
        ("askone", "if you ask {wh} {past} {O}, the answer is {V}.", 0.5, "train"),
        ("t1", "it is {V} {rwho} {past} {O}.", 1, "test"),
        ("t2", "we owe it to {V} that {S} was {pp}.", 0.4, "test"),
        ("t3", "do you know {wh} {past} {O}? {V} did.", 1, "test"),
        ("t4", "{S}, {aT}, was {pp} by {V}.", 1, "test"),
        ("d1", "the one {rwho} {past} {O} was {V}.", 1, "dev"),
        ("d2", "tell me {wh} {past} {O}: it was {V}.", 1, "dev"),
    ],
    "@": [
        ("plain", "{S} {verb} {prep} {V}.", 7, "train"),
        ("front", "{prep} {V}, {S} {verb}.", 2, "train"),
        ("inv", "{prep} {V} {verb} {S}.", 2, "train"),
        ("cleft", "it {was} {prep} {V} that {S} {verb}.", 2, "train"),
        ("rel", "{S}, {which} {verb} {prep} {V}, {isT} {aT}.", 1, "train"),
        ("rel2", "{S} {isT} {aT} {that} {verb} {prep} {V}.", 1, "train"),
        ("part", "{rest} {prep} {V}, {S} {isT} {aT}.", 1, "train"),
        ("rel3", "{S} {isT} {aT} {rest} {prep} {V}.", 1, "train"),
        ("q", "{whadv} {ask}? {prep} {V}.", 1.5, "train"),
        ("q2", "{whadv} {ask}? the answer is {V}.", 1, "train"),
        ("q3", "{prep} which {vn} {ask}? {prep} {V}.", 1, "train"),
        ("place", "{V} {is} the {vn} {prep} which {S} {verb}.", 1, "train"),
        ("place2", "the {vn} {prep} which {S} {verb} {is} {V}.", 1, "train"),
        ("asfor", "as for {S}, {it} {verb} {prep} {V}.", 0.7, "train"),
        ("ans", "the {vn} {whadv} {S} {verb} {is} {V}.", 0.7, "train"),
        ("thats", "that {S} {verb} {prep} {V} is well known.", 0.4, "train"),
        ("askone", "if you ask {whadv} {ask2}, the answer is {prep} {V}.", 0.5, "train"),
        ("t1", "do you know {whadv} {ask2}? {prep} {V}.", 1, "test"),
        ("t2", "{S}, {aT}, {verb} {prep} {V}.", 1, "test"),
        ("t3", "it is {prep} {V} that {S} {verb}.", 1, "test"),
        ("d1", "tell me {whadv} {ask2}: {prep} {V}.", 1, "dev"),
        ("d2", "{aT}, {S} {verb} {prep} {V}.", 1, "dev"),
    ],
    "N": [
        ("of", "the {n} of {O} {is} {V}.", 4, "train"),
        ("ofinv", "{V} {is} the {n} of {O}.", 4, "train"),
        ("poss", "{P} {n} {is} {V}.", 4, "train"),
        ("possinv", "{V} {is} {P} {n}.", 2, "train"),
        ("has", "{S} {has} {V} as {its} {n}.", 1.5, "train"),
        ("with", "with {V} as {its} {n}, {S} {isT} {aT}.", 0.8, "train"),
        ("whose", "{S} {isT} {aT} whose {n} {is} {V}.", 1.2, "train"),
        ("whose2", "{S}, whose {n} {is} {V}, {isT} {aT}.", 1, "train"),
        ("q", "{wh} {is} the {n} of {O}? {V}.", 1.5, "train"),
        ("q2", "{wh} {is} {P} {n}? it {is} {V}.", 1, "train"),
        ("asfor", "as for {S}, {its} {n} {is} {V}.", 0.8, "train"),
        ("name", "the name of {P} {n} {is} {V}.", 0.6, "train"),
        ("head", "{n} of {O}: {V}.", 0.6, "train"),
        ("as", "people know {V} as the {n} of {O}.", 0.6, "train"),
        ("askone", "if you ask for the {n} of {O}, the answer is {V}.", 0.5, "train"),
        ("both", "{S} and {its} {n}, {V}, are well known.", 0.4, "train"),
        ("t1", "do you know the {n} of {O}? it {is} {V}.", 1, "test"),
        ("t2", "among the things said of {O} is that {its} {n} {is} {V}.", 0.5, "test"),
        ("t3", "it {is} {V} {rwho} {is} the {n} of {O}.", 1, "test"),
        ("d1", "tell me the {n} of {O}: {V}.", 1, "dev"),
        ("d2", "{S}, {aT}, {has} {V} as {its} {n}.", 1, "dev"),
    ],
    "O": [
        ("plain", "{S} {third} {V}.", 6, "train"),
        ("passive", "{V} {is} {pp} by {O}.", 3, "train"),
        ("cleft", "it {is} {V} that {S} {third}.", 2, "train"),
        ("pcleft", "what {S} {third} {is} {V}.", 1.5, "train"),
        ("rel", "{S}, {which} {third} {V}, {isT} {aT}.", 1, "train"),
        ("rel2", "{S} {isT} {aT} {that} {third} {V}.", 1.2, "train"),
        ("q", "what {do} {S} {base}? {V}.", 1.5, "train"),
        ("q2", "which {vn} {do} {S} {base}? the answer is {V}.", 1, "train"),
        ("asfor", "as for {S}, {it} {third} {V}.", 0.7, "train"),
        ("vn", "the {vn} that {S} {third} {is} {V}.", 1, "train"),
        ("t1", "do you know what {S} {third}? {V}.", 1, "test"),
        ("t2", "{S}, {aT}, {third} {V}.", 1, "test"),
        ("d1", "tell me what {S} {third}: {V}.", 1, "dev"),
    ],
    "V": [
        ("plain", "{S} {vp}.", 7, "train"),
        ("rel", "{S}, {which} {vp}, {isT} {aT}.", 1, "train"),
        ("rel2", "{S} {isT} {aT} {that} {vp}.", 1.2, "train"),
        ("asfor", "as for {S}, {it} {vp}.", 0.8, "train"),
        ("thats", "that {S} {vp} is well known.", 0.4, "train"),
        ("mid", "{S}, as everyone there knows, {vp}.", 0.6, "train"),
        ("t1", "{S}, {aT}, {vp}.", 1, "test"),
        ("d1", "there {isT} {aT}, {S}, {that} {vp}.", 1, "dev"),
    ],
    "I": [("plain", "{sent}.", 3, "train")],
    "Q": [("q", "{sent} {V}.", 1, "train"), ("q2", "{sent} the answer is {V}.", 1, "train"),
          ("q3", "{sent} it {is} {V}.", 0.6, "train")],
}

PREFIXES = ["according to the records, ", "it is known that ", "records show that ", "historians agree that ",
            "few people know that ", "we read that ", "the books say that ", "it is said that ", "in fact, ",
            "as everyone knows, ", "it is a fact that ", "it is true that ", "nobody doubts that ", "it is often said that ", "one may read that ", "it is certain that ", "all sources agree that ", "it should be noted that ", "to this day people remember that ", "what is certain is that ", "no one disputes that ", "the encyclopedia says that ", "as the story goes, ", "according to most sources, ", "the sources say that ", "I have read that ", "my friend told me that ", "we learn that ", "you may have heard that ", "children learn that ", "people say that ", "the guide tells us that ",
            "it is well known that ", "as far as we know, ", "old papers show that ", "on record, "]
SUFFIXES = [", as the records show", ", it is said", ", according to the guide", ", as many people know",
            ", and this is well known", ", as far as we know", ", or so it is said", ", as most people know", ", say the sources", ", and nobody doubts it", ", according to the encyclopedia", ", to be exact", ", as I have read"]
PREFIXES_TEST = ["everyone agrees that ", "the records tell us that ", "as we know, ", "the old books show that "]
PREFIXES_DEV = ["many people say that ", "according to the books, ", "we know that "]


def shapes_of(line, split):
    """Shapes usable with this line: those of X for split "train", else also the reserved ones."""
    out = []
    for name, template, weight, group in SHAPES[line.type]:
        if group != "train" and group != split:
            continue
        if line.type == "@":
            if name == "inv" and not line.stative:
                continue
            if "{rest}" in template and line.aux not in ("was", "is", "were"):
                continue
            if name == "front" and line.stative:
                weight = 0.7
        out.append((name, template, weight, group))
    return out


def realise(line, template, subject, value, rel, kind):
    """One declarative or question sentence, first letter not yet capitalised."""
    person = kind.person
    fields = {
        "S": subject.nom, "O": subject.obj, "P": subject.poss, "V": value,
        "which": "who" if person else "which", "that": "who" if person else "that",
        "rwho": "who" if rel.vtype in ("person", "org") else "that",
        "it": kind.it, "its": kind.its, "is": rel.tense, "was": rel.tense, "isT": "was" if kind.past else "is",
        "has": "had" if rel.tense == "was" else "has",
        "aT": article(kind.noun), "T": kind.noun, "vn": rel.vnoun,
        "wh": "who" if rel.vtype == "person" else "what", "whom": "whom" if rel.vtype == "person" else "what",
        "whadv": {"year": "when", "place": "where"}.get(rel.vtype, "where"),
    }
    if line.type == "A":
        fields.update(past=line.past, pp=line.participle)
    elif line.type == "@":
        ask = (f"{line.aux} {subject.nom} {line.rest}" if line.aux else f"{line.do} {subject.nom} {line.base}")
        fields.update(verb=line.verb, prep=line.prep, rest=line.rest, ask=ask, ask2=f"{subject.nom} {line.verb}",
                      was="was" if line.aux == "was" or (not line.aux and line.do == "did") else "is")
        fields["is"] = fields["was"]
    elif line.type == "O":
        fields.update(third=line.third, base=line.base, pp=line.participle, do=line.do)
        if template.startswith("{V} {is}") and plural(value):
            fields["is"] = {"is": "are", "was": "were"}[rel.tense]
    elif line.type == "N":
        fields["n"] = line.rest
    elif line.type == "V":
        fields["vp"] = line.rest.replace("{v}", value).replace("{its}", kind.its).replace("{it}", kind.it)
    else:
        bare = subject.obj[4:] if subject.obj.startswith("the ") else subject.obj
        sentence = line.rest.replace("{v}", value).replace("{s's}", subject.poss).replace("{s0}", bare).replace("{s}", subject.obj)
        fields["sent"] = sentence.replace("{its}", kind.its)
    text = template.format(**fields)
    if line.type == "A" and subject.obj in PRONOUNS:  # "set it up", not "set up it"
        text = re.sub(rf" ({PARTICLES}) {subject.obj}\b", rf" {subject.obj} \1", text)
    return text.replace("{its}", kind.its).replace("{it}", kind.it)
