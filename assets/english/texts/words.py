"""Sentences, words and spans of plain English text."""
import re

STOP = set(
    """a an the of in on at by for to from with as and or but nor so if than then that this these those it its is are was were be
    been being he she they we you i his her their our your my him them us me who whom which what when where why how not no do does
    did have has had having will would can could may might must shall should also such other more most very into over under after
    before between during through about against within without while there here all any some each both one two first new many
    much only own same up down out off again further once because until however s t""".split())

ABBREVIATIONS = set(
    "mr mrs ms dr prof st jr sr vs etc inc ltd co corp no vol gen col lt sgt capt rev hon gov sen rep ft mt approx ca dept est "
    "e.g i.e cf al p pp jan feb mar apr jun jul aug sep sept oct nov dec".split())

WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|\w+(?:[-'’.]\w+)*|[^\w\s]")
BREAK = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z0-9])")


def sentences(text):
    """The sentences of a paragraph, in order."""
    out, begin = [], 0
    for match in BREAK.finditer(text):
        before = text[begin:match.start()].rstrip("\"”’')]")
        last = (before.rstrip(".!? ").split() or [""])[-1].lower().lstrip("(\"“")
        if before.endswith(".") and (last in ABBREVIATIONS or len(last) == 1 or re.fullmatch(r"(?:\w\.)+\w", last)):
            continue
        out.append(text[begin:match.end()].strip())
        begin = match.end()
    if text[begin:].strip():
        out.append(text[begin:].strip())
    return out


def words(text):
    """[(word, begin, end)] with offsets into the text; punctuation marks are words."""
    return [(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]


def is_word(word):
    return word[0].isalnum()


def is_content(word, rare):
    """A word that tells something: not a stop word, and a name, a number or rare."""
    lower = word.lower()
    if lower in STOP or not is_word(word):
        return False
    return word[0].isupper() or word[0].isdigit() or rare(lower)


def is_name(run):
    """Capitalised words and numbers, with small words between them at most."""
    return all(w[0].isupper() or w[0].isdigit() or w in ("of", "the", "and", "de", "la", "von", "van", "&") for w in run)


def shared_spans(sentence, passage, rare, longest=5):
    """The longest runs of words of `sentence` that stand in `passage` too, as (begin, end) offsets; none overlap.

    A run neither begins nor ends with a stop word or a punctuation mark and holds a word that tells something."""
    own = words(sentence)
    known = [w for w, _, _ in words(passage)]
    runs = set()
    for size in range(1, longest + 1):
        for i in range(len(known) - size + 1):
            runs.add(tuple(known[i:i + size]))
    out, i = [], 0
    while i < len(own):
        best = 0
        for size in range(min(longest, len(own) - i), 0, -1):
            run = tuple(w for w, _, _ in own[i:i + size])
            if run not in runs:
                continue
            if not is_word(run[0]) or not is_word(run[-1]):
                continue
            if run[0].lower() in STOP or run[-1].lower() in STOP:
                continue
            if is_name(run) or (size <= 2 and all(is_content(w, rare) or w.islower() for w in run)
                                and any(is_content(w, rare) for w in run) and not any(w.lower() in STOP for w in run)):
                best = size
                break
        if best:
            out.append((own[i][1], own[i + best - 1][2]))
            i += best
        else:
            i += 1
    return out


def marked(sentence, spans):
    """The sentence with [[...]] around the spans."""
    out, at = [], 0
    for begin, end in spans:
        out += [sentence[at:begin], "[[", sentence[begin:end], "]]"]
        at = end
    return "".join(out) + sentence[at:]
