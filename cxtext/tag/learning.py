"""Learning a researcher's own codebook: from descriptions alone, from a few dozen codings, or from many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.codebook import Codebook
from cxtext.errors import OptionError
from cxtext.showing import html_table
from cxtext.tables import make_table
from cxtext.tag.decoding import runs_of_documents
from cxtext.tag.estimators import CodeClassifier
from cxtext.tag.learned import LearnedEngine, Phrases
from cxtext.tag.model import Calibration, Model

#: codings of a code from which its head is learned; with fewer its description decides
ENOUGH = 6
#: shares of the respondents of which the learning curve is made
SHARES = (0.25, 0.5, 0.75, 1.0)
_C = 1.0
#: segments that are read at a time, and then up to the end of the document
_PIECE = 300
_BOOTSTRAP = 500
#: F1 and precision from which a code may be applied without a look, and F1 from which it is worth suggesting
APPLIES, PRECISE, SUGGESTS = 0.7, 0.75, 0.4
#: where the interval of that F1 has to begin at least: a high F1 of a few respondents can be luck
SURE = 0.6
VERDICTS = ("applies", "suggests", "not learnable yet")

CODES = {
    "group": "str", "code": "str", "codings": "int64", "respondents": "int64", "precision": "float64",
    "recall": "float64", "f1": "float64", "f1_low": "float64", "f1_high": "float64", "people_f1": "float64",
    "verdict": "str",
}  # fmt: skip
CURVE = {"share": "float64", "respondents": "int64", "segments": "int64", "macro_f1": "float64"}


@dataclass(frozen=True)
class Lesson:
    """What was learned.

    Attributes
    ----------
    model : Model
    codes : pandas.DataFrame
        Per code: human ``codings`` and their ``respondents``; ``precision``, ``recall`` and ``f1`` on respondents that
        the head had not seen, with a 95 % bootstrap interval over respondents; ``people_f1``, how well two people
        agree where two coded the same segments; and the ``verdict``: ``applies`` (by itself: F1 and precision are high,
        and the interval of F1 says that this is no luck), ``suggests`` (a person must look) or ``not learnable yet``.
    curve : pandas.DataFrame
        Macro-F1 over the learned codes with 25, 50, 75 and 100 % of the respondents.
    """

    model: Model
    codes: pd.DataFrame
    curve: pd.DataFrame

    def __repr__(self) -> str:
        counts = self.codes["verdict"].value_counts()
        told = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in VERDICTS)
        return f"Lesson({len(self.codes)} codes: {told})"

    def _repr_html_(self) -> str:
        return html_table(self.codes.to_dict("records"), list(CODES), head=repr(self), most=len(self.codes))


def learn(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    known: pd.DataFrame | None = None,
    folds: int = 5,
    seed: int = 0,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Lesson:
    """Fit heads on the codes of a codebook.

    Parameters
    ----------
    segments : pandas.DataFrame
        `cxtext.tables.SEGMENTS`: what people have read. A segment without a coding has none of the codes.
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS` by people: those with the status ``rejected`` count as "does not hold".
    codebook : Codebook
    known : pandas.DataFrame, optional
        Rows as `segments`, a column per code path: whether people looked for the code there. All of them where it is
        left out.
    folds : int
        Folds of respondents for the figures, the calibration and the thresholds.
    seed : int
        Of the bootstrap and of the learning curve.
    progress : callable
        Told the stage (``read``, ``heads`` or ``curve``) and how much of how much of it is done.

    Returns
    -------
    Lesson

    Raises
    ------
    OptionError
        A coding is of a code or of a segment that is not there.
    """
    codes = list(codebook)
    _check(segments, codings, codebook)
    held = codings[codings["status"] != "rejected"]
    labels = _labels(segments, held, codebook)
    cases = segments["case"].to_numpy(dtype=object).astype(str)
    read = np.ones(labels.shape, dtype=bool) if known is None else known[[code.path for code in codes]].to_numpy()
    engine = LearnedEngine.untrained(Phrases.of(codes), len(codes))
    features = np.zeros((len(segments), len(engine.weights)), dtype=np.float32)
    for part in runs_of_documents(segments["document"].tolist(), _PIECE):
        features[part] = engine.features(segments.iloc[part])
        progress("read", part.stop, len(segments))
    weights, bias, trained = engine.weights.copy(), engine.bias.copy(), engine.trained.copy()
    thresholds = {code.path: 0.5 for code in codes}
    rows = []
    for at, code in enumerate(codes):
        progress("heads", at, len(codes))
        rows_read = read[:, at]
        target, owners = labels[rows_read, at], cases[rows_read]
        figures: dict[str, float] = {}
        if ENOUGH <= target.sum() < len(target) and len(set(owners[target])) > 1:
            head = CodeClassifier(C=_C, folds=folds, seed=seed).fit(
                features[rows_read], target.astype(int), groups=owners
            )
            slopes, offsets = head.linear()
            weights[:, at], bias[at], trained[at] = slopes[:, 0], offsets[0], True
            thresholds[code.path] = head.threshold_
            figures = _figures(target, head.held_out_[:, 1] >= head.threshold_, owners, seed)
        rows.append({
            "group": code.group, "code": code.id, "codings": int(target.sum()),
            "respondents": len(set(owners[target])), **figures,
            "people_f1": _people(segments, held, code.group, code.id), "verdict": verdict_of(figures),
        })  # fmt: skip
    outputs = [code.path for code in codes]
    model = Model(
        description={
            "name": codebook.name,
            "version": f"{codebook.version}.{len(codings)}",
            "codebook": {"name": codebook.name, "version": codebook.version},
            "training": {"sentences": len(segments), "respondents": len(set(cases)), "codings": len(held)},
        },
        engine=LearnedEngine(engine.phrases, weights, bias, trained),
        calibration=Calibration(
            outputs,
            np.ones(len(codes), dtype=np.float32),
            np.zeros(len(codes), dtype=np.float32),
            thresholds,
            [],
            None,
            best_only=tuple(group.id for group in codebook.groups if group.exclusive),
        ),
    )
    progress("curve", 0, 1)
    curve = _curve(features, labels[:, trained], read[:, trained], cases, folds, seed)
    progress("curve", 1, 1)
    return Lesson(model, make_table(rows, CODES), curve)


def next_segments(
    scores: pd.DataFrame, vectors: NDArray[np.float32], thresholds: dict[str, float], *, n: int = 20
) -> list[int]:
    """Segments worth coding next: those that the heads are least sure of, no two alike.

    Parameters
    ----------
    scores : pandas.DataFrame
        Of `cxtext.Tagger.tag`.
    vectors : numpy.ndarray
        Shape (n, d), of unit length.
    thresholds : dict of str to float
        Of each code.
    n : int
        How many.

    Returns
    -------
    list of int
        Rows, the most useful first: uncertainty, times the distance to what was chosen already.
    """
    codes = [code for code in thresholds if code in scores.columns]
    limits = np.array([thresholds[code] for code in codes])
    values = scores[codes].to_numpy()
    sure = np.where(values >= limits, (values - limits) / (1 - limits), (limits - values) / limits)
    unsure = 1 - sure.min(axis=1)
    distance = np.ones(len(scores))
    chosen: list[int] = []
    for _ in range(min(n, len(scores))):
        gain = unsure * distance
        gain[chosen] = -1
        best = int(gain.argmax())
        chosen.append(best)
        distance = np.minimum(distance, 1 - np.clip(vectors @ vectors[best], 0, 1))
    return chosen


def _check(segments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> None:
    known = {code.path for code in codebook}
    unknown = sorted(set(codings["group"] + "/" + codings["code"]) - known)
    if unknown:
        msg = f"Codings have codes that the codebook {codebook.name!r} does not have: {', '.join(unknown[:5])}."
        raise OptionError(msg)
    if strangers := sorted(set(codings["segment"]) - set(segments["segment"])):
        msg = f"Codings are of segments that are not given, such as {strangers[0]!r}. Give all segments that were read."
        raise OptionError(msg)


def _labels(segments: pd.DataFrame, codings: pd.DataFrame, codebook: Codebook) -> NDArray[np.bool_]:
    place = {segment: row for row, segment in enumerate(segments["segment"])}
    column = {code.path: at for at, code in enumerate(codebook)}
    labels = np.zeros((len(place), len(column)), dtype=bool)
    for coding in codings.to_dict("records"):
        labels[place[coding["segment"]], column[f"{coding['group']}/{coding['code']}"]] = True
    return labels


def _figures(
    target: NDArray[np.bool_], given: NDArray[np.bool_], cases: NDArray[np.str_], seed: int
) -> dict[str, float]:
    """Precision, recall and F1, with an interval that draws respondents."""
    hits = target & given
    _, owner = np.unique(cases, return_inverse=True)
    count = int(owner.max()) + 1
    per = [np.bincount(owner, weights=part, minlength=count) for part in (hits, target, given)]
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=_BOOTSTRAP)
    both, wanted, got = (drawn @ part for part in per)
    f1 = 2 * both / np.maximum(wanted + got, 1)
    return {
        "precision": hits.sum() / max(given.sum(), 1),
        "recall": hits.sum() / max(target.sum(), 1),
        "f1": 2 * hits.sum() / max(target.sum() + given.sum(), 1),
        "f1_low": float(np.quantile(f1, 0.025)),
        "f1_high": float(np.quantile(f1, 0.975)),
    }


def verdict_of(figures: Mapping[str, float]) -> str:
    """Say what a code is good enough for.

    Parameters
    ----------
    figures : mapping of str to float
        ``f1``, ``f1_low`` and ``precision``; empty where it was not learned.

    Returns
    -------
    str
        One of `VERDICTS`.

    Examples
    --------
    >>> verdict_of({"f1": 0.8, "f1_low": 0.65, "precision": 0.8}), verdict_of({"f1": 0.8, "f1_low": 0, "precision": 1})
    ('applies', 'suggests')
    """
    if not figures or figures["f1"] < SUGGESTS:
        return VERDICTS[2]
    good = figures["f1"] >= APPLIES and figures["precision"] >= PRECISE
    return VERDICTS[0] if good and figures["f1_low"] >= SURE else VERDICTS[1]


def _people(segments: pd.DataFrame, codings: pd.DataFrame, group: str, code: str) -> float:
    """F1 between the two people who coded most, on the documents that both coded."""
    coders = codings["coder"].value_counts().index[:2].tolist()
    if len(coders) < 2:
        return float("nan")
    shared = set.intersection(*(set(codings.loc[codings["coder"] == coder, "document"]) for coder in coders))
    own = codings[(codings["group"] == group) & (codings["code"] == code) & codings["document"].isin(shared)]
    first, second = (set(own.loc[own["coder"] == coder, "segment"]) for coder in coders)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else float("nan")


def _curve(
    features: NDArray[np.float32],
    labels: NDArray[np.bool_],
    read: NDArray[np.bool_],
    cases: NDArray[np.str_],
    folds: int,
    seed: int,
) -> pd.DataFrame:
    names = np.random.default_rng(seed).permutation(np.unique(cases))
    rows = []
    for share in SHARES if labels.shape[1] else ():
        some = np.isin(cases, names[: max(2, round(share * len(names)))])
        scores = []
        for column, wanted in zip(labels.T, read.T, strict=True):
            here = some & wanted
            target = column[here]
            if ENOUGH <= target.sum() < len(target):
                head = CodeClassifier(C=_C, folds=folds, seed=seed)
                head.fit(features[here], target.astype(int), groups=cases[here])
                given = head.held_out_[:, 1] >= head.threshold_
                scores.append(2 * (target & given).sum() / max(target.sum() + given.sum(), 1))
            else:
                scores.append(0.0)
        rows.append({
            "share": share, "respondents": len(set(cases[some])), "segments": int(some.sum()),
            "macro_f1": float(np.mean(scores)),
        })  # fmt: skip
    return make_table(rows, CURVE)
