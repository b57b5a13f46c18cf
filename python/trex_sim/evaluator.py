"""The worker of ``trex optimize --evaluator``: train candidates with PyTorch, or anything else, in a function of your own.

    from trex_sim import evaluator

    def train(job):
        ...
        return {"loss": loss, "accuracy": accuracy}

    evaluator.serve(train)
"""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass
from typing import Any, Callable, IO, Mapping, Optional, Sequence, Union

#: Of the requests that this module understands.
VERSION = 1


@dataclass(frozen=True)
class Job:
    """One candidate; docs/bring-your-own-trainer.md says what each field is."""

    id: str
    stage: str
    variation: bool
    seed: int
    network: str
    reuse: Sequence[int]
    pattern: str
    #: Share of the training data, and epochs.
    fraction: float
    epochs: int
    weights: Optional[str]
    folder: str


Answer = Union[float, Mapping[str, Any]]


def job_of(line: str) -> Job:
    """A request. Raises ValueError for another version of the protocol, KeyError for a field that is missing."""
    request = json.loads(line)
    if request["version"] != VERSION:
        raise ValueError(f"version {request['version']} of the evaluator's protocol; this package has {VERSION}")
    budget = request["budget"]
    return Job(
        id=request["id"],
        stage=request["stage"],
        variation=request["variation"],
        seed=request["seed"],
        network=request["network"],
        reuse=tuple(request["reuse"]),
        pattern=request["pattern"],
        fraction=budget["fraction"],
        epochs=budget["epochs"],
        weights=request["weights"],
        folder=request["folder"],
    )


def plain(value: Any) -> Any:
    """Scalars of numpy and PyTorch as numbers of Python; anything else as it is."""
    return value.item() if not isinstance(value, (int, float)) and hasattr(value, "item") else value


def answer_of(job_id: str, given: Answer) -> dict[str, Any]:
    """The loss, or a dict with ``loss`` and perhaps ``accuracy`` and ``weights``, as an answer; what is no such thing, as an error."""
    answer = dict(given) if isinstance(given, Mapping) else {"loss": float(given)}
    unknown = sorted(set(answer) - {"loss", "accuracy", "weights", "error"})
    if unknown:
        return {"id": job_id, "error": f"the evaluator returned {', '.join(unknown)}: known are loss, accuracy, weights"}
    for name in ("loss", "accuracy"):
        answer[name] = plain(answer.get(name))
    if answer["accuracy"] is None:
        del answer["accuracy"]
    if "error" in answer:
        answer = {"error": str(answer["error"])}
    else:
        loss = answer["loss"]
        if not isinstance(loss, (int, float)) or isinstance(loss, bool) or not math.isfinite(loss) or loss < 0:
            return {"id": job_id, "error": f"the loss is {loss!r}: expected a finite number of at least 0"}
        share = answer.get("accuracy", 0)
        if not isinstance(share, (int, float)) or isinstance(share, bool) or not -1 <= share <= 1:
            return {"id": job_id, "error": f"the accuracy is {share!r}: expected a number from -1 to 1"}
        weights = answer.get("weights")
        if weights is None:
            answer.pop("weights", None)
        else:
            answer["weights"] = os.fspath(weights)
    return {"id": job_id, **answer}


def serve(
    evaluate: Callable[[Job], Answer],
    *,
    stdin: Optional[IO[str]] = None,
    stdout: Optional[IO[str]] = None,
) -> None:
    """Answers each request until there are no more. What ``evaluate`` prints goes to stderr; what it raises costs one candidate."""
    requests = sys.stdin if stdin is None else stdin
    answers = sys.stdout if stdout is None else stdout
    before = sys.stdout
    sys.stdout = sys.stderr
    try:
        for line in requests:
            if not line.strip():
                continue
            job_id = json.loads(line)["id"]
            try:
                answer = answer_of(job_id, evaluate(job_of(line)))
            except Exception as error:  # a candidate that cannot be trained is left out; the search goes on
                answer = {"id": job_id, "error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), file=answers, flush=True)
    finally:
        sys.stdout = before
