"""Training rows of Wikipedia articles: some sentences are taken out of their article and asked about; the rest is the passage."""
import collections
import hashlib
import html
import re

from . import questions, words

LONGEST_PASSAGE = 85  # words
LONGEST_SENTENCE = 36


def articles(lines):
    """(title, [paragraph]) of WikiExtractor's <doc> format."""
    title, paragraphs = None, []
    for line in lines:
        line = line.rstrip("\n")
        if line.startswith("<doc "):
            found = re.search(r'title="([^"]*)"', line)
            title, paragraphs = (html.unescape(found.group(1)) if found else ""), []
        elif line.startswith("</doc>"):
            if title and paragraphs:
                yield title, paragraphs
            title = None
        elif title is not None and len(line.split()) >= 8 and line != title:
            paragraphs.append(re.sub(r"\(\s*[;,]?\s*\)", "", line).replace("  ", " ").replace("[[", "").replace("]]", ""))


def read(path):
    """The articles of 40 words and more of a file, or of all files of a folder."""
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        with open(file, encoding="utf-8") as lines:
            yield from ((t, p) for t, p in articles(lines) if sum(len(x.split()) for x in p) >= 40)


def split_of(title):
    """'test', 'dev' or 'train', by the title alone."""
    number = int(hashlib.sha256(title.encode()).hexdigest()[:8], 16) % 100
    return "test" if number < 3 else "dev" if number < 5 else "train"


def frequencies(all_articles):
    """In how many articles a word stands."""
    count = collections.Counter()
    for _, paragraphs in all_articles:
        count.update({w.lower() for p in paragraphs for w, _, _ in words.words(p)})
    return count


def windows(paragraphs, most):
    """Up to `most` runs of neighbouring sentences, each of about as many words as a passage and what is asked about it."""
    run, total = [], 0
    for sentence in (s for p in paragraphs for s in words.sentences(p)):
        length = len(sentence.split())
        if run and total + length > 1.5 * LONGEST_PASSAGE:
            yield run
            most -= 1
            run, total = [], 0
            if most == 0:
                return
        run.append(sentence)
        total += length
    if len(run) >= 3:
        yield run


def rows(window, rare, rng, kind="wikipedia"):
    """(passage text, [row]) of a window of an article: a third of the sentences are asked about, the others are the passage."""
    kept, asked, total = [], [], 0
    for i, sentence in enumerate(window):
        length = len(sentence.split())
        askable = 6 <= length <= LONGEST_SENTENCE and len(asked) < 3
        if askable and (total + length > LONGEST_PASSAGE or (rng.random() < 0.4 and (kept or i + 2 < len(window)))):
            asked.append(sentence)
        elif not kept or total + length <= LONGEST_PASSAGE:
            kept.append(sentence)
            total += length
    passage = " ".join(kept)
    if not 8 <= len(passage.split()) <= 120:
        return None, []
    out = []
    for sentence in asked:
        spans = words.shared_spans(sentence, passage, rare)  # the reader sees no title
        if not spans:
            continue
        names = sorted({sentence[b:e] for b, e in spans if words.is_name(sentence[b:e].split())})
        out.append({"text": words.marked(sentence, spans), "names": names, "kind": kind})
        if rng.random() < 0.6:
            question = questions.of_statement(sentence, rng.choice(spans), rng)
            if question:
                out.append({"text": question, "names": names, "kind": kind + " question"})
    return passage, out
