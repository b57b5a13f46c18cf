"""Python front of trex-sim: starts ``trex ... --json``, streams its progress, gives dicts and DataFrames.

    import trex_sim as trex

    result = trex.run("trex", "deit-s", reuse="strided:5")
    print(result["latency_s"], result["energy_J"], result["area_m2"])
"""

from . import evaluator
from .commands import accuracy, compare, optimize, run, sweep, train, xbar
from .errors import TrexError
from .process import Progress, find
from .results import Result, Table, load

__version__ = "0.1.0"

__all__ = [
    "Progress",
    "Result",
    "Table",
    "TrexError",
    "accuracy",
    "compare",
    "evaluator",
    "find",
    "load",
    "optimize",
    "run",
    "sweep",
    "train",
    "xbar",
]
