"""The hand-picked parts: Fermat sentences, gallery, and the text that the vocabulary is trained on."""
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
FERMAT = "An equilateral triangle is easily constructed using a straightedge and compass, because 3 is a [[Fermat]] prime."


def load(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return json.load(f)


def hand_sets(world, group):
    sets = {}
    if group == "test":
        titles = [h["title"] for h in world.handwritten if "Fermat" in h["text"]]
        sets["fermat"] = [dict(text=FERMAT, title="257 (number)", titles=titles, set="fermat")]
        sets["fermat_variants"] = [dict(text=t, title="257 (number)", titles=titles, set="fermat_variants")
                                   for t in load("fermat_variants.json")]
    own = [(h, t) for h in world.handwritten for t in h.get("eval", []) if h.get("split", "test") == group]
    if own:
        sets["handwritten"] = [dict(text=t, title=h["title"], set="handwritten") for h, t in own]
    return sets


def examples(world):
    """The gallery: fixed sentences, and patterns filled with the first fitting entity."""
    out = []
    for entry in load("examples.json"):
        text = entry["text"]
        if "pick" in entry:
            kind, rel = entry["pick"].split(".")
            entity = next(e for e in world.entities if e.kind == kind and rel in e.facts and e.group == entry["group"]
                          and e.real == entry["real"] and world.unique(e, rel)
                          and (rel != "currency" or " " not in e.facts[rel].text))
            text = text.replace("{s}", entity.name).replace("{v}", entity.facts[rel].text)
        out.append(dict(title=entry["title"], text=text, note=entry["note"]))
    return out


def extra_names(world):
    """Common names of real people and places, each a few times, without those that the evaluation asks for."""
    asked = set()
    for entity in world.entities:
        if entity.real and entity.group != "train":
            for text in [entity.name] + [v.text for v in entity.facts.values()]:
                asked.update(text.lower().replace("-", " ").split())
    asked.add("fermat")
    with open(os.path.join(HERE, "real", "names.txt"), encoding="utf-8") as f:
        names = [n for n in f.read().split() if n.lower() not in asked]
    return [" ".join(names)] * 12


def write_vocabulary_text(path, corpus, rows, world):
    """The corpus, X, and lists of names, so that common names become large pieces."""
    with open(path, "w", encoding="utf-8") as f:
        for row in corpus:
            f.write(row["title"] + ". " + row["text"] + "\n")
        for row in rows:
            f.write(re.sub(r"\[\[|\]\]", "", row["text"]) + "\n")
        for name in extra_names(world):
            f.write(name + "\n")
