"""The list of packages that `make sbom` writes: all that the application installs, and its hashes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parent.parent.parent
PACKAGE = re.compile(r"^([\w.-]+)==([^\s;\\]+)[^\n]*\\\n((?:    --hash=\S+[ \\]*\n?)+)", re.M)
UNREACHABLE = ("error sending request", "Failed to fetch", "dns error")


@pytest.mark.heavy
def test_it_names_every_package_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    made = subprocess.run(
        ["make", "-s", "-o", ".venv/.installed", "sbom", f"SBOM={file}", f"BIN={BIN}"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if made.returncode and any(said in made.stderr for said in UNREACHABLE):
        pytest.skip("The package registry cannot be reached, from which the command takes its tool.")
    assert made.returncode == 0, made.stderr

    said = json.loads(file.read_text())
    assert (said["bomFormat"], said["metadata"]["component"]["name"]) == ("CycloneDX", "onefold")
    named = {
        (one["name"], one["version"]): {
            hash["content"] for at in one["externalReferences"] for hash in at.get("hashes", ())
        }
        for one in said["components"]
    }
    pinned = PACKAGE.findall((ROOT / "requirements.txt").read_text())
    assert named == {
        (name, version): set(re.findall(r"sha256:(\w+)", hashes)) for name, version, hashes in pinned
    }
    assert len(named) > 20
