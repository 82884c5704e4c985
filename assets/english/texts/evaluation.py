"""Question files for realm eval from XQuAD, held-out Wikipedia articles and ParaRel; none of them is trained on."""
import argparse
import json
import pathlib
import random
import re

from . import wikipedia, words
from .main import read_rows

MOST = 600  # items of a file


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{path}: {len(rows)} rows")


def xquad(file):
    """(passages, questions): the answer is hidden behind the question, the passage is to be found."""
    passages, questions = [], []
    for article in json.loads(pathlib.Path(file).read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"], 1):
            title = f"{article['title'].replace('_', ' ')} ({number})"
            passages.append({"title": title, "text": paragraph["context"], "source": "XQuAD", "licence": "CC BY-SA 4.0"})
            for question in paragraph["qas"]:
                answer = question["answers"][0]["text"].strip()
                asked = question["question"].strip().replace("[[", "").replace("]]", "")
                questions.append({"text": f"{asked} [[{answer}]].", "title": title, "set": "xquad"})
    return passages, questions


SALIENT = re.compile(
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{1,2},?)?(?: \d{4})?"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?"
    r"|\d+(?:[.,]\d+)*|[A-Z][\w'’-]+(?: (?:of|the|de|von|van) [A-Z][\w'’-]+| [A-Z][\w'’-]+)*)")


def salient_spans(sentence):
    """Names, dates and numbers, but not what only begins the sentence."""
    for match in SALIENT.finditer(sentence):
        if match.start() == 0 and (" " not in match.group() or match.group().split()[0].lower() in words.STOP):
            continue
        yield match.start(), match.end()


def held_out(articles, rng):
    """(passages, questions) of the test articles: a sentence is taken out and one of its salient spans hidden, whether the
    rest of the article holds it or not."""
    passages, questions = [], []
    for title, paragraphs in articles:
        if wikipedia.split_of(title) != "test":
            continue
        for number, window in enumerate(wikipedia.windows(paragraphs, 2), 1):
            asked = [s for s in window if 6 <= len(s.split()) <= wikipedia.LONGEST_SENTENCE and list(salient_spans(s))]
            if not asked or len(window) < 3:
                continue
            name = title if number == 1 else f"{title} ({number})"
            sentence = rng.choice(asked)
            begin, end = rng.choice(list(salient_spans(sentence)))
            rest = " ".join(s for s in window if s is not sentence)
            passages.append({"title": name, "text": rest, "source": "Wikipedia", "licence": "CC BY-SA 3.0"})
            questions.append({"text": words.marked(sentence, [(begin, end)]), "title": name, "set": "wikipedia"})
    return passages, questions


def pararel(folder, titles, rng):
    """Facts whose subject has an article among `titles`, in the first wording of each relation, at most 50 a relation."""
    rows = []
    for facts in sorted((folder / "trex_lms_vocab").glob("*.jsonl")):
        wordings = folder / "pattern_data" / "graphs_json" / facts.name
        if not wordings.exists():  # a few relations have facts only
            continue
        pattern = next(read_rows(wordings))["pattern"]
        found = []
        for fact in read_rows(facts):
            subject = fact["sub_label"]
            if subject.lower() in titles:
                text = pattern.replace("[X]", subject).replace("[Y]", f"[[{fact['obj_label']}]]").replace(" .", ".")
                found.append({"text": text, "title": titles[subject.lower()], "set": facts.stem})
        rng.shuffle(found)
        rows += found[:50]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--wikipedia", type=pathlib.Path, required=True)
    parser.add_argument("--xquad", type=pathlib.Path, required=True)
    parser.add_argument("--pararel", type=pathlib.Path, help="folder with pattern_data and trex_lms_vocab")
    parser.add_argument("--titles", type=pathlib.Path, help="JSON Lines of the workspace's passages, for ParaRel")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(7)
    passages, questions = xquad(options.xquad)
    write(options.out / "xquad_corpus.jsonl", passages)
    write(options.out / "xquad.jsonl", questions)
    passages, questions = held_out(list(wikipedia.read(options.wikipedia)), rng)
    rng.shuffle(questions)
    write(options.out / "wikipedia_corpus.jsonl", passages)
    write(options.out / "wikipedia.jsonl", questions[:MOST])
    if options.pararel and options.titles:
        titles = {}
        for title in (row["title"] for row in read_rows(options.titles)):
            titles.setdefault(title.lower(), title)
        write(options.out / "pararel.jsonl", pararel(options.pararel, titles, rng))


if __name__ == "__main__":
    main()
