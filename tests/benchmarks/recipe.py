"""Several runs of realm-train in one workspace, one after the other, that can be stopped and gone on with."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "release" / "bin"


class Recipe:
    def __init__(self, work, bin_folder):
        self.work = Path(work).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.bin = Path(bin_folder).resolve()
        self.workspace = self.work / "workspace"
        self.models = self.workspace / "models"

    def realm(self, *line):
        """What the command prints."""
        command = [str(self.bin / "realm"), "--workspace", str(self.workspace), "--quiet", *map(str, line)]
        return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout

    def make_workspace(self, *files, options=()):
        """An empty workspace into which the files are imported; nothing where it is there already."""
        if not (self.workspace / "workspace.json").exists():
            subprocess.run([self.bin / "realm", "init", self.workspace], check=True, stdout=subprocess.DEVNULL)
        self.realm("import", *files, *options)

    def phase(self, name, task, preset="starter", **settings):
        """One run, unless its model is there; a run that was stopped goes on. Returns its id."""
        note = self.work / f"{name}.run"
        if (self.models / name).is_dir():
            return note.read_text()
        print(f"== {name}", file=sys.stderr)
        if note.exists():
            self.realm("train", "--resume", note.read_text())
            return note.read_text()
        line = ["--json", "train", task, "--preset", preset, "--detach"]
        for key, value in {**settings, "output_model": name}.items():
            line += ["--set", f"{key}={value}"]
        run = json.loads(self.realm(*line))["run"]
        note.write_text(run)
        self.realm("runs", "follow", run)
        if not (self.models / name).is_dir():
            sys.exit(f"The run {run} of {name} did not finish; realm runs show {run} says why.")
        return run
