"""The column contract of every frame that passes between stages: one constructor per table, fixed dtypes.

Ids are text always (``001``, ``NA``, ``1e5`` stay what they are), also in an empty table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cxtext.errors import OptionError
from cxtext.records import Document, Turn

if TYPE_CHECKING:
    import pandas as pd

#: dtype of text columns; missing text is ``""``, never a missing value
TEXT: Final = "str"

DOCUMENTS: dict[str, str] = {
    "document": TEXT, "name": TEXT, "kind": TEXT, "source": TEXT, "language": TEXT, "case": TEXT,
    "turns": "int64", "words": "int64", "sha256": TEXT,
}  # fmt: skip
SEGMENTS: dict[str, str] = {
    "segment": TEXT, "document": TEXT, "case": TEXT, "position": "int64", "turn": "int64",
    "speaker": TEXT, "role": TEXT, "start": "int64", "end": "int64", "text": TEXT,
    "time_start": "float64", "time_end": "float64", "language": TEXT, "prompt": TEXT,
}  # fmt: skip
CODINGS: dict[str, str] = {
    "document": TEXT, "segment": TEXT, "start": "int64", "end": "int64", "group": TEXT, "code": TEXT,
    "coder": TEXT, "status": TEXT, "score": "float64", "uncertain": "bool", "evidence": TEXT, "run": TEXT,
}  # fmt: skip
THEMES: dict[str, str] = {
    "theme": TEXT, "name": TEXT, "terms": TEXT, "segments": "int64", "respondents": "int64",
    "of_respondents": "int64", "pains": "int64", "needs": "int64", "gains": "int64",
}  # fmt: skip
MEMBERS: dict[str, str] = {
    "segment": TEXT, "document": TEXT, "case": TEXT, "theme": TEXT, "similarity": "float64", "rank": "int64",
}  # fmt: skip
SUBTHEMES: dict[str, str] = {
    "subtheme": TEXT, "theme": TEXT, "name": TEXT, "terms": TEXT, "segments": "int64", "respondents": "int64",
}  # fmt: skip
NEAR: dict[str, str] = {"segment": TEXT, "theme": TEXT, "similarity": "float64"}
TRUST: dict[str, str] = {
    "theme": TEXT, "name": TEXT, "jaccard": "float64", "found": "int64", "resamples": "int64", "verdict": TEXT,
    "coherence": "float64", "distinctness": "float64", "respondents": "int64", "of_respondents": "int64",
    "low": "float64", "high": "float64",
}  # fmt: skip
THEME_DRIFT: dict[str, str] = {
    "theme": TEXT, "name": TEXT, "before": "int64", "added": "int64", "similarity_before": "float64",
    "similarity_added": "float64",
}  # fmt: skip
THEME_SHARES: dict[str, str] = {
    "theme": TEXT, "name": TEXT, "value": TEXT, "respondents": "int64", "of_respondents": "int64",
    "share": "float64", "low": "float64", "high": "float64",
}  # fmt: skip
THEME_NPS: dict[str, str] = {
    "theme": TEXT, "name": TEXT, "n": "int64", "score": "float64", "low": "float64", "high": "float64",
    "n_without": "int64", "score_without": "float64", "low_without": "float64", "high_without": "float64",
}  # fmt: skip


def make_table(
    rows: Iterable[Mapping[str, Any]] | Mapping[str, Sequence[Any] | pd.Series], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Build a frame that keeps a column contract.

    Parameters
    ----------
    rows : iterable of mappings, or mapping of columns
    columns : mapping of str to str
        Name to dtype, such as `SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        With exactly these columns, in this order and with these dtypes, also when there are no rows; a truth value
        that is not given is false.

    Examples
    --------
    >>> list(make_table([], SEGMENTS).columns)[:2]
    ['segment', 'document']
    """
    import pandas as pd

    frame = pd.DataFrame(rows if isinstance(rows, Mapping) else list(rows), columns=list(columns))
    arrays = {}
    for name, dtype in columns.items():
        column = frame[name].eq(True) if dtype == "bool" else frame[name]
        wanted = _dtype(dtype)
        arrays[name] = column.array if column.dtype == wanted else column.array.astype(wanted)
    return pd.DataFrame(arrays, index=frame.index)  # twice as fast as `astype` of the frame, and most tables are small


@cache
def _dtype(name: str) -> Any:
    """The type of a column by its name."""
    import pandas as pd

    return pd.api.types.pandas_dtype(name)


def documents_table(documents: Iterable[Document]) -> pd.DataFrame:
    """One row per document: the contract columns, then its attributes under the names in the file.

    Parameters
    ----------
    documents : iterable of Document

    Returns
    -------
    pandas.DataFrame
        `DOCUMENTS`, then one text column per attribute (see `attribute_name`). Every recognised part
        (``nps``, ``touchpoint``, ...) has its value also in a column ``@nps``, ``@touchpoint``, ...
    """
    import pandas as pd

    rows, parts, names = [], [], []
    for document in documents:
        rows.append({
            "document": document.id, "name": document.name, "kind": document.kind, "source": document.source,
            "language": document.language, "case": document.attribute("case") or document.id,
            "turns": len(document.turns), "words": len(document.text.split()), "sha256": document.sha256,
        })  # fmt: skip
        parts.append({f"@{part}": document.attribute(part) for part in document.columns if part != "text"})
        names.append({attribute_name(k, DOCUMENTS): v for k, v in document.attributes.items()})
    table = make_table(rows, DOCUMENTS)
    extra = [pd.DataFrame(part, index=table.index, dtype=object).fillna("").astype(TEXT) for part in (names, parts)]
    return pd.concat([table, *(e for e in extra if len(e.columns))], axis=1)


def attribute_name(name: str, taken: Iterable[str]) -> str:
    """Name under which an input column appears beside the columns `taken`.

    Examples
    --------
    >>> attribute_name("phase", ["phase"]), attribute_name("nps", ["phase"])
    ('input_phase', 'nps')
    """
    return f"input_{name}" if name in taken else name


def attribute_values(documents: pd.DataFrame, attribute: str) -> dict[str, str]:
    """Value of an attribute for each document, empty where it has none.

    Parameters
    ----------
    documents : pandas.DataFrame
        Of `documents_table`.
    attribute : str

    Returns
    -------
    dict of str to str

    Raises
    ------
    OptionError
        No document has the attribute.
    """
    if attribute not in documents.columns:
        own = [str(name) for name in documents.columns if name not in DOCUMENTS and not str(name).startswith("@")]
        msg = f"There is no attribute {attribute!r}. There are: {', '.join(own) or 'none'}."
        raise OptionError(msg)
    return dict(zip(documents["document"], documents[attribute].str.strip(), strict=True))


def case_of(document: Document, turn: Turn) -> str:
    """Respondent who speaks in `turn`: the unit of every share.

    Parameters
    ----------
    document : Document
    turn : Turn

    Returns
    -------
    str
        The case named by the file; else the document, and in a conversation of several respondents the document
        with the speaker (``"focusgroup/Bram"``).
    """
    named = turn.attributes.get(document.columns.get("case", "")) or document.attribute("case")
    if named:
        return named
    return f"{document.id}/{turn.speaker}" if len(document.respondents) > 1 else document.id
