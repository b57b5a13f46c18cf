"""Results as the command line prints them: dicts and lists, and DataFrames where pandas is there."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Union

from .errors import MISSING, TrexError

Row = Dict[str, Any]


def flat(value: Mapping[str, Any], prefix: str = "") -> Row:
    """Nested dicts as one, with dots between their keys; lists are left out."""
    row: Row = {}
    for key, one in value.items():
        if isinstance(one, Mapping):
            row.update(flat(one, f"{prefix}{key}."))
        elif not isinstance(one, list):
            row[f"{prefix}{key}"] = one
    return row


def _frame(rows: Iterable[Row]) -> Any:
    try:
        import pandas
    except ImportError as error:
        raise TrexError("frame() needs pandas: pip install pandas; rows() gives plain dicts") from error
    return pandas.DataFrame(list(rows))


class Result(Dict[str, Any]):
    """One JSON object of the command line, under its own keys, in SI units."""

    #: Keys whose list is what the result is a table of.
    TABLES = ("subjects", "rows", "points", "front")

    def rows(self) -> List[Row]:
        """A flat dict for each chip of a comparison, point of a sweep and so on; one for anything else."""
        for key in self.TABLES:
            table = self.get(key)
            if isinstance(table, list) and all(isinstance(one, Mapping) for one in table):
                return [flat(one) for one in table]
        return [flat(self)]

    def frame(self) -> Any:
        """``rows()`` as a pandas DataFrame. Raises TrexError without pandas."""
        return _frame(self.rows())


class Table(List[Row]):
    """Many JSON objects, a row each."""

    def rows(self) -> List[Row]:
        return [flat(row) for row in self]

    def frame(self) -> Any:
        """A pandas DataFrame with a column for each path. Raises TrexError without pandas."""
        return _frame(self.rows())


def parse_lines(text: str, name: str) -> Table:
    """JSON lines; a last one that has no end is still being written, and left out. Raises TrexError (3) that names the line."""
    table = Table()
    # Not splitlines(), for which texts inside a line may end it.
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise TrexError(f"{name}:{number}: not a JSON object: {error}", 3) from error
        if not isinstance(row, dict):
            raise TrexError(f"{name}:{number}: expected a JSON object", 3)
        table.append(row)
    return table


def parse_table(text: str, name: str) -> Table:
    """A JSON array of objects. Raises TrexError (3)."""
    rows = _json(text, name)
    if not isinstance(rows, list):
        raise TrexError(f"{name}: expected a JSON array", 3)
    return Table(rows)


def parse_result(text: str, name: str) -> Result:
    """One JSON object. Raises TrexError (3)."""
    value = _json(text, name)
    if not isinstance(value, dict):
        raise TrexError(f"{name}: expected a JSON object", 3)
    return Result(value)


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise TrexError(f"{name}: not JSON: {error}", 3) from error


def _number(text: str) -> Any:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def load(path: Union[str, "os.PathLike[str]"]) -> Union[Result, Table]:
    """A file that trex has written (.json, .ndjson, .csv), or the result of a folder: result.json, else results.ndjson.

    Raises TrexError: not there (4), or nothing that trex writes (3).
    """
    file = Path(path)
    if file.is_dir():
        names = ("result.json", "results.ndjson")
        inside = [file / name for name in names if (file / name).is_file()]
        if not inside:
            raise TrexError(f"{file}: has no {' or '.join(names)}", MISSING)
        file = inside[0]
    if file.suffix not in (".json", ".ndjson", ".csv"):
        raise TrexError(f"{file}: expected a file that ends in .json, .ndjson or .csv", 3)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TrexError(f"{file}: no such file", MISSING) from error
    except (OSError, UnicodeDecodeError) as error:
        raise TrexError(f"{file}: cannot be read: {error}", 3) from error
    if file.suffix == ".json":
        return parse_result(text, str(file))
    if file.suffix == ".ndjson":
        return parse_lines(text, str(file))
    return Table({key: _number(one) for key, one in row.items()} for row in csv.DictReader(io.StringIO(text, newline="")))
