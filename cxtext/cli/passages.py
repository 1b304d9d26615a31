"""What commands show of a study: stretches in their context, and that there are none."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from cxtext.errors import OptionError

if TYPE_CHECKING:
    from cxtext.project import Project
    from cxtext.project.review import Item


def check_documents(project: Project) -> None:
    """Refuse a study in which there is nothing to look at yet.

    Parameters
    ----------
    project : Project

    Raises
    ------
    OptionError
        It has no documents.
    """
    if not project.counts()["documents"]:
        msg = f"The study has no documents yet: cxtext add {shlex.quote(project.place)} FILES"
        raise OptionError(msg)


class Passages:
    """Shows what stands around an item.

    Parameters
    ----------
    project : Project
    """

    def __init__(self, project: Project) -> None:
        self._documents = {document.id: document for document in project.corpus()}
        self._segments = dict(list(project.segments().groupby("document")))

    def lines(self, item: Item) -> str:
        """The question, the segments before, the stretch (bold, marked with ``>``) and the segments after it."""
        from cxtext.project.review import passage

        found = passage(item, self._documents[item.document].text, self._segments[item.document])
        marks = ("»", "«") if found.head or found.tail else ("", "")
        stretch = click.style(f"{marks[0]}{found.stretch}{marks[1]}", bold=True)
        lines = [("?", "", found.prompt)] if found.prompt else []
        lines += [(" ", *line) for line in found.before]
        lines += [(">", found.speaker, f"{found.head}{stretch}{found.tail}")]
        lines += [(" ", *line) for line in found.after]
        return "\n".join(f"  {mark} {f'{who}: ' if who else ''}{' '.join(text.split())}" for mark, who, text in lines)

    def place(self, item: Item) -> str:
        """Name of the document, and the place of the item among its segments."""
        segments = self._segments[item.document]
        before = int((segments["start"] < item.start).sum())
        return f"{self._documents[item.document].name}, segment {before + 1} of {len(segments)}"
