"""Speed of agreement with intervals, printed for benchmarks/README.md.

Run: ``python benchmarks/agreement.py`` in an environment with cxtext installed, and for the comparison `krippendorff`.
Invented coders judge 10,000 units on 20 codes, and everything is drawn again 2,000 times. For the coefficients
two coders give each code to a tenth of the units; for all of `agreement` two and five give each segment one to three.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from cxtext.agreement import agreement, brennan_prediger, cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from cxtext.agreement.resampling import interval, resample
from cxtext.tables import CODINGS, SEGMENTS, make_table

UNITS, CODES, RESAMPLES, DOCUMENTS = 10_000, 20, 2_000, 100
COEFFICIENTS = (percent_agreement, cohen_kappa, brennan_prediger, gwet_ac1, krippendorff_alpha)


def invented() -> np.ndarray:
    """Judgements of shape (units, 2 coders, codes): a tenth of the units hold a code, and coders slip in 5 %."""
    rng = np.random.default_rng(0)
    truth = rng.random((UNITS, 1, CODES)) < 0.1
    return np.where(rng.random((UNITS, 2, CODES)) < 0.05, ~truth, truth).astype(float)


def with_intervals(judgements: np.ndarray, clusters: np.ndarray | None) -> float:
    """Seconds for five coefficients with intervals of every code."""
    begun = time.perf_counter()
    for code in range(CODES):
        drawn = resample(judgements[:, :, code], sizes=np.ones(UNITS), clusters=clusters, n_resamples=RESAMPLES, seed=0)
        for coefficient in COEFFICIENTS:
            interval(coefficient, drawn)
    return time.perf_counter() - begun


def sets(coders: int) -> np.ndarray:
    """One to three codes per unit and coder, shape (units, coders, codes): a coder changes their mind in a third."""
    rng = np.random.default_rng(0)
    leaning = rng.random((UNITS, 1, CODES)) + 0.3 * rng.random((UNITS, coders, CODES)) * (
        rng.random((UNITS, coders, 1)) < 0.3
    )
    own = rng.random((UNITS, coders, 1)) < 0.1
    many = np.where(own, rng.integers(1, 4, (UNITS, coders, 1)), rng.integers(1, 4, (UNITS, 1, 1)))
    return leaning.argsort(axis=2).argsort(axis=2) < many


def whole(held: np.ndarray) -> float:
    """Seconds for `agreement` from tables."""
    per = UNITS // DOCUMENTS
    said = pd.DataFrame({"segment": [f"s{i}" for i in range(UNITS)], "position": np.arange(UNITS) % per})
    said["document"] = [f"d{i // per:03d}" for i in range(UNITS)]
    said["start"], said["end"] = 50 * said["position"], 50 * said["position"] + 49
    rest = {"turn": 0, "role": "respondent", "text": "x" * 49}
    unit, coder, code = np.nonzero(held)
    names = np.array(["anna", "bram", "carla", "dirk", "els"])
    codings = said.iloc[unit].assign(group="invented", code=[f"c{k:02d}" for k in code], coder=names[coder])
    tables = (
        make_table({name: codings[name].tolist() for name in codings} | {"status": ["accepted"] * len(unit)}, CODINGS),
        make_table(said.assign(**rest).to_dict("records"), SEGMENTS),
    )
    begun = time.perf_counter()
    agreement(*tables, n_resamples=RESAMPLES)
    return time.perf_counter() - begun


def main() -> None:
    """Print the seconds of each."""
    judgements = invented()
    clusters = np.arange(UNITS) // (UNITS // DOCUMENTS)
    what = f"{UNITS:,} units x {CODES} codes x {RESAMPLES:,} resamples, 2 coders"
    print(f"{what}, five coefficients, units drawn: {with_intervals(judgements, None):.2f} s")
    print(f"the same, {DOCUMENTS} documents drawn: {with_intervals(judgements, clusters):.2f} s")
    for coders in (2, 5):
        seconds = whole(sets(coders))
        print(f"agreement() of {UNITS:,} segments, 1-3 of {CODES} codes, {coders} coders: {seconds:.1f} s")
    begun = time.perf_counter()
    ours = krippendorff_alpha(judgements[:, :, 0])
    seconds = time.perf_counter() - begun
    import krippendorff

    begun = time.perf_counter()
    theirs = krippendorff.alpha(judgements[:, :, 0].T, level_of_measurement="nominal")
    print(
        f"one alpha: {1000 * seconds:.1f} ms ({ours:.6f}); krippendorff: "
        f"{1000 * (time.perf_counter() - begun):.1f} ms ({theirs:.6f}), without interval"
    )


if __name__ == "__main__":
    main()
