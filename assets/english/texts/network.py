"""A BERT body with its masked language model head in numpy, for choosing answers; slow, and enough for that."""
import json
import math
import unicodedata

import numpy as np

GROUP = 4096  # pieces of a batch


class Pieces:
    """BERT's uncased WordPiece ids."""

    def __init__(self, vocabulary):
        with open(vocabulary, encoding="utf-8") as lines:
            self.ids = {line.rstrip("\n"): i for i, line in enumerate(lines)}
        self.known = {}

    def __getitem__(self, piece):
        return self.ids[piece]

    def of_word(self, word):
        if word not in self.known:
            out, begin = [], 0
            while begin < len(word):
                end = len(word)
                while end > begin and ("##" if begin else "") + word[begin:end] not in self.ids:
                    end -= 1
                if end == begin:
                    out = [self.ids["[UNK]"]]
                    break
                out.append(self.ids[("##" if begin else "") + word[begin:end]])
                begin = end
            self.known[word] = out
        return self.known[word]

    def of(self, text):
        text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
        spaced = "".join(f" {c} " if is_punctuation(c) else c for c in text)
        return [i for word in spaced.split() for i in self.of_word(word)]


def is_punctuation(c):
    return (c.isascii() and c.isprintable() and not c.isalnum() and c != " ") or unicodedata.category(c).startswith("P")


def tensors(path):
    """The tensors of a safetensors file, as float32."""
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    kinds = {"F16": np.float16, "F32": np.float32}
    return {name: np.frombuffer(data, kinds[entry["dtype"]], offset=8 + length + entry["data_offsets"][0],
                                count=math.prod(entry["shape"])).reshape(entry["shape"]).astype(np.float32)
            for name, entry in json.loads(data[8:8 + length]).items()
            if name != "__metadata__" and entry["dtype"] in kinds}


def normed(x, weight, bias):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-12) * weight + bias


def gelu(x):
    inner = np.minimum(np.float32(-1.5957691216) * (x + np.float32(0.044715) * x * x * x), np.float32(25))
    return x / (1 + np.exp(inner))


def soft(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


class Network:
    """The weights of `path`, whose names may stand behind any prefix."""

    def __init__(self, path):
        self.all = tensors(path)
        self.layers = 1 + max(int(n.split("encoder.layer.")[1].split(".")[0]) for n in self.all if "encoder.layer." in n)
        self.width = self.tensor("embeddings.word_embeddings.weight").shape[1]
        self.heads = self.width // 32

    def tensor(self, name):
        return self.all[next(n for n in self.all if n == name or n.endswith("." + name))]

    def dense(self, x, name):
        flat = x.reshape(-1, x.shape[-1]) @ self.tensor(name + ".weight").T + self.tensor(name + ".bias")
        return flat.reshape(*x.shape[:-1], -1)

    def norm(self, x, name):
        return normed(x, self.tensor(name + ".weight"), self.tensor(name + ".bias"))

    def hidden(self, rows, second):
        """[B, L, H] of rows of ids; from second[i] on the pieces of row i are of the second segment."""
        length = max(map(len, rows))
        ids, segments = np.zeros((len(rows), length), int), np.zeros((len(rows), length), int)
        unseen = np.full((len(rows), 1, 1, length), np.float32(-1e9))
        for i, row in enumerate(rows):
            ids[i, :len(row)] = row
            segments[i, second[i]:len(row)] = 1
            unseen[i, ..., :len(row)] = 0
        x = self.tensor("embeddings.word_embeddings.weight")[ids]
        x = x + self.tensor("embeddings.position_embeddings.weight")[:length]
        x = self.norm(x + self.tensor("embeddings.token_type_embeddings.weight")[segments], "embeddings.LayerNorm")
        parts = (len(rows), length, self.heads, 32)
        for layer in (f"encoder.layer.{i}." for i in range(self.layers)):
            q, k, v = (self.dense(x, f"{layer}attention.self.{n}").reshape(parts).transpose(0, 2, 1, 3)
                       for n in ("query", "key", "value"))
            seen = soft(q @ k.transpose(0, 1, 3, 2) / np.float32(math.sqrt(32)) + unseen) @ v
            seen = seen.transpose(0, 2, 1, 3).reshape(len(rows), length, self.width)
            x = self.norm(x + self.dense(seen, layer + "attention.output.dense"), layer + "attention.output.LayerNorm")
            inner = gelu(self.dense(x, layer + "intermediate.dense"))
            x = self.norm(x + self.dense(inner, layer + "output.dense"), layer + "output.LayerNorm")
        return x

    def log_probabilities(self, hidden):
        """[..., V] of what the masked language model head says at the positions."""
        x = self.norm(gelu(self.dense(hidden, "predictions.transform.dense")), "predictions.transform.LayerNorm")
        words = self.tensor("embeddings.word_embeddings.weight")
        logits = (x.reshape(-1, self.width) @ words.T + self.tensor("predictions.bias")).reshape(*x.shape[:-1], -1)
        logits = logits - logits.max(-1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def batches(rows):
    """Indices of rows of like lengths, GROUP pieces at most in each."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    batch = []
    for i in order:
        if batch and (len(batch) + 1) * len(rows[i]) > GROUP:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
