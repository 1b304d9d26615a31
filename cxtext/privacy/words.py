"""The lists of ``data/privacy``, and the patterns made of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cxtext.resources import data_path, read_data


@cache
def lists() -> dict[str, Any]:
    """Read ``data/privacy/words.yaml``."""
    words: dict[str, Any] = read_data("privacy", "words.yaml")
    return words


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Pattern of a list: any of its regular expressions, in capitals or not."""
    return re.compile("|".join(f"(?:{part})" for part in lists()["patterns"][name]), re.I)


@cache
def names(name: str) -> frozenset[str]:
    """Read a list of names (``first_names``, ``surnames``, ``places``, ``brands``), in small letters."""
    lines = data_path("privacy", f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))
