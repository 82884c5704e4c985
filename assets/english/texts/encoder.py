"""Writes the published encoder as two model folders: body, for readers, and vectors, whose config says how it embeds."""
import json
import pathlib
import shutil
import sys


def main():
    folder, out = map(pathlib.Path, sys.argv[1:])
    base = json.loads((pathlib.Path(__file__).parent.parent / "models" / "base.json").read_text(encoding="utf-8"))
    config = json.loads((folder / base["weights"]).with_name("config.json").read_text(encoding="utf-8"))
    config.update(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    vocabulary = json.loads((folder / base["tokenizer"]).read_text(encoding="utf-8"))["model"]["vocab"]
    pooled = {"retriever_pooling": "mean", "retriever_projection": "none", "retriever_normalize": True}
    for name, more in (("body", {}), ("vectors", pooled)):
        (out / name).mkdir(parents=True)
        shutil.copy(folder / base["weights"], out / name / "model.safetensors")
        (out / name / "config.json").write_text(json.dumps({**config, **more}, indent=1), encoding="utf-8")
        (out / name / "vocab.txt").write_text("".join(p + "\n" for p in sorted(vocabulary, key=vocabulary.get)), encoding="utf-8")
        (out / name / "tokenizer_config.json").write_text('{"do_lower_case": true}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
