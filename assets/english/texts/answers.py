"""Chooses what the questions of "sentence TAB question" lines ask for, where it is fairly clear.

The lines do not say it. A run of words of the sentence is the likelier one the better its kind suits the question word, the
nearer it stands to words that the question has, the more like the question's noun the encoder finds it, and the better the
reader so far reads it; a guess of questions.guess_answer, which that reader was trained on, counts little there.
"""
import argparse
import collections
import json
import pathlib
import re

import numpy as np

from . import network, questions, wikipedia, words

LEAST_LEAD = 0.6  # of the best run over the next that it does not overlap
LONGEST = 6  # words and pieces
UNITS = set("million billion trillion % percent $ . , - – -- thousand hundred to £ us m".split())
NUMBER = re.compile(r"\bhow (many|much|long|old|far|tall|high|large|big|often)\b|percent|\bpopulation\b|what number|what amount")
DATE = re.compile(r"\b(what|which) (year|date|day|month|decade|century)\b|in what year|what time")


def is_number(word):
    return word[0].isdigit() or word in questions.NUMBER_WORDS


def is_date(word):
    return questions.YEAR.match(word) or word in questions.MONTHS or word in ("century", "monday", "summer", "early", "late")


def is_content(word):
    return questions.is_plain(word) and word.lower() not in words.STOP


