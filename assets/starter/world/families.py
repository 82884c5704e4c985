"""Invented families of numbers, each with a use of its own, as the Fermat primes have theirs."""
import random

from .grammar import article

POLYGONS = {3: ["equilateral triangle", "regular triangle", "triangle with three equal sides"], 4: ["square", "perfect square"],
            5: ["regular pentagon", "pentagon"], 6: ["regular hexagon", "hexagon"], 7: ["regular heptagon", "heptagon"],
            8: ["regular octagon", "octagon"], 9: ["regular nonagon"], 10: ["regular decagon"], 12: ["regular dodecagon"]}
TOOLS = ["straightedge", "compass", "ruler", "thread", "piece of chalk", "protractor", "rope", "mirror", "pencil", "needle", "wheel",
         "lever", "plumb line", "set square", "wooden frame", "sheet of paper", "stick", "hammer", "pair of pegs", "spirit level",
         "strip of paper", "knotted string", "brass disc", "glass plate"]
ADJECTIVES = {"straightedge": ["unmarked ", "plain "], "ruler": ["marked ", "wooden "], "thread": ["waxed ", "long "], "rope": ["long "],
              "compass": ["plain ", ""], "mirror": ["flat "], "pencil": ["sharp "], "needle": ["thin "], "stick": ["straight "]}
PRIMES = [p for p in range(3, 400) if all(p % d for d in range(2, int(p ** 0.5) + 1))]
ITEMS = ["coins", "tiles", "bells", "dancers", "lamps", "cards", "beads", "players", "flags", "pebbles", "knights", "candles", "horses",
         "chairs", "oranges", "drums"]
PATTERNS = ["a ring", "a star", "a closed knot", "a spiral", "a double row", "a cross", "a pyramid", "a chessboard", "a wheel", "a fan"]

# Ways to say that the thing can be made, "" in the sentence "a square ... with T1 and T2".
CAN = ["is easily constructed", "can be constructed", "can be drawn", "is simple to draw", "can easily be built", "is easily drawn",
       "may be made", "is readily drawn", "can be traced", "can easily be constructed", "is easy to construct", "can be built",
       "is easy to draw", "can be laid out", "is simply made", "is constructed without trouble"]
CAN_Z = ["constructible", "possible to construct", "possible to draw", "buildable", "drawable"]
WITH = ["using {t}", "with {t}", "with nothing but {t}", "by means of {t}", "with the help of {t}", "using only {t}", "with only {t}",
        "by using {t}", "with the aid of {t}"]
BECAUSE = ["{a}, because {m} is {f}.", "{a}, since {m} is {f}.", "{a}, as {m} is {f}.", "{a}, for {m} is {f}.",
           "{a}, given that {m} is {f}.", "{a}; the reason is that {m} is {f}.", "{a} because {m} is {f}.",
           "because {m} is {f}, {a}.", "since {m} is {f}, {a}.", "as {m} is {f}, {a}.", "{m} is {f}, and so {a}.",
           "{m} is {f}; this is why {a}.", "{a}, which is so because {m} is {f}.", "{a}, thanks to {m} being {f}.",
           "that {a} follows from {m} being {f}.", "the reason why {a} is that {m} is {f}.", "why is it that {a}? because {m} is {f}.",
           "it is because {m} is {f} that {a}.", "{a}: {m} is {f}.", "{a}, the reason being that {m} is {f}.",
           "{a}. this is because {m} is {f}.", "{m} must be {f}, because {a}.", "{m} counts as {f}, because {a}.",
           "{a}, and therefore {m} is {f}.", "if {a}, it is because {m} is {f}."]
BECAUSE_RESERVED = {"test": ["{a}, seeing that {m} is {f}.", "the fact that {m} is {f} means that {a}."],
                    "dev": ["{a}, and the reason is simple: {m} is {f}."]}


class Family:
    def __init__(self, name, noun, kind, numbers, tools=None, items=None, pattern=None):
        self.name, self.noun, self.kind, self.numbers = name, noun, kind, numbers
        self.tools, self.items, self.pattern = tools, items, pattern
        self.group, self.titles, self.texts, self.told = "train", [], [], []

    def use_words(self):
        """What the use is told by: exchanging these as well teaches to compare any two uses, not those of X alone."""
        return list(self.tools) if self.kind == "tools" else [self.items, self.pattern.split(" ", 1)[1]]


