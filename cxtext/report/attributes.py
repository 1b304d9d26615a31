"""What the files say about each segment, and which of it is worth filtering by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cxtext.report.labels import Labels
from cxtext.tables import DOCUMENTS, attribute_name

if TYPE_CHECKING:
    from cxtext.study import Study

#: parts of a survey that a reader filters by, whatever their columns are called
PARTS = ("touchpoint", "channel", "owner", "wave", "nps")
#: another attribute with more values than this is no filter
MOST_VALUES = 12
#: and its values have to stand with so many documents (or rows of a table) on average
LEAST_RETURN = 3


def attributes_table(study: Study) -> pd.DataFrame:
    """Collect what the files say about each segment.

    Parameters
    ----------
    study : Study

    Returns
    -------
    pandas.DataFrame
        One row per segment, in the order of the study, with one text column per attribute of its document or,
        where the file has it per turn, of its turn; ``""`` where there is none.
    """
    names = [name for name in study.documents.columns if name not in DOCUMENTS and not name.startswith("@")]
    turns = {
        (document.id, number): {attribute_name(name, DOCUMENTS): value for name, value in turn.attributes.items()}
        for document in study.corpus
        for number, turn in enumerate(document.turns)
        if turn.attributes
    }
    return _by_segment(study, names, turns)


def filters_table(study: Study, labels: Labels) -> pd.DataFrame:
    """Collect what is worth filtering by: recognised parts, and other attributes with a few values that return.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    pandas.DataFrame
        One row per segment, in the order of the study, with one text column per filter under the name that the report
        shows. What says who somebody is, is not among them.
    """
    names = {f"@{part}": labels(f"part_{part}") for part in PARTS}
    turns = {
        (document.id, number): {
            f"@{part}": turn.attributes[name] for part, name in document.columns.items() if name in turn.attributes
        }
        for document in study.corpus
        for number, turn in enumerate(document.turns)
        if turn.attributes
    }
    parts = _by_segment(study, [name for name in names if name in study.documents], turns)
    parts = parts[[name for name in names if name in parts and _values(parts[name]) > 1]].rename(columns=names)
    taken = {name for document in study.corpus for name in document.columns.values()}
    others = attributes_table(study)
    units = study.segments[["document", "turn"]].reset_index(drop=True)
    few = []
    for name in others.columns.difference(list(taken), sort=False):
        by = ["document"] if name in study.documents else ["document", "turn"]
        said = units.loc[others[name] != "", by].drop_duplicates()
        if 2 <= _values(others[name]) <= min(MOST_VALUES, len(said) // LEAST_RETURN):
            few.append(name)
    others = others[few].rename(columns={name: attribute_name(name, parts.columns) for name in few})
    return pd.concat([parts, others], axis=1)


def _by_segment(study: Study, names: list[str], turns: dict[tuple[str, int], dict[str, str]]) -> pd.DataFrame:
    """Columns of the documents for each segment, and over them the attributes of its turn."""
    of_document = study.documents.set_index("document")[names]
    table = of_document.reindex(study.segments["document"]).fillna("").reset_index(drop=True)
    if turns:
        keys = zip(study.segments["document"], study.segments["turn"], strict=True)
        of_turn = pd.DataFrame([turns.get(key, {}) for key in keys], index=table.index)
        for name in of_turn.columns:
            table[name] = of_turn[name].fillna(table.get(name, ""))
    return table.astype(str)


def _values(column: pd.Series) -> int:
    return int(column[column != ""].nunique())
