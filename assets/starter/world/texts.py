"""The hand-picked parts: Fermat sentences, gallery, and the text that the vocabulary is trained on."""
import json
import os

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
    return load("examples.json")


def write_vocabulary_text(path, corpus, rows, rng):
    """The corpus, X, and lists of names, so that common names become large pieces."""
    import re
    with open(path, "w", encoding="utf-8") as f:
        for row in corpus:
            f.write(row["title"] + ". " + row["text"] + "\n")
        for row in rows:
            f.write(re.sub(r"\[\[|\]\]", "", row["text"]) + "\n")
        with open(os.path.join(HERE, "real", "names.txt"), encoding="utf-8") as names:
            f.write(names.read())
