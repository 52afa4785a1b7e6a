"""Write requirements.txt (what learners, Binder and CI install) and tools/requirements.txt.

Both are resolved for every system at once by uv, with markers and without hashes; the second holds
only what the development extra adds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOLVE = (
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"),
    *("--python-version", "3.11", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)


def main() -> None:
    """Resolve twice, the second time held to the first."""
    learner = resolve()
    (ROOT / "requirements.txt").write_text("".join(learner) + "-e .\n", encoding="utf-8")
    held = ROOT / "build" / "held.txt"
    held.parent.mkdir(exist_ok=True)
    held.write_text("".join(learner), encoding="utf-8")
    added = [line for line in resolve("--extra", "dev", "-c", str(held)) if line not in learner]
    (ROOT / "tools" / "requirements.txt").write_text("".join(added), encoding="utf-8")


def resolve(*more: str) -> list[str]:
    """The pins, a line each."""
    done = subprocess.run([*RESOLVE, *more], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines(keepends=True)


if __name__ == "__main__":
    main()
