"""Finds the command ``trex``, starts it, and reads what it says while it works."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from .errors import MISSING, TrexError

#: Options that are given once for each of their values; lists of others are joined with commas.
REPEATED = frozenset({"set", "iso", "allow"})

_PROGRESS = re.compile(r"^(?P<label>.*): (?P<done>\d+) of (?P<total>\d+) (?P<unit>\S+) \(\d+ %\)")
_NO_ERROR = re.compile(r"^(warning: |inputs  )")

Program = Union[str, "os.PathLike[str]", Sequence[str]]


@dataclass(frozen=True)
class Progress:
    """How far a command is: ``done`` of ``total`` ``unit`` in the part ``label``."""

    label: str
    done: int
    total: int
    unit: str


OnProgress = Callable[[Progress], None]


def find(program: Optional[Program] = None) -> list[str]:
    """The words that start ``trex``: the argument, ``TREX_BIN``, the clone that this file lies in, or ``trex`` of the PATH.

    Raises TrexError (4) where there is none.
    """
    named: Optional[Program] = program if program is not None else os.environ.get("TREX_BIN") or None
    if named is not None:
        if not isinstance(named, (str, os.PathLike)):
            return [str(word) for word in named]
        text = os.fspath(named)
        if not Path(text).is_file() and shutil.which(text) is None:
            origin = "TREX_BIN" if program is None else "the argument program"
            raise TrexError(f"{text}: no such program, as {origin} names it", MISSING)
        # The command may be started in another folder than the one that a path is relative to.
        if os.path.dirname(text) or text.endswith(".js"):
            text = os.path.abspath(text)
        return [_node(), text] if text.endswith(".js") else [text]
    clone = Path(__file__).resolve().parents[2] / "dist" / "node" / "trex.js"
    if clone.is_file():
        return [_node(), str(clone)]
    installed = shutil.which("trex")
    if installed is not None:
        return [installed]
    raise TrexError(
        "trex is not found: build the clone (npm ci && npm run build), install the package (npm install -g trex-sim), "
        "or name the program in TREX_BIN",
        MISSING,
    )


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        raise TrexError("node is not found: trex needs Node 20.19 or later in the PATH", MISSING)
    return node


def words(options: Mapping[str, Any]) -> list[str]:
    """Options as the command line has them: ``weight_bits=6`` is ``--weight-bits=6``, ``True`` a switch, ``None`` nothing.

    ``set`` takes a dict of path to value as well.
    """
    said: list[str] = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None:
            continue
        if isinstance(value, bool):
            said.append(flag if value else "--no-" + flag[2:])
        elif isinstance(value, Mapping):
            said += [f"{flag}={path}={_text(one)}" for path, one in value.items()]
        elif isinstance(value, (list, tuple, range, set, frozenset)):
            texts = [_text(one) for one in value]
            said += [f"{flag}={one}" for one in texts] if name in REPEATED else [f"{flag}={','.join(texts)}"]
        else:
            said.append(f"{flag}={_text(value)}")
    return said


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def start(
    arguments: Sequence[str],
    *,
    program: Optional[Program] = None,
    cwd: Optional[Union[str, "os.PathLike[str]"]] = None,
    on_progress: Optional[OnProgress] = None,
) -> str:
    """Runs ``trex`` with these arguments and gives its stdout.

    Raises TrexError with what it says on stderr and its exit code; Ctrl-C is passed on, and raises KeyboardInterrupt. What
    ``on_progress`` raises ends the command as Ctrl-C does, and is raised.
    """
    command = [*find(program), *arguments]
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            # What another program says must not hide that it failed.
            errors="replace",
        )
    except OSError as error:
        if cwd is not None and not Path(cwd).is_dir():
            raise TrexError(f"{os.fspath(cwd)}: no such folder, as the argument cwd names it", MISSING) from error
        raise TrexError(f"{command[0]}: cannot be started: {error.strerror}", MISSING) from error
    said: list[str] = []
    raised: list[BaseException] = []

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            text = line.rstrip("\n")
            found = _PROGRESS.match(text)
            if found is None:
                said.append(text)
            elif on_progress is not None and not raised:
                try:
                    on_progress(Progress(found["label"], int(found["done"]), int(found["total"]), found["unit"]))
                except BaseException as error:  # raised again by the caller's thread; stderr must still be read
                    raised.append(error)
                    process.send_signal(signal.SIGINT)

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        assert process.stdout is not None
        out = process.stdout.read()
        code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    finally:
        listener.join(timeout=10)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    if raised:
        raise raised[0]
    if code != 0:
        lines = [line for line in said if line and not _NO_ERROR.match(line)]
        raise TrexError("\n".join(lines) or f"trex ended with exit code {code}", code)
    return out
