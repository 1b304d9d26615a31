"""Personal data: found, replaced by placeholders, and kept apart in a key.

What comes out is pseudonymised, never anonymous: whoever has the key, or knows the people, can tell who they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cxtext.privacy.detection import find_personal_data
from cxtext.privacy.findings import Finding
from cxtext.privacy.options import PrivacyOptions
from cxtext.privacy.pseudonymiser import Pseudonymiser
from cxtext.privacy.pseudonyms import Pseudonyms
from cxtext.records import Corpus
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Finding",
    "PrivacyOptions",
    "Pseudonymised",
    "Pseudonymiser",
    "Pseudonyms",
    "find_personal_data",
    "pseudonymise",
]

LOG = {"document": TEXT, "place": TEXT, "kind": TEXT, "rule": TEXT, "sure": "bool", "placeholder": TEXT}
REVIEW = {**LOG, "original": TEXT, "context": TEXT, "decision": TEXT}


@dataclass(frozen=True)
class Pseudonymised:
    """A corpus without personal data, and what was done.

    Attributes
    ----------
    corpus : Corpus
    log : pandas.DataFrame
        Every replacement: document, place, kind, rule, whether it is sure, placeholder. Without the originals.
    review : pandas.DataFrame
        What a person should look at, with the original and its context: what is possible but unsure, and terms of
        special categories, which are not replaced. Column ``decision`` is empty: "no" there, given to `pseudonymise` as
        ``refused``, keeps it as it is.
    key : Pseudonyms
        What the placeholders stand for. Keep it apart.
    """

    corpus: Corpus
    log: pd.DataFrame
    review: pd.DataFrame
    key: Pseudonyms

    def __repr__(self) -> str:
        return f"Pseudonymised({self.corpus!r}, {len(self.log)} replacements, {len(self.review)} to review)"


def pseudonymise(
    corpus: Corpus,
    *,
    key: Pseudonyms | None = None,
    names: Iterable[str] = (),
    refused: Iterable[tuple[str, str]] = (),
    options: PrivacyOptions | None = None,
) -> Pseudonymised:
    """Replace direct and strong indirect identifiers by placeholders.

    Parameters
    ----------
    corpus : Corpus
    key : Pseudonyms, optional
        Of this project, so that the same people get the same placeholders as before.
    names : iterable of str
        Names of people in this project, found wherever they stand.
    refused : iterable of (str, str)
        Kind and text of what is no personal data.
    options : PrivacyOptions, optional
        What else to replace or make coarser: ages, postcodes, dates, employers, small places.

    Returns
    -------
    Pseudonymised

    Raises
    ------
    ModelError
        The back-end for names is not installed.

    Examples
    --------
    >>> done = pseudonymise(cxtext.read_corpus("interviews/"))  # doctest: +SKIP
    >>> done.key.save(Path("key.csv"))  # doctest: +SKIP
    """
    pseudonymiser = Pseudonymiser(key, names=names, refused=refused, options=options)
    done = pseudonymiser.corpus(corpus)
    return Pseudonymised(done, log_table(pseudonymiser), review_table(pseudonymiser), pseudonymiser.key)


def log_table(pseudonymiser: Pseudonymiser) -> pd.DataFrame:
    """Every replacement, without the originals."""
    rows = [vars(replacement) for replacement in pseudonymiser.replacements if replacement.placeholder]
    return make_table([{name: row[name] for name in LOG} for row in rows], LOG)


def review_table(pseudonymiser: Pseudonymiser) -> pd.DataFrame:
    """What a person should look at, each kind and text once."""
    rows = {(r.kind, r.original.casefold()): r for r in reversed(pseudonymiser.replacements) if not r.sure}
    return make_table([{**vars(row), "decision": ""} for row in reversed(rows.values())], REVIEW)
