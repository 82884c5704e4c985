"""Questions as cloze sentences: "question? [[answer]]."."""
import re

from . import words

YEAR = re.compile(r"(1[0-9]{3}|20[0-9]{2})s?$")
MONTHS = "january february march april may june july august september october november december".split()
WH = re.compile(r"\b(who|whom|whose|what|which|when|where|why|how)\b")


def kind_of(answer):
    first = answer.split()[0].lower()
    last = answer.split()[-1]
    if YEAR.match(last) or first in MONTHS:
        return "date"
    if answer[0].isdigit():
        return "number"
    return "name" if answer[0].isupper() else "thing"


def of_statement(sentence, span, rng):
    """A question whose answer is the span of the sentence, or None. Word order is the statement's, more or less."""
    begin, end = span
    answer = sentence[begin:end]
    left, right = sentence[:begin].strip(), sentence[end:].strip(" .")
    # One clause alone, where there are several.
    if rng.random() < 0.5:
        left = re.split(r"[,;:(]\s", left)[-1]
        right = re.split(r"[,;:)]", right)[0]
    if len((left + " " + right).split()) < 4:
        return None
    kind = kind_of(answer)
    preposition = re.search(r"\b(in|at|on|by|from|of|to|for|with|as|near|since|until)$", left, re.I)
    ask = {
        "date": ["when", "in what year", "what year", "in which year", "on what date"],
        "number": ["how many", "what number of", "how much"],
        "name": ["who", "what", "which", "whom"],
        "thing": ["what", "which", "what kind of"],
    }[kind]
    if kind == "name" and preposition and preposition.group(1).lower() in ("in", "at", "near", "from", "to"):
        ask = ["where", "in what place", "what city", "which country", "where"]
    wh = rng.choice(ask)
    if preposition and rng.random() < 0.6:
        left = left[:preposition.start()].strip()
    if kind == "number":
        question = f"{wh} {right} {left}" if rng.random() < 0.6 else f"{left} {wh} {right}"
    elif not left:
        question = f"{wh} {right}"
    elif rng.random() < 0.65:
        left = left[0].lower() + left[1:] if left and left.split()[0].lower() in words.STOP else left
        question = f"{wh} {left} {right}"
    else:
        question = f"{left} {wh} {right}"
    question = re.sub(r"\s+([,.;:)])", r"\1", re.sub(r"\s+", " ", question)).strip(" ,;:")
    if not question or "[[" in question:
        return None
    return f"{question[0].upper()}{question[1:]}? [[{answer}]]."


def stem(word):
    return word[:5]


