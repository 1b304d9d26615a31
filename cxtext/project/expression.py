"""A regular expression over many texts, run as a program of its own: one that takes for ever can be ended."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice

#: seconds after which an expression is given up
PATIENCE = 20.0


class ExpressionError(Exception):
    """What is wrong with an expression."""


def find_all(
    pattern: str, texts: Sequence[str], *, limit: int | None = None, patience: float = PATIENCE
) -> list[tuple[int, int, int]]:
    """Find a regular expression in texts, in a process of its own.

    Parameters
    ----------
    pattern : str
        In the syntax of `re`; case does not matter, unless in ``(?-i:...)``.
    texts : sequence of str
    limit : int, optional
        At most so many.
    patience : float
        Seconds.

    Returns
    -------
    list of (int, int, int)
        Number of the text, start and end; empty matches are left out.

    Raises
    ------
    ExpressionError
        The pattern is none, or it took too long.

    Examples
    --------
    >>> find_all("wacht(en)?", ["Lang wachten", "Niets", "Wacht!"])
    [(0, 5, 12), (2, 0, 5)]
    """
    given = json.dumps({"pattern": pattern, "limit": limit, "texts": texts}).encode()
    command = [sys.executable, "-I", "-S", "-W", "ignore", __file__]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired as error:
        msg = f"it took more than {patience:g} seconds; patterns such as (a+)+ take for ever"
        raise ExpressionError(msg) from error
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        msg = "it needs more memory than there is"
        raise ExpressionError(msg) from error
    if isinstance(found, str):
        raise ExpressionError(found)
    return [(number, start, end) for number, start, end in found]


def _main() -> None:
    given = json.load(sys.stdin.buffer)
    found: object
    try:
        pattern = re.compile(given["pattern"], re.IGNORECASE)
        spans = (
            (number, *match.span())
            for number, text in enumerate(given["texts"])
            for match in pattern.finditer(text)
            if match.end() > match.start()
        )
        found = list(islice(spans, given["limit"]))
    except (re.error, RecursionError, OverflowError) as error:
        found = str(error)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    _main()
