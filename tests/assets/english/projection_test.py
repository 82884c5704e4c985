"""The linear map behind a retriever's pooling: its loss and gradients, and that passages which win by their kind lose it."""
import math
import unittest

import recipe

recipe.needs_numpy()

import numpy as np  # noqa: E402
from texts import projection  # noqa: E402


def double(p):
    p.values = {name: value.astype(np.float64) for name, value in p.values.items()}
    return p


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


class LossTest(unittest.TestCase):
    def test_is_the_contrastive_loss_of_cosines(self):
        # Cosines 1 and 0, scale 2: -log(e^2 / (e^2 + e^0)).
        p = projection.Projection(2, math.log(2))
        loss, _ = p.loss(np.float32([[3, 0]]), np.float32([[1, 0], [0, 5]]), np.zeros((1, 2), bool))
        self.assertAlmostEqual(float(loss), math.log(1 + math.exp(-2)), places=5)

    def test_leaves_pairs_out(self):
        p = projection.Projection(2, math.log(2))
        loss, _ = p.loss(np.float32([[3, 0]]), np.float32([[1, 0], [1, 0]]), np.array([[False, True]]))
        self.assertAlmostEqual(float(loss), 0, places=5)

    def test_gradients_are_those_of_finite_differences(self):
        rng = np.random.default_rng(1)
        p = double(projection.Projection(5, 1.0))
        p.values["weight"] += 0.3 * rng.normal(size=(5, 5))
        p.values["bias"] += 0.2 * rng.normal(size=5)
        x, z, left_out = rng.normal(size=(3, 5)), rng.normal(size=(7, 5)), np.zeros((3, 7), bool)
        left_out[1, 6] = True
        _, gradients = p.loss(x, z, left_out)
        for name, values in p.values.items():
            flat = values.reshape(-1)
            for i in range(flat.size):
                kept, sides = flat[i], []
                for step in (1e-5, -1e-5):
                    flat[i] = kept + step
                    sides.append(p.loss(x, z, left_out)[0])
                flat[i] = kept
                self.assertAlmostEqual((sides[0] - sides[1]) / 2e-5, gradients[name].reshape(-1)[i], places=7, msg=f"{name}[{i}]")


class TrainTest(unittest.TestCase):
    def test_a_passage_that_wins_by_its_kind_loses(self):
        # The first three values say what a text is about, the last that it is short, as questions and definitions are.
        rng = np.random.default_rng(0)
        topics = rng.normal(size=(400, 12)).astype(np.float32)

        def texts(short, noise):
            kind = np.full((400, 1), 3.0 if short else -3.0, np.float32)
            return unit(np.hstack([topics + noise * rng.normal(size=topics.shape).astype(np.float32), kind]))
        asked, long, definitions = texts(True, 0.5), texts(False, 0.5), texts(True, 2.0)
        titles = [f"long {i}" for i in range(400)] + [f"short {i}" for i in range(400)]
        rows = [{"kind": "question", "title": f"long {i}"} for i in range(400)]
        vectors = np.concatenate([long, definitions])

        def found(of):
            own = of(asked)
            return float(np.mean((own @ of(vectors).T).argmax(1) == np.arange(400)))
        projection.STEPS, projection.BATCH, projection.NEGATIVES = 150, 64, 300
        projection.RATES = {"weight": 3e-2, "bias": 1e-1, "log_scale": 3e-2}
        p = projection.train(rows, asked, titles, vectors, {}, math.log(20))
        self.assertLess(found(lambda x: x), 0.05)
        self.assertGreater(found(lambda x: p(x)[0]), 0.5)


if __name__ == "__main__":
    recipe.run()