def runs(sentence, question):
    """[(begin, end, i, j, shared)] of the runs of words that could answer: offsets, words i to j, content words shared with
    the question."""
    own = words.words(sentence)
    asked = {questions.stem(w.lower()) for w, _, _ in words.words(question) if questions.is_plain(w)}
    for i in range(len(own)):
        for j in range(i, min(i + LONGEST, len(own))):
            run = [w for w, _, _ in own[i:j + 1]]
            if not (questions.is_plain(run[0]) or run[0] in "$£") or not (questions.is_plain(run[-1]) or run[-1] == "%"):
                continue
            if any(w.lower() in words.STOP and w.lower() not in questions.NUMBER_WORDS for w in (run[0], run[-1])):
                continue
            content = [w for w in run if is_content(w)]
            shared = sum(questions.stem(w.lower()) in asked for w in content)
            if (content and shared >= max(1, (len(content) + 1) // 2)) or any(w in ".;?!()" for w in run):
                continue
            yield own[i][1], own[j][2], i, j, shared


def kind_asked_for(question):
    """Words for what the question wants ("city", "a person"), or None."""
    match = questions.WH.search(question.lower())
    if not match:
        return question
    if match.group(1) in ("who", "whom", "whose"):
        return "a person"
    if match.group(1) in ("where", "when"):
        return "a place" if match.group(1) == "where" else "a date"
    out = []
    for word in (w.strip('?,."') for w in question.lower()[match.end():].split()):
        if word in AFTER_THE_NOUN or len(out) == 4:
            break
        if not (word == "of" and out and out[-1] in ("kind", "type", "types", "kinds", "sort", "name", "part", "form")):
            out.append(word)
    return " ".join(w for w in out if w not in ("kind", "type", "types", "kinds", "sort", "a", "an", "other")) or None


AFTER_THE_NOUN = set("is are was were did does do has have had can could would will the that in to from by at on with for".split())


def capitalised(articles):
    """The share of a word's mentions that are capitalised, where no sentence begins."""
    upper, all_of = collections.Counter(), collections.Counter()
    for _, paragraphs in articles:
        for sentence in (s for p in paragraphs for s in words.sentences(p)):
            for word, _, _ in words.words(sentence)[1:]:
                if word[0].isalpha():
                    all_of[word.lower()] += 1
                    upper[word.lower()] += word[0].isupper()
    return {w: upper[w] / n for w, n in all_of.items() if n > 1}


class Chooser:
    def __init__(self, articles):
        self.frequency = wikipedia.frequencies(articles)
        self.limit = len(articles) // 150
        self.share = capitalised(articles)

    def rare(self, word):
        return self.frequency[word] < self.limit

    def name_share(self, word):
        return self.share.get(word.lower(), 0.6 if word.isalpha() and len(word) > 3 else 0)

    def guess(self, sentence, question):
        return questions.guess_answer(sentence, question, self.rare, lambda w: self.frequency[w])

    def is_name(self, text):
        own = [w for w in text.split() if w[0].isalpha()]
        return bool(own) and len(text.split()) <= 4 and text.replace(" ", "").isalpha() and all(
            w in words.STOP or self.name_share(w) > 0.7 for w in own)

    def cut_off(self, own, i, j, name):
        """How often the run i to j is only a part of a name or number."""
        def goes_on(word):
            return word[0].isalpha() and word.lower() not in words.STOP and self.name_share(word) > 0.7
        after = [w for w, _, _ in own[j + 1:j + 3]]
        before = [w for w, _, _ in own[max(0, i - 2):i]]
        last, first = own[j][0].lower(), own[i][0]
        return (bool(name > 0.6 and before and goes_on(before[-1])) + bool(name > 0.6 and after and goes_on(after[0]))
                + bool(after and last.replace(",", "").isdigit() and after[0].lower() in ("million", "billion", "percent", "%", "thousand", ","))
                + bool(len(before) == 2 and before[1] == "," and before[0][0].isdigit() and first[0].isdigit())
                + bool(len(after) == 2 and after[0] == "," and after[1][0].isdigit() and last.isdigit() and len(after[1]) == 3))

    def scored(self, sentence, question, likeness, reading):
        """[(score, begin, end)], the best first. likeness, reading: by (begin, end), the cosine and the log probabilities."""
        own = words.words(sentence)
        asked = question.lower()
        wh = questions.WH.search(asked)
        wh = wh.group(1) if wh else "what"
        of_question = {questions.stem(w.lower()) for w, _, _ in words.words(asked) if is_content(w)}
        hit = [x for x, (w, _, _) in enumerate(own) if is_content(w) and questions.stem(w.lower()) in of_question]
        wants_number, wants_date = NUMBER.search(asked), wh == "when" or DATE.search(asked)
        guess = self.guess(sentence, question)
        mean = sum(likeness.values()) / len(likeness) if likeness else 0
        out = []
        for begin, end, i, j, shared in runs(sentence, question):
            low = [w.lower() for w, _, _ in own[i:j + 1]]
            score = sum(1.2 / (1 + abs(x - (i if x < i else j))) for x in hit if not i <= x <= j) - 0.8 * shared
            numbers = [is_number(w) for w in low]
            named = [self.name_share(w) for w in low if w[0].isalnum() and w not in words.STOP]
            name = sum(named) / len(named) if named else 0
            score -= 1.2 * self.cut_off(own, i, j, name)
            score -= 0.8 * any(w.endswith(("ed", "ly")) and len(w) > 4 and self.name_share(w) < 0.3 for w in (low[0], low[-1]))
            score += 5 * (likeness[begin, end] - mean) if likeness else 0
            if wants_number:
                score += 2.5 if any(numbers) else -2
                score -= 0 if numbers[0] or low[0] in "$£" else 2
                score -= 1.2 * sum(not n and w not in UNITS for n, w in zip(numbers, low))
            elif wants_date:
                score += 2.5 if any(map(is_date, low)) else 0.5 if any(numbers) else -2
                score -= 0.3 * max(0, len(low) - 3)
            elif wh in ("who", "whom", "whose", "where"):
                score += 2 * name - 2 * any(numbers)
            else:
                score += 0.5 * name - any(numbers)
            score += 0.25 * sum(self.rare(w) and w not in words.STOP and questions.stem(w) not in of_question for w in low)
            before = own[i - 1][0].lower() if i else "."
            after = own[j + 1][0].lower() if j + 1 < len(own) else "."
            score += 0.3 * (i > 0 and before in ("a", "an", "the", '"', "called", "named"))
            score += 0.4 * (after in words.STOP or after in '.,;)"') + 0.4 * (before in words.STOP or before in '.,;("')
            read = reading.get((begin, end))
            read = max(float(np.mean(read)) + 0.15 * (len(read) - 1), -6) if read is not None else -6
            if guess and guess[0] < end and begin < guess[1]:
                read = min(read, -1.2)
            out.append((score + 0.45 * read, begin, end))
        return sorted(out, reverse=True)


def readings(items, pieces, reader):
    """For each (sentence, question) the log probabilities of its runs, by (begin, end), beside the sentence."""
    out = [{} for _ in items]
    wanted = [[(b, e, pieces.of(s[b:e])) for b, e, *_ in runs(s, q)] for s, q in items]
    for size in range(1, LONGEST + 1):
        which = [k for k, own in enumerate(wanted) if any(len(ids) == size for _, _, ids in own)]
        rows, second = [], []
        for k in which:
            sentence, question = items[k]
            head = [pieces["[CLS]"], *pieces.of(question)[:58], *[pieces["[MASK]"]] * size, *pieces.of("."), pieces["[SEP]"]]
            rows.append(head + pieces.of(sentence)[:100] + [pieces["[SEP]"]])
            second.append(len(head))
        for batch in network.batches(rows):
            hidden = reader.hidden([rows[r] for r in batch], [second[r] for r in batch])
            at = [second[r] - 2 - size for r in batch]
            found = reader.log_probabilities(np.stack([hidden[i, a:a + size] for i, a in enumerate(at)]))
            for i, r in enumerate(batch):
                for begin, end, ids in wanted[which[r]]:
                    if len(ids) == size:
                        out[which[r]][begin, end] = found[i][np.arange(size), ids]
    return out


def likenesses(items, pieces, encoder):
    """For each (sentence, question) the cosine of its runs with what the question wants; {} where it does not say."""
    kinds = [kind_asked_for(q) for _, q in items]
    texts = sorted({k for k in kinds if k} | {s[b:e] for s, q in items for b, e, *_ in runs(s, q)})
    rows = [[pieces["[CLS]"], *pieces.of(t)[:30], pieces["[SEP]"]] for t in texts]
    vectors = {}
    for batch in network.batches(rows):
        hidden = encoder.hidden([rows[r] for r in batch], [len(rows[r]) for r in batch])
        for i, r in enumerate(batch):
            mean = hidden[i, :len(rows[r])].mean(0)
            vectors[texts[r]] = mean / np.linalg.norm(mean)
    return [{(b, e): float(vectors[kind] @ vectors[s[b:e]]) for b, e, *_ in runs(s, q)} if kind else {}
            for (s, q), kind in zip(items, kinds)]


def choose(chooser, items, pieces, encoder, reader):
    """(begin, end) for each (sentence, question), or None where no run stands out."""
    out = []
    for (s, q), near, read in zip(items, likenesses(items, pieces, encoder), readings(items, pieces, reader)):
        found = chooser.scored(s, q, near, read)
        if not found:
            out.append(None)
            continue
        best = found[0]
        other = next((f for f in found if f[2] <= best[1] or best[2] <= f[1]), None)
        out.append(best[1:] if other is None or best[0] - other[0] >= LEAST_LEAD else None)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path, help="JSON Lines of sentence, question, answer")
    parser.add_argument("--wikipedia", type=pathlib.Path, required=True)
    parser.add_argument("--pairs", type=pathlib.Path, required=True)
    parser.add_argument("--encoder", type=pathlib.Path, required=True, help="folder with vocab.txt and model.safetensors")
    parser.add_argument("--reader", type=pathlib.Path, required=True, help="weights with a masked language model head")
    parser.add_argument("--first", type=int, default=None, help="only so many lines")
    options = parser.parse_args()
    items = questions.read_pairs(options.pairs)[:options.first]
    pieces = network.Pieces(options.encoder / "vocab.txt")
    chooser = Chooser(list(wikipedia.read(options.wikipedia)))
    found = choose(chooser, items, pieces, network.Network(options.encoder / "model.safetensors"), network.Network(options.reader))
    with open(options.out, "w", encoding="utf-8") as file:
        for (sentence, question), span in zip(items, found):
            answer = sentence[span[0]:span[1]] if span else None
            file.write(json.dumps({"sentence": sentence, "question": question, "answer": answer,
                                   "is_name": bool(answer) and chooser.is_name(answer)}, ensure_ascii=False) + "\n")
    print(f"{sum(s is not None for s in found)} of {len(items)} questions have an answer")


if __name__ == "__main__":
    main()
