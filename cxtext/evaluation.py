"""How good a tagging is: precision, recall, F1 and kappa per code against human codings, with bootstrap intervals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import ReadError
from cxtext.showing import html_table
from cxtext.tables import make_table

#: codes with fewer gold cases are listed, but do not count in the figures of their group
MIN_CASES = 8
_CODES = {
    "group": "str", "code": "str", "n": "int64", "predicted": "int64", "precision": "float64", "recall": "float64",
    "f1": "float64", "kappa": "float64",
}  # fmt: skip
_GROUPS = {
    "group": "str", "n": "int64", "codes": "int64", "macro_f1": "float64", "macro_f1_low": "float64",
    "macro_f1_high": "float64", "accuracy": "float64", "accuracy_low": "float64", "accuracy_high": "float64",
}  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """Figures of one comparison.

    Attributes
    ----------
    codes : pandas.DataFrame
        Per code: gold cases ``n``, ``predicted``, ``precision``, ``recall``, ``f1``, ``kappa``.
    groups : pandas.DataFrame
        Per group: segments ``n``, ``codes`` that count, ``macro_f1`` over codes with at least 8 gold cases, and for
        groups with at most one code per segment the ``accuracy`` (no code is an answer too), each with the bounds
        of a 95 % bootstrap interval over documents.
    segments, documents : int
        What was compared.
    missing : tuple of str
        Ids of gold segments for which there was no prediction; they count as nothing coded.
    """

    codes: pd.DataFrame
    groups: pd.DataFrame
    segments: int
    documents: int
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        tables = [t.round(3).to_string(index=False, na_rep="-") for t in (self.codes, self.groups)]
        return "\n\n".join([f"{self.segments} segments of {self.documents} documents", *tables])

    def _repr_html_(self) -> str:
        head = f"{self.segments} segments of {self.documents} documents"
        codes, groups = (table.to_dict("records") for table in (self.codes, self.groups))
        return html_table(codes, list(_CODES), head=head, most=len(codes)) + html_table(groups, list(_GROUPS))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON; figures that cannot be computed are null."""
        return {
            "segments": self.segments,
            "documents": self.documents,
            "missing": list(self.missing),
            "codes": json.loads(self.codes.to_json(orient="records")),
            "groups": json.loads(self.groups.to_json(orient="records")),
        }


