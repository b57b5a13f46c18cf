"""Runs the code cells of a notebook from top to bottom, as one script, without Jupyter: ``python3 run_notebook.py FILE.ipynb``."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def cells(path: Path) -> list[str]:
    """The code of each code cell. Raises ValueError for what only a notebook understands."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, text in enumerate(code, 1):
        magic = [line for line in text.splitlines() if line.lstrip().startswith(("%", "!"))]
        if magic:
            raise ValueError(f"{path}: cell {number}: {magic[0]!r} is no Python")
    return code


def main(path: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for number, text in enumerate(cells(path), 1):
        exec(compile(text, f"{path}, cell {number}", "exec"), names)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