def detokenized(text):
    """Text of a tokenized line: spaces before punctuation and inside quotation marks go."""
    text = text.strip().replace("-lrb-", "(").replace("-rrb-", ")").replace("-lsb-", "[").replace("-rsb-", "]")
    text = text.replace("``", '"').replace("''", '"')
    text = re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', text)
    text = re.sub(r"\s+([,.;:?!%)\]])", r"\1", text)
    text = re.sub(r"\s+('s|'re|'ve|'d|'ll|n't|')(?=\s|$)", r"\1", text)
    text = re.sub(r"([(\[$£])\s+", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()


def guess_answer(sentence, question, rare, known):
    """The words of the sentence that answer the question, as (begin, end) offsets, or None: a run of words that the question
    has not, of the kind that its question word asks for, near words that it has."""
    asked = question.lower()
    wh = WH.search(asked)
    wh = wh.group(1) if wh else "what"
    in_question = {stem(w.lower()) for w, _, _ in words.words(asked) if is_plain(w)}
    own = words.words(sentence)
    fresh = [is_plain(w) and stem(w.lower()) not in in_question and w.lower() not in words.STOP for w, _, _ in own]
    wants_number = re.search(r"\bhow (many|much|long|old|far|tall|high|large|big|often)\b|percent|\bpopulation\b|what number", asked)
    wants_date = wh == "when" or re.search(r"\b(what|which) (year|date|day|month|decade|century)\b|in what year", asked)
    runs, i = [], 0
    while i < len(own):
        if not fresh[i]:
            i += 1
            continue
        j = i
        while j < len(own) and j - i < 4 and (fresh[j] or (own[j][0] in ("of", "the", "-", "'s", "&") and j + 1 < len(own) and fresh[j + 1] and j > i)):
            j += 1
        runs.append((i, j))
        i = j
    best, best_score = None, 0.0
    for i, j in runs:
        run = [w.lower() for w, _, _ in own[i:j]]
        near = sum(1.0 / (1 + abs(k - (i if k < i else j - 1))) for k in range(len(own))
                   if not (i <= k < j) and is_plain(own[k][0]) and stem(own[k][0].lower()) in in_question and own[k][0].lower() not in words.STOP)
        score = near + 0.3 * sum(1 for w in run if rare(w))
        has_number = any(w[0].isdigit() or w in NUMBER_WORDS for w in run)
        has_date = any(YEAR.match(w) or w in MONTHS or w in ("century", "day", "monday", "summer") for w in run)
        if wants_number:
            score += 3 if has_number else -2
        elif wants_date:
            score += 3 if has_date else -2
        elif wh in ("who", "whom", "whose", "where"):
            score += 1.0 * sum(1 for w in run if known(w) < 40) - (2 if has_number else 0)
            score -= 1.5 if any(w.endswith(("ed", "ing", "ly")) for w in run[:1]) else 0
        else:
            score -= 1 if has_number and not re.search(r"number|amount|percent|size", asked) else 0
        if score > best_score:
            best, best_score = (i, j), score
    if best is None or best_score < 0.8:
        return None
    i, j = best
    if wants_number or wants_date:  # the figure and what belongs to it alone
        keep = [k for k in range(i, j) if own[k][0][0].isdigit() or own[k][0].lower() in NUMBER_WORDS or own[k][0].lower() in MONTHS or own[k][0].lower() in ("million", "billion", "%", "percent", "century")]
        if keep:
            i, j = keep[0], keep[-1] + 1
    if j - i > 3:
        return None
    while j - i > 1 and own[i][0].lower().endswith(("ed", "ly")) and len(own[i][0]) > 4:
        i += 1
    return own[i][1], own[j - 1][2]


NUMBER_WORDS = set("one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million billion twice once".split())


def is_plain(word):
    return word[0].isalnum()


def read_pairs(path):
    """[(sentence, question)] of the "sentence TAB question" lines of a file, detokenized."""
    with open(path, encoding="utf-8") as lines:
        parts = [line.rstrip("\n").split("\t") for line in lines]
    return [(detokenized(p[0]), detokenized(p[1]).rstrip("?").rstrip() + "?") for p in parts if len(p) == 2]


def of_pairs(path, rare, known, rng):
    """(title, passage, [row]) of "sentence TAB question" lines: neighbouring sentences make a passage."""
    groups, last = [], None
    for sentence, question in read_pairs(path):
        if sentence != last:
            if not groups or sum(len(s.split()) for s, _ in groups[-1]) + len(sentence.split()) > 80 or len(groups[-1]) >= rng.choice((2, 3, 4, 5)):
                groups.append([])
            groups[-1].append((sentence, []))
            last = sentence
        groups[-1][-1][1].append(question)
    for group in groups:
        order = list(dict.fromkeys(s for s, _ in group))
        passage = " ".join(order)
        counts = {}
        for w, _, _ in words.words(passage):
            if rare(w.lower()) and not w[0].isdigit() and len(w) > 3:
                counts[w] = counts.get(w, 0) + 1
        title = " ".join(sorted(counts, key=lambda w: (-counts[w], known(w), passage.index(w)))[:2]) or " ".join(passage.split()[:3])
        rows = []
        for sentence, asked in group:
            for question in asked:
                span = guess_answer(sentence, question, rare, known)
                if span is None:
                    continue
                answer = sentence[span[0]:span[1]]
                rows.append({"text": f"{question[0].upper()}{question[1:]} [[{answer}]].", "kind": "question"})
        yield title, passage, rows