def evaluate(
    predicted: str | Path | Iterable[Mapping[str, Any]],
    gold: str | Path | Iterable[Mapping[str, Any]],
    *,
    codebook: Codebook | None = None,
    repeats: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Compare a tagging with human codings.

    Parameters
    ----------
    predicted, gold : path of a jsonl file, or iterable of records
        Records with ``id``, and per group either a list of codes (or codes joined by ``;``) or one code or null.
        Gold records may have ``doc`` (or ``document``): the unit of the bootstrap.
    codebook : Codebook, optional
        The default codebook where it is left out. Groups that the gold does not have are left out.
    repeats : int
        Bootstrap samples.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Evaluation

    Raises
    ------
    ReadError
        A file cannot be read, a record has no id, or no id is in both.

    Examples
    --------
    >>> gold = [{"id": str(i), "kind": ["pain"] if i % 2 else []} for i in range(20)]
    >>> float(evaluate(gold, gold).groups.macro_f1[0])
    1.0
    """
    codebook = codebook or load_codebook()
    truth = _records(gold, "gold")
    tagging = _records(predicted, "predictions")
    missing = tuple(id for id in truth if id not in tagging)
    if len(missing) == len(truth):
        advice = "Tag the gold file itself, with --id-column naming the column that holds its ids."
        raise ReadError("evaluate", "no id is in both the predictions and the gold", advice)
    first = next(iter(truth.values()))
    groups = [group for group in codebook.groups if group.id in first]
    documents = [str(r.get("doc", r.get("document", id))) for id, r in truth.items()]
    weights = _bootstrap_weights(documents, repeats, seed)
    code_rows, group_rows = [], []
    for group in groups:
        want = [_codes(record.get(group.id)) for record in truth.values()]
        got = [_codes(tagging.get(id, {}).get(group.id)) for id in truth]
        y = np.array([[c.id in s for c in group.codes] for s in want])
        p = np.array([[c.id in s for c in group.codes] for s in got])
        for at, code in enumerate(group.codes):
            code_rows.append({"group": group.id, "code": code.id, **_code_figures(y[:, at], p[:, at])})
        counted = y.sum(axis=0) >= MIN_CASES
        group_rows.append({
            "group": group.id, "n": len(y), "codes": int(counted.sum()),
            **_group_figures(y[:, counted], p[:, counted], weights),
            **(_accuracy((y == p).all(axis=1), weights) if group.exclusive else dict.fromkeys(_ACCURACY, np.nan)),
        })  # fmt: skip
    return Evaluation(
        codes=make_table(code_rows, _CODES),
        groups=make_table(group_rows, _GROUPS),
        segments=len(truth),
        documents=len(set(documents)),
        missing=missing,
    )


def as_records(segments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> list[dict[str, Any]]:
    """Lay codings out for `evaluate`.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`: what was read, also where it got no code.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS` of one coder; rejected ones do not count.
    codebook : Codebook

    Returns
    -------
    list of dict
        One per segment: ``id``, its ``document``, and a list of codes per group of the codebook.

    Examples
    --------
    >>> said = pd.DataFrame({"segment": ["i1:1"], "document": ["i1"]})
    >>> coded = pd.DataFrame({"segment": ["i1:1"], "group": ["kind"], "code": ["pain"], "status": ["accepted"]})
    >>> as_records(said, coded, load_codebook())[0]["kind"]
    ['pain']
    """
    records: dict[str, dict[str, Any]] = {
        row["segment"]: {"id": row["segment"], "document": row["document"], **{g.id: [] for g in codebook.groups}}
        for row in segments.to_dict("records")
    }
    for row in codings[codings["status"] != "rejected"].to_dict("records"):
        if row["segment"] in records and row["group"] in records[row["segment"]]:
            records[row["segment"]][row["group"]].append(row["code"])
    return list(records.values())


_ACCURACY = ("accuracy", "accuracy_low", "accuracy_high")


def _records(source: str | Path | Iterable[Mapping[str, Any]], what: str) -> dict[str, Mapping[str, Any]]:
    if isinstance(source, (str, Path)):
        source, name = _read_jsonl(Path(source)), str(source)
    else:
        name = what
    records: dict[str, Mapping[str, Any]] = {}
    for number, record in enumerate(source, 1):
        if record.get("id") is None:
            raise ReadError(
                f"{name}, record {number}", "it has no id", "Give every record an id, the same in both files."
            )
        records[str(record["id"])] = record
    if not records:
        raise ReadError(name, "it holds no records", "Give a jsonl file with one record per segment.")
    return records


def _read_jsonl(path: Path) -> Iterable[Mapping[str, Any]]:
    advice = "Give a jsonl file: one JSON object per line, with id and the groups of codes."
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise ReadError(str(path), f"it cannot be read ({error})", advice) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise ReadError(f"{path}, line {number}", f"it is not JSON ({error.msg})", advice) from error
        if not isinstance(record, dict):
            raise ReadError(f"{path}, line {number}", "it is not a JSON object", advice)
        yield record


def _codes(value: Any) -> set[str]:
    if value is None:
        return set()
    if isinstance(value, str):
        value = value.split(";")
    return {str(code).strip() for code in value} - {""}


def _bootstrap_weights(documents: Sequence[str], repeats: int, seed: int) -> np.ndarray:
    """How often each row is drawn when documents are drawn with replacement; shape (repeats, n)."""
    _, owner = np.unique(np.asarray(documents, dtype=object).astype(str), return_inverse=True)
    count = int(owner.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=repeats)
    return drawn[:, owner].astype(np.float64)


def _code_figures(y: np.ndarray, p: np.ndarray) -> dict[str, float]:
    hits, n, predicted = int((y & p).sum()), int(y.sum()), int(p.sum())
    agreement = float((y == p).mean())
    chance = (n * predicted + (len(y) - n) * (len(y) - predicted)) / len(y) ** 2
    return {
        "n": n,
        "predicted": predicted,
        "precision": hits / predicted if predicted else np.nan,
        "recall": hits / n if n else np.nan,
        "f1": 2 * hits / (n + predicted) if n + predicted else np.nan,
        "kappa": (agreement - chance) / (1 - chance) if chance < 1 else np.nan,
    }


def _group_figures(y: np.ndarray, p: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    if not y.shape[1]:
        return dict.fromkeys(("macro_f1", "macro_f1_low", "macro_f1_high"), np.nan)
    everything = np.vstack([np.ones(len(y)), weights])
    hits, cases = everything @ (y & p), everything @ y.astype(float) + everything @ p.astype(float)
    f1 = np.divide(2 * hits, cases, out=np.full_like(hits, np.nan), where=cases > 0)
    macro = np.nanmean(f1, axis=1)
    low, high = np.percentile(macro[1:], [2.5, 97.5])
    return {"macro_f1": macro[0], "macro_f1_low": low, "macro_f1_high": high}


def _accuracy(right: np.ndarray, weights: np.ndarray) -> dict[str, float]:
    sampled = weights @ right / weights.sum(axis=1)
    low, high = np.percentile(sampled, [2.5, 97.5])
    return dict(zip(_ACCURACY, (float(right.mean()), low, high), strict=True))
