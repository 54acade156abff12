"""`.origin.json`: which version a project was made of, and with which arguments."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = ".origin.json"


@dataclass(frozen=True)
class Origin:
    name: str
    title: str
    samples: list[str]
    benchmarks: bool
    version: str
    commit: str

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Origin":
        return cls.read_text((folder / FILE).read_text(encoding="utf-8"))

    @classmethod
    def read_text(cls, text: str) -> "Origin":
        return cls(**json.loads(text))

    def arguments(self) -> list[str]:
        """What `python -m api new` takes to make the project anew."""
        said = ["--title", self.title, "--with", ",".join(self.samples) or "none"]
        return [*said, *["--benchmarks"] * self.benchmarks]