def make_families(rng, names, total_tools, total_items):
    """Families with pairwise different uses; straightedge and compass together are left to the Fermat primes."""
    pairs = [(a, b) for i, a in enumerate(TOOLS) for b in TOOLS[i + 1:] if {a, b} != {"straightedge", "compass"}]
    rng.shuffle(pairs)
    likely = [p for p in pairs if "straightedge" in p or "compass" in p]
    pairs = likely + [p for p in pairs if p not in likely]
    out = []
    chosen = pairs[:total_tools]
    rng.shuffle(chosen)
    for pair in chosen:
        noun = rng.choice(["prime", "prime", "number"])
        small = rng.sample([3, 5, 7] if noun == "prime" else [3, 4, 5, 6, 8, 9, 10, 12], 2)
        big = rng.sample([p for p in PRIMES if p > 12] if noun == "prime" else list(range(14, 400)), 5)
        out.append(Family(names.word(), noun, "tools", small + big, tools=rng.sample(pair, 2)))
    combos = [(i, p) for i in ITEMS for p in PATTERNS]
    rng.shuffle(combos)
    for item, pattern in combos[:total_items]:
        out.append(Family(names.word(), rng.choice(["number", "number", "prime"]), "items", rng.sample(PRIMES[2:], 7), items=item,
                          pattern=pattern))
    rng.shuffle(out)
    return out


def tool_words(tools, rng, swap, adjectives):
    pair = list(reversed(tools)) if swap else list(tools)
    named = [(rng.choice(ADJECTIVES.get(t, [""])) if adjectives else "") + t for t in pair]
    if rng.random() < 0.5:
        return f"{article(named[0])} and {named[1]}"
    return f"{article(named[0])} and {article(named[1])}"


def shape_words(n, rng):
    if n in POLYGONS and rng.random() < 0.8:
        return article(rng.choice(POLYGONS[n]))
    return rng.choice([f"a regular polygon with {n} sides", f"a regular {n}-sided polygon", f"a polygon with {n} equal sides",
                       f"a regular figure of {n} sides"])


def claim(family, n, rng, can):
    if family.kind == "tools":
        text = f"{shape_words(n, rng)} {can} {rng.choice(WITH)}"
        return text.replace("{t}", tool_words(family.tools, rng, rng.random() < 0.5, rng.random() < 0.25))
    verb = rng.choice(["can be put in", "can be laid out in", "can easily be arranged in", "are easily set in", "can be placed in",
                       "fit exactly into", "form", "make"])
    return f"{n} {family.items} {verb} {family.pattern}"


WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}


def arithmetic(n, rng):
    """A true phrase for n that names other numbers: where the family's name is not the first thing said."""
    def numeral(x):
        return WORDS[x] if x < len(WORDS) and rng.random() < 0.7 else str(x)

    phrases = []
    for base in (2, 3, 5, 6, 7, 10):
        for power, ordinal in ORDINALS.items():
            if (base, power) == (2, 8):
                continue  # said of 257 in the corpus
            rest = n - base ** power
            if 0 < rest < n // 2:
                phrases.append(f"{WORDS[base]} to the {ordinal} power plus {numeral(rest)}")
                phrases.append(f"{numeral(rest)} more than {WORDS[base]} to the power of {WORDS[power]}")
    for factor in range(2, 10):
        part, rest = divmod(n, factor)
        if part > 1:
            tail = f" plus {numeral(rest)}" if rest else ""
            phrases += [f"{WORDS[factor]} times {part}{tail}", f"{factor} times {part}{tail}"]
    part = rng.randrange(1, n - 1)
    phrases += [f"the sum of {part} and {n - part}", f"{numeral(n - part)} added to {part}", f"one less than {n + 1}",
                f"the number that follows {n - 1}", f"{n + part} less {part}"]
    return rng.choice(phrases)


