"""Experience journeys: product journeys, such as a mortgage, in what people really want, such as a place to live."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from cxtext.coded import codes_of, of_respondents
from cxtext.errors import ReadError
from cxtext.journey.answers import among, by_document, labels
from cxtext.journey.lanes import readable
from cxtext.journey.mapping import NEGATIVE
from cxtext.journey.mentions import evidence, share_of, valences
from cxtext.resources import data_path
from cxtext.stats import mean_interval
from cxtext.tables import TEXT, make_table

EXPERIENCES: dict[str, str] = {
    "experience": TEXT, "product": TEXT, "name": TEXT, "segments": "int64", "respondents": "int64",
    "of_respondents": "int64", "share": "float64", "low": "float64", "high": "float64", "valence": "float64",
    "valence_low": "float64", "valence_high": "float64", "negative": "int64", "pains": "int64", "quotes": TEXT,
}  # fmt: skip
_ADVICE = (
    "See cxtext/data/experiences/default.yaml for the form: experiences with id, name and products, and products with "
    "id, name and terms."
)


@dataclass(frozen=True)
class Product:
    """A product journey.

    Attributes
    ----------
    id, name : str
    terms : tuple of str
        Beginnings of words that tell of it.
    """

    id: str
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Experience:
    """An experience journey: what people want, and the product journeys that belong to it.

    Attributes
    ----------
    id, name : str
    products : tuple of Product
    """

    id: str
    name: str
    products: tuple[Product, ...]


def load_experiences(name_or_path: str | Path = "default", *, language: str = "nl") -> tuple[Experience, ...]:
    """Read experience journeys.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        ``"default"``, or a YAML file.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    tuple of Experience

    Raises
    ------
    ReadError
        The file is missing, is no YAML, or lacks a part.

    Examples
    --------
    >>> [product.name for product in load_experiences()[1].products][:2]
    ['autoverzekering', 'voorruit']
    """
    path = data_path("experiences", "default.yaml") if str(name_or_path) == "default" else Path(name_or_path)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReadError(str(path), "there is no such file with experience journeys", _ADVICE) from error
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        reason = f"the experience journeys cannot be read ({' '.join(str(error).split())})"
        raise ReadError(str(path), reason, _ADVICE) from error
    try:
        return tuple(_experience(entry, language) for entry in data["experiences"])
    except (KeyError, TypeError, AttributeError) as error:
        reason = f"an experience or a product lacks a part ({error})"
        raise ReadError(str(path), reason, _ADVICE) from error


def experience_journeys(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    experiences: Sequence[Experience],
    product: str = "@product",
) -> pd.DataFrame:
    """Group what respondents say by experience and product.

    Parameters
    ----------
    segments, codings, scores, documents
        As for `cxtext.journey.map_journey`.
    experiences : sequence of Experience
        From `load_experiences`.
    product : str
        Column of the documents with their product. Where a document has one, it decides; else the words do.

    Returns
    -------
    pandas.DataFrame
        Columns `EXPERIENCES`: a row per ``experience`` (with ``product`` ``""``) and its products, the experience of
        most respondents first; only what somebody speaks of. ``negative`` and ``pains`` count respondents.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> scores = pd.DataFrame({"segment": [], "valence": []})
    >>> segments, codings = make_table([], SEGMENTS), make_table([], CODINGS)
    >>> experience_journeys(segments, codings, scores, experiences=load_experiences()).empty
    True
    """
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said.assign(valence=valences(said["segment"], scores), readable=readable(said["text"]))
    given = labels(said["document"], by_document(documents, product))
    told, said = given.where(given != "", said["text"]).str.lower(), said.drop(columns="text")
    kinds = codes_of(codings, "kind")
    pains = set(kinds.loc[kinds["code"] == "pain", "segment"])
    n, groups = said["case"].nunique(), []
    for experience in experiences:
        rows, parts = [], []
        for one in experience.products:
            own = said[told.str.contains(_pattern(one), regex=True)]
            if len(own):
                parts.append(own)
                rows.append(_row(own, n, pains) | {"product": one.id, "name": one.name, "experience": experience.id})
        if parts:
            whole = pd.concat(parts).drop_duplicates("segment")
            head = _row(whole, n, pains) | {"product": "", "name": experience.name, "experience": experience.id}
            groups.append([head, *sorted(rows, key=lambda row: -row["respondents"])])
    groups.sort(key=lambda rows: -rows[0]["respondents"])
    return make_table([row for rows in groups for row in rows], EXPERIENCES)


def _experience(entry: Mapping[str, Any], language: str) -> Experience:
    products = tuple(
        Product(str(one["id"]), _name(one, language), tuple(str(term).lower() for term in one["terms"]))
        for one in entry["products"]
    )
    return Experience(str(entry["id"]), _name(entry, language), products)


def _name(entry: Mapping[str, Any], language: str) -> str:
    name = entry["name"]
    return str(name.get(language) or next(iter(name.values()))) if isinstance(name, Mapping) else str(name)


def _pattern(product: Product) -> str:
    return r"\b(?:" + "|".join(map(re.escape, (*product.terms, product.name.lower()))) + ")"


def _row(own: pd.DataFrame, n: int, pains: set[str]) -> dict[str, Any]:
    mean = mean_interval(own.groupby("case")["valence"].mean().to_numpy())
    people = own["case"].nunique()
    return {
        "segments": len(own), "respondents": people, "of_respondents": n, **share_of(people, n),
        "valence": mean.value, "valence_low": mean.low, "valence_high": mean.high,
        "negative": own.loc[own["valence"] <= NEGATIVE, "case"].nunique(),
        "pains": own.loc[among(own["segment"], pains), "case"].nunique(), "quotes": evidence(own),
    }  # fmt: skip
