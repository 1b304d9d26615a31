"""What is known of documents, respondents and turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Text, cast, select

from cxtext.project import schema
from cxtext.project.database import told


@dataclass(frozen=True)
class Attributes:
    """Attributes of a study, by what they belong to.

    Attributes
    ----------
    cases, documents : Mapping[str, Mapping[str, str]]
        By id, name to value. A document has what plays a part (``nps``, ``wave``, ...) also under that name.
    turns : Mapping[tuple of (str, int), Mapping[str, str]]
        By document and number; only turns that have some.

    Examples
    --------
    >>> known = Attributes({"r1": {"age": "40"}}, {"a": {"wave": "1"}}, {("a", 3): {"wave": "2"}})
    >>> known.value("wave", "a", 0, "r1"), known.value("wave", "a", 3, "r1"), known.value("age", "a", 3, "r1")
    ('1', '2', '40')
    """

    cases: Mapping[str, Mapping[str, str]]
    documents: Mapping[str, Mapping[str, str]]
    turns: Mapping[tuple[str, int], Mapping[str, str]]

    @property
    def names(self) -> list[str]:
        """Names of all attributes, sorted."""
        return sorted({name for some in self._all() for name in some})

    def values(self, name: str) -> list[str]:
        """Values of an attribute that there are, sorted."""
        return sorted({some[name] for some in self._all() if some.get(name)})

    def value(self, name: str, document: str, turn: int, case: str) -> str:
        """Value for a turn: its own, else that of the document, else that of the respondent; ``""`` for none."""
        found = (some.get(name, "") for some in self._of(document, turn, case))
        return next(filter(None, found), "")

    def _all(self) -> Iterator[Mapping[str, str]]:
        yield from (*self.cases.values(), *self.documents.values(), *self.turns.values())

    def _of(self, document: str, turn: int, case: str) -> Iterator[Mapping[str, str]]:
        yield self.turns.get((document, turn), {})
        yield self.documents.get(document, {})
        yield self.cases.get(case, {})


@told("the study", reading=True)
def read_attributes(connection: Connection) -> Attributes:
    """Attributes of all documents, respondents and turns."""
    document, turn, case = schema.documents, schema.turns, schema.cases
    rows = connection.execute(select(document.c.id, document.c.attributes, document.c.columns)).all()
    parts = {id: {name: part for part, name in columns.items()} for id, _, columns in rows}
    query = select(turn.c.document, turn.c.number, turn.c.attributes).where(cast(turn.c.attributes, Text) != "{}")
    return Attributes(
        cases={id: dict(values) for id, values in connection.execute(select(case.c.id, case.c.attributes))},
        documents={id: _named(attributes, parts[id]) for id, attributes, _ in rows},
        turns={(id, number): _named(values, parts.get(id, {})) for id, number, values in connection.execute(query)},
    )


def _named(attributes: Mapping[str, str], parts: Mapping[str, str]) -> dict[str, str]:
    return {**{parts[name]: value for name, value in attributes.items() if name in parts}, **attributes}
