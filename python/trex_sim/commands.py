"""The commands, one function each: their options are those of the command line, with ``_`` for ``-``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

from .process import OnProgress, Program, start, words
from .results import Result, Table, load, parse_result, parse_table

Name = Union[str, "os.PathLike[str]"]


def _names(*names: Optional[Name]) -> list[str]:
    return [os.fspath(name) for name in names if name is not None]


def _call(
    arguments: Sequence[str],
    options: dict[str, Any],
    program: Optional[Program],
    cwd: Optional[Name],
    on_progress: Optional[OnProgress],
) -> str:
    return start(
        [*arguments, *words(options), "--json"], program=program, cwd=cwd, on_progress=on_progress
    )


def run(
    arch: Name,
    model: Optional[Name] = None,
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Result:
    """A network on a chip, as ``trex run``: ``run("trex", "deit-s", reuse="strided:5", set={"pe.adcBanks": 2})``."""
    said = {"model": model, **options}
    return parse_result(_call(["run", *_names(arch)], said, program, cwd, on_progress), "trex run")


def compare(
    *files: Name,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Result:
    """Technologies or architectures on one network, as ``trex compare``; ``rows()`` has one a chip."""
    return parse_result(_call(["compare", *_names(*files)], options, program, cwd, on_progress), "trex compare")


def accuracy(
    model: Name,
    data: Name,
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Result:
    """A trained network on labelled data and noisy crossbars, as ``trex accuracy``; ``rows()`` has one a swept value."""
    said = {"model": model, "data": data, **options}
    return parse_result(_call(["accuracy"], said, program, cwd, on_progress), "trex accuracy")


def xbar(
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Table:
    """Crossbars over sizes, ADCs, cells and supplies, as ``trex xbar``: ``xbar(rows=[32, 64], adc="4..8", trials=0)``."""
    return parse_table(_call(["xbar"], options, program, cwd, on_progress), "trex xbar")


def optimize(
    model: Name,
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Result:
    """The encoders that reuse attention for a target, as ``trex optimize``: ``optimize("deit-s", target_delay="7ms")``."""
    said = {"model": model, **options}
    return parse_result(_call(["optimize"], said, program, cwd, on_progress), "trex optimize")


def train(
    model: Name,
    data: Name,
    out: Name,
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Result:
    """A network on labelled data, as ``trex train``; weights and checkpoint are in the folder ``out``."""
    said = {"model": model, "data": data, "out": out, **options}
    return parse_result(_call(["train"], said, program, cwd, on_progress), "trex train")


def sweep(
    study: Union[Name, Mapping[str, Any]],
    out: Name,
    *,
    program: Optional[Program] = None,
    cwd: Optional[Name] = None,
    on_progress: Optional[OnProgress] = None,
    **options: Any,
) -> Table:
    """The points of a study, as ``trex sweep``, and the rows of its results; it goes on where it was left.

    ``study``: a file, or what stands in one as a dict; a dict is written beside the results, as ``OUT.study.yaml``.
    Raises TrexError when points failed; ``load(out)`` has the rows, those with an ``error`` among them.
    """
    folder = Path(cwd or ".")
    if isinstance(study, Mapping):
        file = os.fspath(out).rstrip("/\\") + ".study.yaml"
        # JSON is YAML.
        (folder / file).write_text(json.dumps(study, indent=2) + "\n", encoding="utf-8")
        study = file
    _call(["sweep", *_names(study)], {"out": out, **options}, program, cwd, on_progress)
    found = load(folder / os.fspath(out) / "results.ndjson")
    assert isinstance(found, Table)
    return found
