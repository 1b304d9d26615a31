"""The templates of letters, and the blocks that a filled-in one is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from cxtext.cells import CONTROL
from cxtext.errors import OptionError, ReadError
from cxtext.resources import read_data

LetterKind = Literal["respondent", "theme"]
BlockKind = Literal["title", "heading", "quote", "item", "text"]

LANGUAGES = ("nl", "en")
_MARKS: dict[str, BlockKind] = {"#": "title", "##": "heading", ">": "quote", "-": "item"}
_MARKED = re.compile(r"(##?|>|-)\s+(.*)")
_ADVICE = "Start from a template that works: cxtext letters --show-template respondent (or theme)."


@dataclass(frozen=True)
class Block:
    """A piece of a letter: its kind and its text."""

    kind: BlockKind
    text: str


@cache
def letter_texts(language: str) -> Mapping[str, Any]:
    """Templates and words of letters in a language.

    Parameters
    ----------
    language : {"nl", "en"}

    Returns
    -------
    Mapping[str, Any]

    Raises
    ------
    OptionError
        Another language.
    """
    if language not in LANGUAGES:
        msg = f"There are no letters in language {language!r}. Choose one of: {', '.join(LANGUAGES)}."
        raise OptionError(msg)
    texts: Mapping[str, Any] = read_data("letters", f"{language}.yaml")
    return texts


def template_text(kind: LetterKind, *, language: str = "nl", path: str | Path | None = None) -> str:
    """Text of a template: one's own, or the one that comes with cxtext.

    Parameters
    ----------
    kind : {"respondent", "theme"}
    language : {"nl", "en"}
    path : str or pathlib.Path, optional
        Of a file in UTF-8.

    Returns
    -------
    str

    Raises
    ------
    ReadError
        The file cannot be read.

    Examples
    --------
    >>> template_text("theme", language="en").splitlines()[0]
    '# {{ theme.name }}: what we heard, and what happens with it'
    """
    if path is None:
        return str(letter_texts(language)[kind])
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = f"the template cannot be read ({error.strerror or error})"
        raise ReadError(str(path), reason, "Check the path, and that you may read the file.") from error
    except UnicodeError as error:
        raise ReadError(str(path), "the template is no text in UTF-8", "Save it as UTF-8.") from error


def render_letter(template: str, values: Mapping[str, Any]) -> list[Block]:
    r"""Fill in a template, and read what it says as blocks.

    Parameters
    ----------
    template : str
        Jinja2, in a sandbox. A line that starts with ``#``, ``##``, ``>`` or ``-`` is a title, a heading, a quote or
        an item; what is filled in can be none of these, as it stays within its line.
    values : Mapping[str, Any]
        What can be filled in.

    Returns
    -------
    list of Block

    Raises
    ------
    OptionError
        The template is wrong, or asks for what there is not; the message names the line where it is known.

    Examples
    --------
    >>> render_letter("# Dag {{ name }}\n\nDank\nu wel.", {"name": "\n# u"})
    [Block(kind='title', text='Dag # u'), Block(kind='text', text='Dank u wel.')]
    """
    try:
        text = _compiled(template).render(**values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        known = ", ".join(sorted(values))
        msg = f"The template of the letters cannot be filled in{where}: {error}. There is: {known}. {_ADVICE}"
        raise OptionError(msg) from error
    blocks: list[Block] = []
    open_ = False
    for line in map(str.strip, text.splitlines()):
        marked = _MARKED.fullmatch(line)
        if marked:
            blocks.append(Block(_MARKS[marked[1]], marked[2]))
        elif line and open_:
            blocks[-1] = Block("text", f"{blocks[-1].text} {line}")
        elif line:
            blocks.append(Block("text", line))
        open_ = bool(line) and not marked
    return blocks


@lru_cache(maxsize=8)
def _compiled(template: str) -> Template:
    """Template ready to be filled in: one serves for all letters."""
    return _environment().from_string(template)


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: " ".join(CONTROL.sub("", str(value)).split()),
    )
