"""Search in a study: words, regular expressions and codes, by coder, attribute, speaker and document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnClause, ColumnElement, Connection, and_, column, or_, select, table, text

from cxtext.errors import OptionError
from cxtext.project import frames, schema
from cxtext.project.attributes import read_attributes
from cxtext.project.database import among
from cxtext.project.expression import ExpressionError, find_all
from cxtext.project.names import choose, paths_of
from cxtext.project.query import Query, find, fts5, parse_query, tsquery
from cxtext.records import ROLES
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.project.project import Project
    from cxtext.project.view import View

#: one row per place that was found; ``match`` is ``text[start - text_start : end - text_start]``
HITS: dict[str, str] = {
    "document": TEXT, "name": TEXT, "case": TEXT, "turn": "int64", "speaker": TEXT, "role": TEXT,
    "start": "int64", "end": "int64", "match": TEXT, "text_start": "int64", "text": TEXT, "codes": TEXT,
}  # fmt: skip
#: what a saved search holds: arguments of `search`
CRITERIA = ("words", "regex", "codes", "coders", "attributes", "speakers", "roles", "cases", "documents")

Hit = dict[str, Any]
_Turn = Mapping[str, Any]
#: turns are fetched in pieces that grow, so that the first hits come soon
_FIRST, _PIECE = 64, 512
_NONE: Mapping[str, str] = MappingProxyType({})


def search(
    project: View,
    words: str = "",
    *,
    regex: str = "",
    codes: Iterable[str] = (),
    coders: Iterable[str] = (),
    attributes: Mapping[str, str] = _NONE,
    speakers: Iterable[str] = (),
    roles: Iterable[str] = (),
    cases: Iterable[str] = (),
    documents: Iterable[str] = (),
    limit: int | None = 1000,
    context: int = 60,
    seen_by: str | None = None,
) -> pd.DataFrame:
    """Find words or a regular expression in what was said, or, without these, what was coded.

    Parameters
    ----------
    project : Project
    words : str
        See `cxtext.project.query.parse_query`. All of it has to hold for one turn.
    regex : str
        In the syntax of `re`, within one turn; case does not matter unless in ``(?-i:...)``. It is given up when it
        takes too long.
    codes : iterable of str
        ``group/code``, or a group or a code alone: only what (also) has one of these codes.
    coders : iterable of str
        Only what was coded by one of these.
    attributes : Mapping[str, str]
        Only where the turn, its document or its respondent has these values.
    speakers, roles, cases, documents : iterable of str
        Only turns of these; documents by id or name.
    limit : int or None
        At most so many hits; None is all.
    context : int
        About so many characters before and after a hit, within its turn.
    seen_by : str, optional
        A coder who codes blind: codings that this coder does not see yet do not count.

    Returns
    -------
    pandas.DataFrame
        `HITS`, in the order of the documents and of the text. ``start`` and ``end`` are the place in the document in
        code points, ``text`` is the document's text from ``text_start`` on, ``codes`` are those that touch the hit and
        were not rejected. A coded stretch outside all turns has turn -1.

    Raises
    ------
    OptionError
        There is nothing to look for, it cannot be understood, or something is named that the study does not have.
    """
    codes, coders = list(codes), list(coders)
    for name, number in (("limit", limit), ("context", context)):
        if number is not None and (not isinstance(number, int) or number < 0):
            raise OptionError(f"{name} is a number from 0, not {number!r}.")
    if words.strip() and regex:
        raise OptionError("Words and a regular expression cannot be searched at once. Give one of them.")
    if not (words.strip() or regex or codes or coders):
        raise OptionError("There is nothing to look for. Give words, a regular expression, a code or a coder.")
    query = parse_query(words) if words.strip() else None
    with project._read() as connection:
        where = _conditions(connection, speakers=speakers, roles=roles, cases=cases, documents=documents)
        fits = _fitting(connection, attributes)
        coded = _coded(connection, codes, coders, seen_by)
        narrow = bool(codes or coders)
        if query:
            hits = _by_words(_turns(connection, where, fits, query), query, context)
        elif regex:
            hits = _by_regex(list(_turns(connection, where, fits)), regex, context, None if narrow else limit)
        else:
            hits = _by_code(connection, coded, where, fits if attributes else None, context)
        if narrow and (query or regex):
            joined = cache(lambda document: _joined(coded(document)))
            hits = (hit for hit in hits if _touches(joined(hit["document"]), hit))
        found = list(islice(hits, limit))
        for at in range(0, len(found), _PIECE):
            _add_codes(connection, found[at : at + _PIECE], seen_by)
        return make_table(found, HITS)


def saved_searches(project: View) -> dict[str, dict[str, Any]]:
    """Searches that are kept with a study: name to arguments of `search`."""
    kept = project.settings.get("searches") or {}
    return {name: {key: query[key] for key in CRITERIA if query.get(key)} for name, query in kept.items()}


def save_search(project: Project, name: str, criteria: Mapping[str, Any] | None) -> None:
    """Keep a search with a study under a name, in the place of one of the same name; None forgets it.

    Parameters
    ----------
    project : Project
    name : str
    criteria : Mapping[str, Any] or None
        Arguments of `search`, of `CRITERIA`; empty ones are left out.

    Raises
    ------
    OptionError
        The name is empty, or there is no search of this name to forget.
    """
    searches = saved_searches(project)
    if criteria is None:
        searches.pop(choose("saved search", [name], searches)[0])
    elif name.strip():
        searches[name] = {key: criteria[key] for key in CRITERIA if criteria.get(key)}
    else:
        raise OptionError("A saved search needs a name.")
    project.set(searches=searches or None)


def _conditions(
    connection: Connection,
    *,
    speakers: Iterable[str],
    roles: Iterable[str],
    cases: Iterable[str],
    documents: Iterable[str],
) -> list[ColumnElement[bool]]:
    """Which turns are searched."""
    place, document = schema.turns, schema.documents
    conditions: list[ColumnElement[bool]] = []
    for column_of, what, wanted in ((place.c.speaker, "speaker", speakers), (place.c.case, "respondent", cases)):
        if names := list(wanted):
            known = connection.execute(select(column_of).distinct()).scalars()
            conditions.append(column_of.in_(choose(what, names, known)))
    if names := list(roles):
        conditions.append(place.c.role.in_(choose("role", names, ROLES)))
    if names := list(documents):
        rows = connection.execute(select(document.c.id, document.c.name)).all()
        chosen = set(choose("document", names, (name for row in rows for name in row)))
        conditions.append(among(connection, place.c.document, [id for id, name in rows if {id, name} & chosen]))
    return conditions


def _fitting(connection: Connection, attributes: Mapping[str, str]) -> Callable[[_Turn], bool]:
    """Whether a turn has the values that are asked for."""
    if not attributes:
        return lambda turn: True
    known = read_attributes(connection)
    names = {choose("attribute", [name], known.names)[0]: value for name, value in attributes.items()}
    wanted = {name: choose(name, [value], known.values(name)) for name, value in names.items()}
    return lambda turn: all(
        known.value(name, turn["document"], turn["number"], turn["case"]) in values for name, values in wanted.items()
    )


def _coded(
    connection: Connection, codes: Sequence[str], coders: Sequence[str], seen_by: str | None
) -> Callable[[str], list[tuple[int, int]]]:
    """What gives the stretches of a document that have some codes by some coders, sorted."""
    place = schema.codings
    query = select(place.c.start, place.c.end).distinct().where(place.c.status != "rejected", frames.seen_by(seen_by))
    if codes:
        paths = paths_of(frames.current_codebook(connection), codes)
        query = query.where((place.c.group + "/" + place.c.code).in_(sorted(paths)))
    if coders:
        known = connection.execute(select(schema.coders.c.id)).scalars()
        query = query.where(place.c.coder.in_(choose("coder", coders, known)))
    query = query.order_by(place.c.start, place.c.end)

    @cache
    def stretches(document: str) -> list[tuple[int, int]]:
        found = connection.execute(query.where(place.c.document == document))
        return [(start, end) for start, end in found]

    return stretches


def _turns(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    fits: Callable[[_Turn], bool],
    query: Query | None = None,
) -> Iterator[_Turn]:
    """Turns in their order, with their text; of a query those that may fit, by the index of the database."""
    server = connection.dialect.name == "postgresql"
    key: ColumnClause[int] = column("row" if server else "rowid")
    words = table("words", key, column("text"))
    place, document = schema.turns, schema.documents
    ids = select(place.c.row).join(document, document.c.id == place.c.document).where(*conditions)
    if query and (wanted := tsquery(query) if server else fts5(query)):
        match = text("vector @@ to_tsquery('simple', :query)" if server else "words MATCH :query")
        found = match.bindparams(query=wanted)
        ids = ids.join(words, key == place.c.row).where(found)
    rows = connection.execute(ids.order_by(document.c.position, place.c.number)).scalars()
    columns = (
        place.c.document,
        document.c.name,
        place.c.number,
        place.c.start,
        place.c.speaker,
        place.c.role,
        place.c.case,
    )
    full = select(place.c.row, *columns, words.c.text).join(words, key == place.c.row)
    full = full.join(document, document.c.id == place.c.document)
    size = _FIRST
    while piece := rows.fetchmany(size):
        size = min(2 * size, _PIECE)
        by_row: dict[int, _Turn] = {
            turn["row"]: dict(turn) for turn in connection.execute(full.where(place.c.row.in_(piece))).mappings()
        }
        yield from filter(fits, (by_row[row] for row in piece))


def _by_words(turns: Iterable[_Turn], query: Query, context: int) -> Iterator[Hit]:
    for turn in turns:
        for start, end in find(query, turn["text"]):
            yield _hit(turn, start, end, context)


def _by_regex(turns: Sequence[_Turn], regex: str, context: int, limit: int | None) -> Iterator[Hit]:
    try:
        found = find_all(regex, [turn["text"] for turn in turns], limit=limit)
    except ExpressionError as error:
        msg = f"The regular expression {regex!r} cannot be searched: {error}. Make it simpler, or search words."
        raise OptionError(msg) from error
    return (_hit(turns[number], start, end, context) for number, start, end in found)


def _by_code(
    connection: Connection,
    coded: Callable[[str], Sequence[tuple[int, int]]],
    conditions: Sequence[ColumnElement[bool]],
    fits: Callable[[_Turn], bool] | None,
    context: int,
) -> Iterator[Hit]:
    """The coded stretches themselves, each in the turn in which it starts."""
    place, document = schema.turns, schema.documents
    for id in connection.execute(select(document.c.id).order_by(document.c.position)).scalars().all():
        if not (stretches := coded(id)):
            continue
        name, whole = connection.execute(select(document.c.name, document.c.text).where(document.c.id == id)).one()
        turns = connection.execute(
            select(place).where(place.c.document == id, *conditions).order_by(place.c.start)
        ).mappings().all()  # fmt: skip
        starts = [turn["start"] for turn in turns]
        for start, end in stretches:
            turn = dict(turns[at]) if (at := bisect_right(starts, start) - 1) >= 0 else None
            if turn and start < turn["end"] and (fits is None or fits(turn)):
                said = {**turn, "name": name, "text": whole[turn["start"] : max(turn["end"], end)]}
                yield _hit(said, start - turn["start"], end - turn["start"], context)
            elif not conditions and fits is None and not (turn and start < turn["end"]):
                apart = {"document": id, "number": -1, "speaker": "", "role": "", "case": ""}
                yield _hit({**apart, "name": name, "start": 0, "text": whole}, start, end, context)


def _hit(turn: _Turn, start: int, end: int, context: int) -> Hit:
    """One hit, by its place in the turn, with whole words around it."""
    said = turn["text"]
    left, right = max(0, start - context), min(len(said), end + context)
    if left:
        left = said.find(" ", left, start) + 1 or left
    if right < len(said) and (space := said.rfind(" ", end, right)) >= 0:
        right = space
    first = turn["start"]
    return {
        "document": turn["document"], "name": turn["name"], "case": turn["case"], "turn": turn["number"],
        "speaker": turn["speaker"], "role": turn["role"], "start": first + start, "end": first + end,
        "match": said[start:end], "text_start": first + left, "text": said[left:right], "codes": "",
    }  # fmt: skip


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted stretches as ones that do not overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _touches(stretches: Sequence[tuple[int, int]], hit: Hit) -> bool:
    """Whether a hit shares a character with stretches that do not overlap."""
    at = bisect_right(stretches, (hit["start"], hit["start"]))
    before = at > 0 and stretches[at - 1][1] > hit["start"]
    return before or (at < len(stretches) and stretches[at][0] < hit["end"])


def _add_codes(connection: Connection, hits: Sequence[Hit], seen_by: str | None) -> None:
    """Fill in the codes that touch some hits, which are sorted by document."""
    by_document = {id: list(some) for id, some in groupby(hits, key=lambda hit: hit["document"])}
    place = schema.codings
    places = [
        and_(
            place.c.document == id,
            place.c.start < max(hit["end"] for hit in some),
            place.c.end > min(hit["start"] for hit in some),
        )
        for id, some in by_document.items()
    ]
    query = select(place.c.document, place.c.start, place.c.end, place.c.group, place.c.code)
    query = query.where(or_(*places), place.c.status != "rejected", frames.seen_by(seen_by))
    found: dict[tuple[str, int, int], set[str]] = {}
    for id, start, end, group, code in connection.execute(query):
        for hit in by_document[id]:
            if start < hit["end"] and hit["start"] < end:
                found.setdefault((id, hit["start"], hit["end"]), set()).add(f"{group}/{code}")
    for hit in hits:
        hit["codes"] = "; ".join(sorted(found.get((hit["document"], hit["start"], hit["end"]), ())))
