"""What goes wrong: one message, and the exit code of the command line."""

from __future__ import annotations

#: Exit code for a file or a program that is not there.
MISSING = 4


class TrexError(Exception):
    """A message for the user; ``exit_code``: 1 failed, 2 usage, 3 invalid file, 4 missing file, 130 interrupted."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code
