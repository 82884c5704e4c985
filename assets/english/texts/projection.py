"""Writes a retriever with a linear map behind its pooling, trained against the whole corpus.

The body stays as it is, so every passage is pooled once, by the program (index with the folder that --pooled writes); a step is
a few matrix products, and the passages of a workspace, short definitions above all, can all be negatives. What is minimised
is the contrastive loss of masked sentences and questions against their passages, in which e = sqrt(s) (W h + b) / |W h + b|;
W starts as the identity and b as zero. The longer a text, the shorter its mean h, so b tells passages from definitions.
"""
import argparse
import json
import pathlib
import re
import shutil
import sqlite3

import numpy as np

from . import average, main, network

STEPS = 600
BATCH = 192
NEGATIVES = 10000  # drawn anew for each step
RATES = {"weight": 3e-4, "bias": 4e-3, "log_scale": 5e-3}  # of Adam, falling to zero in a straight line
TIMES = {"question": 3}  # how much likelier rows of a kind are drawn
QUERY_LENGTH = 64


def passages(workspace):
    """(titles, vectors) of a workspace's index, in the order of the ids."""
    newest = max((workspace / "indexes").glob("*/embeddings.bin"), key=lambda f: int(f.parent.name))
    data = newest.read_bytes()
    width, count = int.from_bytes(data[12:16], "little"), int.from_bytes(data[16:24], "little")
    ids = np.frombuffer(data, np.int64, offset=64, count=count)
    vectors = np.frombuffer(data, np.float32, offset=64 + 8 * count, count=count * width).reshape(count, width)
    titles = dict(sqlite3.connect(f"file:{workspace / 'corpus.sqlite'}?mode=ro", uri=True).execute("select id, title from documents"))
    return [titles[i] for i in ids.tolist()], vectors


def of_article(title):
    """The title without the number of a part."""
    return re.sub(r" \(\d+\)$", "", title).lower()


def queries(rows, pieces, encoder):
    """[n, H] means of the hidden states of the sentences, whose hidden words are left out."""
    ids = [[pieces["[CLS]"], *sum((pieces.of(t) for t in re.split(r"\[\[.*?\]\]", r["text"])), [])[:QUERY_LENGTH - 2],
            pieces["[SEP]"]] for r in rows]
    out = np.zeros((len(ids), encoder.width), np.float32)
    for batch in network.batches(ids):
        hidden = encoder.hidden([ids[i] for i in batch], [len(ids[i]) for i in batch])
        for row, i in enumerate(batch):
            out[i] = hidden[row, :len(ids[i])].mean(0)
    return out


