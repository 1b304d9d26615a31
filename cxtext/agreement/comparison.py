"""Compare coders on the codes they gave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxtext.agreement.coefficients import (
    alpha_of_sets,
    brennan_prediger,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    specific_agreement,
)
from cxtext.agreement.continuum import continuum, layer
from cxtext.agreement.disagreements import disagreements
from cxtext.agreement.resampling import Interval, Resampled, interval, resample, warning_of
from cxtext.agreement.result import AGREEMENT, INTERVALS, PAIRS, Agreement
from cxtext.agreement.unitizing import Unit, unitizing_alpha
from cxtext.agreement.units import Judgements, UnitKind, finished, judgements, who
from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import OptionError
from cxtext.tables import make_table

Cluster = Literal["document", "case"]
Coefficient = Callable[..., "float | np.ndarray"]
_PER_PAIR = ("percent", "kappa", "alpha")


def agreement(
    codings: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    groups: Sequence[str] | None = None,
    coders: Collection[str] | None = None,
    codebook: Codebook | None = None,
    unit: UnitKind = "segment",
    coded: pd.DataFrame | None = None,
    cluster: Cluster | None = None,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Agreement:
    """Tell where coders differ, and how far they agree.

    A unit counts where at least two coders did its document. Rejected codings are left out, and so is what an
    interviewer says.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        Tables `cxtext.tables.CODINGS` and `cxtext.tables.SEGMENTS`.
    groups : sequence of str, optional
        Those that at least two of the coders used where it is left out.
    coders : collection of str, optional
        Whom to compare. Where it is left out, those who used a group are compared on it; a coder who is named takes
        part in every group, and coded nothing where they have no codings.
    codebook : Codebook, optional
        Tells which groups are exclusive; the default codebook where it is left out.
    unit : {"segment", "turn", "document", "character"}
        Of turns and documents each coder may hold several codes, in exclusive groups too.
    coded : pandas.DataFrame, optional
        Columns ``document`` and ``coder``: who finished what. The documents in which a coder has at least one coding
        where it is left out.
    cluster : {"document", "case"}, optional
        Draw whole documents or respondents for the intervals, since sentences of one interview are not independent.
        Units are drawn where it is left out, and for characters always documents or respondents.
    n_resamples : int
        For the intervals.
    seed : int
        Of the drawing.

    Returns
    -------
    Agreement

    Raises
    ------
    OptionError
        Fewer than two coders, no document that two of them coded, or an option that cannot be used.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> said = make_table([{"segment": f"i1:{i}", "document": "i1", "start": 10 * i, "end": 10 * i + 9,
    ...                     "position": i, "turn": 0, "text": "Het duurt."} for i in range(4)], SEGMENTS)
    >>> rows = [("anna", "pain", 0), ("anna", "need", 2), ("bram", "pain", 0), ("bram", "pain", 2)]
    >>> codings = make_table([{"document": "i1", "start": 10 * i, "end": 10 * i + 9, "group": "kind", "code": code,
    ...                        "coder": coder, "status": "accepted"} for coder, code, i in rows], CODINGS)
    >>> result = agreement(codings, said, n_resamples=100)
    >>> result.disagreements[["segment", "anna", "bram"]].to_dict("records")
    [{'segment': 'i1:2', 'anna': 'need', 'bram': 'pain'}]
    """
    codebook = codebook or load_codebook()
    if cluster not in (None, "document", "case") or n_resamples < 1:
        msg = f"cluster is {cluster!r} and n_resamples {n_resamples}. Give 'document', 'case' or None, and at least 1."
        raise OptionError(msg)
    if unit == "character":
        cluster = cluster or "document"
    judge = partial(judgements, codings, segments, codebook=codebook, coders=coders, unit=unit, coded=coded)
    left_out: dict[str, str] = {}
    compared: list[Judgements] = []
    for group in _groups(codings, codebook, who(codings, coders, coded), groups):
        try:
            compared.append(judge(group=group))
        except OptionError as error:
            if groups is not None:
                raise
            left_out[group] = str(error)
    if not compared:
        raise OptionError("\n".join(dict.fromkeys(left_out.values())))
    rows: list[dict[str, Any]] = []
    intervals: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    unused: list[str] = []
    for judged in compared:
        lengths = _unitizing(judged, codings, segments, coded)
        clusters = None if cluster is None else pd.factorize(judged.places[cluster])[0]
        draw = partial(
            resample, sizes=judged.places["size"].to_numpy(float), clusters=clusters, n_resamples=n_resamples, seed=seed
        )  # fmt: skip
        unused += [f"{judged.group}/{code}" for k, code in enumerate(judged.codes) if not judged.held[:, :, k].any()]
        for code, ratings, coefficients in _layers(judged):
            drawn = draw(ratings)
            figures = {name: interval(coefficient, drawn) for name, coefficient in coefficients.items()}
            of = {"group": judged.group, "code": code}
            rows.append({**of, **_row(judged, code, figures, clusters), "unit": unit, **lengths.get(code, {})})
            intervals += [{**of, "coefficient": name, **_bounds(figure)} for name, figure in figures.items()]
            pairs += [{**of, **row} for row in _pairs(judged.coders, drawn, coefficients)]
    return Agreement(
        disagreements(compared, segments),
        make_table(rows, AGREEMENT),
        make_table(intervals, INTERVALS),
        make_table(pairs, PAIRS),
        {
            "unit": unit,
            "coders": tuple(sorted({coder for judged in compared for coder in judged.coders})),
            "documents": tuple(sorted({d for judged in compared for d in judged.places["document"].unique()})),
            "groups": {
                judged.group: {
                    "coders": judged.coders,
                    "documents": tuple(judged.places["document"].unique()),
                    "units": int(judged.places["size"].sum()),
                    "exclusive": judged.exclusive,
                    "units_with_several_codes": judged.several,
                    "codings_outside_units": judged.outside,
                }
                for judged in compared
            },
            "groups_left_out": left_out,
            "codes_nobody_used": tuple(unused),
            "rejected_codings": int((codings["status"] == "rejected").sum()),
            "done": "one coding or more in the document" if coded is None else "as the table `coded` says",
            "resampled": f"{cluster or unit}s",
            "n_resamples": n_resamples,
            "seed": seed,
            "interval": "percentile, 95 %",
        },
    )


def _groups(
    codings: pd.DataFrame, codebook: Codebook, coders: Sequence[str], groups: Sequence[str] | None
) -> list[str]:
    """Groups to compare, in the order of the codebook."""
    known = [group.id for group in codebook.groups]
    known += sorted(set(codings["group"]) - set(known))
    unknown = [group for group in groups or () if group not in known]
    if unknown:
        msg = f"There is no group {', '.join(unknown)} in the codebook or the codings. Choose from: {', '.join(known)}."
        raise OptionError(msg)
    live = codings[(codings["status"] != "rejected") & codings["coder"].isin(coders)]
    users = live.groupby("group")["coder"].nunique()
    chosen = [group for group in known if users.get(group, 0) > 1] if groups is None else list(dict.fromkeys(groups))
    if not chosen:
        msg = (
            f"No group of codes was used by two coders; the codings are by {', '.join(coders) or 'nobody'}. Have a "
            "second person (or the machine) code the same documents, or name groups= and coders=."
        )
        raise OptionError(msg)
    return chosen


def _layers(judged: Judgements) -> Iterator[tuple[str, np.ndarray, dict[str, Coefficient]]]:
    """Ratings and the coefficients that fit them: of the whole group, then of each code that was used."""
    two = {"kappa": cohen_kappa} if len(judged.coders) == 2 else {}
    if judged.exclusive:
        ratings = np.where(judged.held.any(axis=2), judged.held.argmax(axis=2), len(judged.codes)).astype(float)
        coefficients: dict[str, Coefficient] = {**_general(len(judged.codes) + 1), **two}
    else:
        flat = judged.held.reshape(-1, len(judged.codes))
        sets, number = np.unique(flat, axis=0, return_inverse=True)
        ratings = number.reshape(judged.judged.shape).astype(float)
        coefficients = {"percent": percent_agreement, "alpha": partial(alpha_of_sets, held=sets)}
    yield "", np.where(judged.judged, ratings, np.nan), coefficients
    for k, code in enumerate(judged.codes):
        held = judged.held[:, :, k]
        if held.any():
            sides = {
                "positive": partial(specific_agreement, category=1),
                "negative": partial(specific_agreement, category=0),
            }
            yield code, np.where(judged.judged, held, np.nan), {**_general(2), **two, **sides}


def _general(categories: int) -> dict[str, Coefficient]:
    return {
        "percent": percent_agreement,
        "brennan_prediger": partial(brennan_prediger, categories=categories),
        "ac1": partial(gwet_ac1, categories=categories),
        "alpha": krippendorff_alpha,
    }


def _row(judged: Judgements, code: str, figures: Mapping[str, Interval], clusters: np.ndarray | None) -> dict[str, Any]:
    """Figures of one row of the table, with how often each coder used the code (or any)."""
    sizes = judged.places["size"].to_numpy()
    held = judged.held[:, :, judged.codes.index(code)] if code else judged.held.any(axis=2)
    used = sizes @ held
    n_units, prevalence = int(sizes.sum()), float(used.sum() / (sizes @ judged.judged).sum())
    alpha = figures["alpha"]
    return {
        "coders": "; ".join(judged.coders),
        "n_units": n_units,
        "used": "; ".join(f"{coder} {n}" for coder, n in zip(judged.coders, used, strict=True)),
        "prevalence": prevalence,
        **{name: figure.value for name, figure in figures.items()},
        "alpha_low": alpha.low,
        "alpha_high": alpha.high,
        "p_below_667": alpha.below,
        "warning": warning_of(
            alpha, n_units=n_units, prevalence=prevalence if code else np.nan,
            clusters=None if clusters is None else int(clusters.max()) + 1,
        ),
    }  # fmt: skip


def _bounds(figure: Interval) -> dict[str, float]:
    return {"value": figure.value, "low": figure.low, "high": figure.high, "undefined": figure.undefined}


def _pairs(
    coders: Sequence[str], drawn: Resampled, coefficients: Mapping[str, Coefficient]
) -> Iterator[dict[str, Any]]:
    """Figures of each two coders, over the units that both judged."""
    chosen = {**coefficients, **({"kappa": cohen_kappa} if "ac1" in coefficients else {})}
    for i, j in combinations(range(len(coders)), 2):
        both = ~np.isnan(drawn.patterns[:, [i, j]]).any(axis=1)
        own, times = drawn.patterns[both][:, [i, j]], drawn.weights[0, both]
        yield {
            "coder_a": coders[i],
            "coder_b": coders[j],
            "n_units": int(times.sum()),
            **{name: chosen[name](own, weights=times) for name in _PER_PAIR if name in chosen},
        }


def _unitizing(
    judged: Judgements, codings: pd.DataFrame, segments: pd.DataFrame, coded: pd.DataFrame | None
) -> dict[str, dict[str, float]]:
    """Alphas of units on a continuum per row of the table, over the documents that all coders did."""
    done = finished(codings, judged.coders, coded).all(axis=1)
    documents = sorted(set(done.index[done]) & set(judged.places["document"]))
    layers, length = continuum(codings, segments, group=judged.group, coders=judged.coders, documents=documents)
    if not length:
        return {}
    if judged.exclusive:
        family = unitizing_alpha([layer(units) for units in layers], length)
        whole = {"u_alpha": family.value, "u_alpha_boundaries": family.boundaries, "cu_alpha": family.coding}
        rows = {code: {"ku_alpha": alpha} for code, alpha in family.codes.items()}
    else:
        any_code = unitizing_alpha([layer(units, value="any") for units in layers], length)
        whole, rows = {"u_alpha_boundaries": any_code.boundaries}, {}
    by_code: dict[str, list[list[Unit]]] = {code: [[] for _ in layers] for code in judged.codes}
    for coder, units in enumerate(layers):
        for unit in units:
            by_code[unit[2]][coder].append(unit)
    for code, own in by_code.items():
        if any(own):
            rows.setdefault(code, {})["u_alpha"] = unitizing_alpha([layer(units) for units in own], length).value
    return {"": whole, **rows}
