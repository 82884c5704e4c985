#!/usr/bin/env python3
"""The paper's Table 2 on the starter world: what retriever, encoder, masking and a fresh index are worth.

    tests/benchmarks/table2.py WORK [--bin DIR] [--seeds 1 2] [--ict-steps N] [--mlm-steps N] [--steps N] [--limit N]

Seven rows, each with every seed:

    full              REALM pre-training from the warm start
    retriever reset   its encoder with the warm start's embedder
    encoder reset     its embedder with the warm start's encoder
    both reset        the warm start: inverse cloze task, and masked language modelling with a passage beside
    random tokens     REALM pre-training with BERT's masks in place of salient spans
    random spans      the same with SpanBERT's
    30x stale         REALM pre-training with an index that is refreshed 30 times less often

Pre-training takes no passage from the training text: the marginal likelihood alone trains both (warm_pair_fraction 0).
All are measured alike: p(y|x) and top word of cloze sentences about facts that no training sentence names, and recall@5
of the passage that states them. Where the paper fine-tunes on open-domain questions, this asks the pre-trained model.
WORK is made when it is not there; a command that was stopped goes on when it is given again. The figures also go to
WORK/table2.json.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from recipe import BIN, ROOT, Recipe

STARTER = ROOT / "assets" / "starter"
ROWS = ["full", "retriever reset", "encoder reset", "both reset", "random tokens", "random spans", "30x stale"]
PAPER = {  # exact match on the development set of Natural Questions, and retrieval recall@5
    "full": (38.2, 38.5), "retriever reset": (35.3, 13.9), "encoder reset": (37.4, 38.5), "both reset": (31.3, 13.9),
    "random tokens": (32.3, 24.2), "random spans": (35.3, 26.1), "30x stale": (28.7, 15.1),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--bin", type=Path, default=BIN)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--ict-steps", type=int, default=1000)
    parser.add_argument("--mlm-steps", type=int, default=2500)
    parser.add_argument("--steps", type=int, default=400, help="of REALM pre-training")
    parser.add_argument("--refresh", type=int, default=10, help="steps between two refreshes of the index")
    parser.add_argument("--limit", type=int, default=0, help="cloze sentences that are asked; 0: all of the dev sets")
    table = Table2(parser.parse_args())
    table.train()
    table.measure()
    table.print()
    return 0


class Table2(Recipe):
    def __init__(self, arguments):
        super().__init__(arguments.work, arguments.bin)
        self.a = arguments
        self.results = {}

    def train(self):
        world = self.work / "world"
        if not (world / "train.jsonl").exists():
            subprocess.run([sys.executable, STARTER / "generate.py", world], check=True, stdout=subprocess.DEVNULL)
        self.make_workspace(world / "corpus.jsonl")
        self.asked = self.work / "asked.jsonl"
        sets = ["heldout_entities", "unseen_wordings", "real_names", "number_families"]
        self.asked.write_text("".join((world / "eval" / "dev" / f"{name}.jsonl").read_text() for name in sets))
        text = {"training_text": world / "train.jsonl", "held_out_text": self.asked}
        self.phase("words", "vocabulary", vocabulary_text=world / "vocabulary_text.txt")
        for seed in self.a.seeds:
            ict, mlm = f"ict-{seed}", f"mlm-{seed}"
            self.phase(ict, "ict", **text, initial_model="words", steps=self.a.ict_steps, seed=seed,
                       evaluate_every_steps=500)
            self.phase(mlm, "mlm", **text, initial_model="words", layers=3, steps=self.a.mlm_steps, seed=seed,
                       evaluate_every_steps=500)
            joint = {**text, "initial_model": ict, "initial_encoder": mlm, "steps": self.a.steps, "seed": seed,
                     "refresh_every_steps": self.a.refresh, "warm_pair_fraction": 0, "evaluate_every_steps": 100}
            self.phase(f"full-{seed}", "pretrain", **joint)
            self.phase(f"random-tokens-{seed}", "pretrain", **joint, masking="random_tokens")
            self.phase(f"random-spans-{seed}", "pretrain", **joint, masking="random_spans")
            self.phase(f"30x-stale-{seed}", "pretrain", **joint, stale_factor=30)
            self.join(f"retriever-reset-{seed}", ict, f"full-{seed}")
            self.join(f"encoder-reset-{seed}", f"full-{seed}", mlm)
            self.join(f"both-reset-{seed}", ict, mlm)

    def join(self, name, retriever, reader):
        """The model of one's embedder and the other's encoder."""
        if (self.models / name).is_dir():
            return
        temporary = self.work / f"{name}.tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(self.models / retriever, temporary, ignore=shutil.ignore_patterns("encoder"))
        shutil.copytree(self.models / reader / "encoder", temporary / "encoder")
        temporary.rename(self.models / name)

    def measure(self):
        for row in ROWS:
            self.results[row] = []
            for seed in self.a.seeds:
                name = f"{row.replace(' ', '-')}-{seed}"
                out = self.work / f"{name}.json"
                if not out.exists():
                    line = ["--json", "eval", self.asked, "--task", "cloze"]
                    if self.a.limit:
                        line += ["--limit", self.a.limit]
                    self.realm("model", "use", name)
                    self.realm("index")
                    out.write_text(self.realm(*line))
                self.results[row].append(self.figures(json.loads(out.read_text())))

    @staticmethod
    def figures(document):
        overall = document["all"]
        return {"p": overall["p"]["mean"], "right": overall["right"], "recall_at_5": overall["recall_at_5"]}

    def print(self):
        (self.work / "table2.json").write_text(json.dumps({"arguments": {k: str(v) for k, v in vars(self.a).items()},
                                                           "rows": self.results}, indent=2) + "\n")
        print("| row | p(y|x), mean | by seed | top word right | recall@5 | by seed | paper: EM, recall@5 |")
        print("| --- | ---: | --- | ---: | ---: | --- | --- |")
        for row in ROWS:
            def mean(name):
                return statistics.mean(r[name] for r in self.results[row])

            def each(name):
                return ", ".join(f"{r[name]:.3f}" for r in self.results[row])

            print(f"| {row} | {mean('p'):.3f} | {each('p')} | {mean('right'):.3f} | {mean('recall_at_5'):.3f} "
                  f"| {each('recall_at_5')} | {PAPER[row][0]}, {PAPER[row][1]} |")


if __name__ == "__main__":
    sys.exit(main())