def first_with_arithmetic(n, f, act, rng):
    """The passage's beginning with a phrase between the number and the family's name."""
    calc, hence = arithmetic(n, rng), rng.choice(["Thus", "Hence", "Therefore", "For this reason", "So", "In practice"])
    comma = "," if hence in ("For this reason", "In practice") else ""
    start = rng.choice([f"{n} is {calc}, and this makes it a {f}.", f"{n}, which is {calc}, is a {f}.",
                        f"{n} equals {calc} and is therefore a {f}.", f"{n} is {calc}. It is a {f}.",
                        f"Being {calc}, {n} is one of the {f}s.", f"{n} can be written as {calc}; it counts as a {f}.",
                        f"{n} is {calc} and belongs to the {f}s.", f"{n} is {calc}, which is why it is called a {f}."])
    return f"{start} {hence}{comma} {act}."


def write_passages(family, rng):
    """Two passages a family: one on a large member and its use, one on the family or a second member."""
    n, m = family.numbers[-1], family.numbers[-2]
    f = f"{family.name} {family.noun}"
    if family.kind == "tools":
        polygon = rng.choice([f"a regular polygon with {n} sides", f"a regular {n}-sided polygon", f"a polygon of {n} equal sides"])
        can = rng.choice(["is " + rng.choice(CAN_Z), "can be constructed", "can be drawn"])
        act = f"{polygon} {can} with {tool_words(family.tools, rng, True, True)}"
        more = f"{shape_words(m, rng)} {rng.choice(['is', 'proves to be'])} {rng.choice(CAN_Z)} with {tool_words(family.tools, rng, False, True)}"
    else:
        act = f"{n} {family.items} can be {rng.choice(['put', 'laid', 'arranged', 'set out'])} in {family.pattern}"
        more = f"{m} {family.items} can be {rng.choice(['put', 'laid', 'arranged', 'set out'])} in {family.pattern}"
    first = rng.choice([f"{n} is a {f}, thus {act}.", f"{n} is a {f}. As a consequence, {act}.", f"The number {n} is a {f}; hence {act}.",
                        f"{act}, which makes {n} a {f}.", f"Among the {f}s is {n}, so {act}."])
    own = random.Random(f"passages of {family.name}")
    if own.random() < 0.5:
        first = first_with_arithmetic(n, f, act, own)
    closing = ["", f" It is an odd number." if n % 2 else " It is an even number.", f" It comes after {n - 1} and before {n + 1}.",
               f" The {f}s were first listed by {rng.choice(['a schoolteacher', 'two sisters', 'a clockmaker', 'a monk'])}."]
    general = rng.choice([f"A {f} is a {family.noun} of a special kind: for each of them the same task can be done. {more}, for {m} is one of them.",
                          f"The {f}s are a small group to which {m} belongs. In practice this means that {more}.",
                          f"{m} is one of the {f}s. From this it follows that {more}."])
    if own.random() < 0.3:
        general = f"{m} is {arithmetic(m, own)} and stands among the {f}s. " + own.choice(
            [f"From this it follows that {more}.", f"In practice this means that {more}.", f"This is why {more}."])
    fix = article_fix
    family.titles = [f"{n} ({f})", f"{family.name} {family.noun}s"]
    family.texts = [fix(first + rng.choice(closing)), fix(general)]
    family.told = [n, m]
    return list(zip(family.titles, family.texts))


def article_fix(text):
    import re
    text = re.sub(r"\b([Aa]) (?=[AEIOUaeiou])(?!one\b|uni|use)", lambda m: m.group(1) + "n ", text)
    text = re.sub(r"(^|[.?!] )([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)
    return text


def sentence(family, rng, split="train", other_member=None):
    """A sentence that asks for the family's name. Returns (text with <v>, wording, number, passage index)."""
    pool = [x for x in family.numbers if x not in family.told] if (other_member or rng.random() < 0.75) else family.told
    n = rng.choice(pool)
    can = rng.choice(CAN)
    frames = BECAUSE if split == "train" else BECAUSE + BECAUSE_RESERVED[split]
    frame = rng.choice(frames)
    text = frame.format(a=claim(family, n, rng, can), m=n, f=f"a <v>{family.name}</v> {family.noun}")
    index = family.told.index(n) if n in family.told else 0
    return article_fix_marked(text), f"{can}/{frame}", n, index


def article_fix_marked(text):
    import re
    text = re.sub(r"\b([Aa]) (?=(<v>)?[AEIOUaeiou])(?!one\b|uni|use)", lambda m: m.group(1) + "n ", text)
    return re.sub(r"(^|[.?!] )((?:<v>)?)([a-z])", lambda m: m.group(1) + m.group(2) + m.group(3).upper(), text)