class Projection:
    def __init__(self, width, log_scale):
        self.values = {"weight": np.eye(width, dtype=np.float32), "bias": np.zeros(width, np.float32),
                       "log_scale": np.float32([log_scale])}
        self.moments = {n: (np.zeros_like(v), np.zeros_like(v)) for n, v in self.values.items()}

    def __call__(self, x):
        y = x @ self.values["weight"].T + self.values["bias"]
        length = np.linalg.norm(y, axis=-1, keepdims=True)
        return y / length, length

    def loss(self, x, z, left_out):
        """(loss, gradients) of the queries x [B, H], whose passages are the first B of z [N, H]; pairs of left_out [B, N] count
        for nothing."""
        u, u_length = self(x)
        v, v_length = self(z)
        scale = np.exp(self.values["log_scale"])
        cosines = u @ v.T
        scores = np.where(left_out, np.float32(-1e9), scale * cosines)
        chances = network.soft(scores)
        own = np.arange(len(x))
        loss = -np.log(chances[own, own]).mean()
        slope = chances.copy()
        slope[own, own] -= 1
        slope /= len(x)
        by_u, by_v = scale * (slope @ v), scale * (slope.T @ u)
        by_x = (by_u - u * (u * by_u).sum(-1, keepdims=True)) / u_length
        by_z = (by_v - v * (v * by_v).sum(-1, keepdims=True)) / v_length
        return loss, {"weight": by_x.T @ x + by_z.T @ z, "bias": by_x.sum(0) + by_z.sum(0),
                      "log_scale": np.float32([(slope * scale * cosines).sum()])}

    def step(self, gradients, number, share_left):
        for name, gradient in gradients.items():
            first, second = self.moments[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            mean, square = first / (1 - 0.9 ** number), second / (1 - 0.999 ** number)
            self.values[name] -= np.float32(RATES[name] * share_left) * mean / (np.sqrt(square) + np.float32(1e-8))


def train(rows, asked, titles, vectors, of_reference, log_scale):
    """asked: [n, H] of rows; titles, vectors: of all passages, of which the workspace's own, which hold what a row of a
    reference work was taken out of, are of_reference (title to numbers)."""
    rng = np.random.default_rng(0)
    number_of = {t: i for i, t in enumerate(titles)}
    weight = np.array([TIMES.get(r["kind"], 1) for r in rows], float)
    projection = Projection(vectors.shape[1], log_scale)
    for number in range(1, STEPS + 1):
        drawn = rng.choice(len(rows), BATCH, replace=False, p=weight / weight.sum())
        own = np.array([number_of[rows[i]["title"]] for i in drawn])
        among = np.concatenate([own, rng.choice(len(vectors), min(NEGATIVES, len(vectors)), replace=False)])
        left_out = among[None] == own[:, None]
        left_out[np.arange(BATCH), np.arange(BATCH)] = False
        for row, i in enumerate(drawn):
            if "wikipedia" not in rows[i]["kind"] and rows[i]["kind"] != "question":
                left_out[row, BATCH:] |= np.isin(among[BATCH:], of_reference.get(of_article(rows[i]["title"]), []))
        loss, gradients = projection.loss(asked[drawn], vectors[among], left_out)
        projection.step(gradients, number, 1 - (number - 1) / STEPS)
        if number % 50 == 0:
            print(f"{number}: loss {loss:.3f}, scale {np.exp(projection.values['log_scale'][0]):.1f}", flush=True)
    return projection


def write(retriever, out, tensors, **settings):
    shutil.copytree(retriever, out)
    average.write(out / "model.safetensors", tensors)
    config = json.loads((out / "config.json").read_text(encoding="utf-8")) | settings
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def write_pooled(retriever, out):
    """The retriever whose embeddings are h itself."""
    tensors = network.tensors(retriever / "model.safetensors")
    del tensors["cls.log_score_scale"]
    write(retriever, out, tensors, retriever_normalize=False)


def write_projected(retriever, out, projection):
    tensors = network.tensors(retriever / "model.safetensors")
    tensors |= {"cls.dense.weight": projection.values["weight"], "cls.dense.bias": projection.values["bias"],
                "cls.log_score_scale": projection.values["log_scale"]}
    write(retriever, out, tensors, retriever_projection="dense", retriever_proj_size=len(projection.values["bias"]))


def run():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--retriever", type=pathlib.Path, required=True, help="folder with config.json and model.safetensors")
    parser.add_argument("--pooled", action="store_true", help="write only the retriever that the workspaces are indexed with")
    parser.add_argument("--vocabulary", type=pathlib.Path)
    parser.add_argument("--texts", type=pathlib.Path, help="folder with mix.jsonl, whose passages WORKSPACE has")
    parser.add_argument("--workspace", type=pathlib.Path, help="indexed with the pooled retriever")
    parser.add_argument("--reference", type=pathlib.Path, help="workspace of the reference works, likewise")
    options = parser.parse_args()
    if options.pooled:
        write_pooled(options.retriever, options.out)
        return
    titles, vectors = passages(options.workspace)
    known = set(titles)
    rows = list({r["text"]: r for r in main.read_rows(options.texts / "mix.jsonl") if r["title"] in known}.values())
    of_reference = {}
    reference_titles, reference = passages(options.reference)
    for i, title in enumerate(reference_titles):
        of_reference.setdefault(of_article(title), []).append(len(titles) + i)
    asked = queries(rows, network.Pieces(options.vocabulary), network.Network(options.retriever / "model.safetensors"))
    log_scale = network.tensors(options.retriever / "model.safetensors")["cls.log_score_scale"].item()
    projection = train(rows, asked, titles + reference_titles, np.concatenate([vectors, reference]), of_reference, log_scale)
    write_projected(options.retriever, options.out, projection)


if __name__ == "__main__":
    run()
