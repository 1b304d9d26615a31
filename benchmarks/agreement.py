"""Speed of agreement with intervals, printed for benchmarks/README.md.

Run: ``python benchmarks/agreement.py`` in an environment with cxtext installed, and for the comparison `krippendorff`.
Two invented coders give 10,000 units 20 codes each, and everything is drawn again 2,000 times.
"""

from __future__ import annotations

import time

import numpy as np

from cxtext.agreement import brennan_prediger, cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
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


def whole(judgements: np.ndarray) -> float:
    """Seconds for `agreement` from tables, with a code in a tenth of the units at most."""
    from cxtext.agreement import agreement

    per = UNITS // DOCUMENTS
    places = [
        {"document": f"d{i // per:03d}", "start": 50 * (i % per), "end": 50 * (i % per) + 49} for i in range(UNITS)
    ]
    said = [
        {
            **place,
            "segment": f"s{i}",
            "position": i % per,
            "turn": 0,
            "role": "respondent",
            "text": "x" * 49,
            "prompt": "",
        }
        for i, place in enumerate(places)
    ]
    codings = [
        {**places[i], "segment": f"s{i}", "group": "invented", "code": f"c{k:02d}", "coder": ("anna", "bram")[c]}
        for i, c, k in np.argwhere(judgements).tolist()
    ]
    tables = make_table(codings, CODINGS), make_table(said, SEGMENTS)
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
    print(f"the same from tables, with sets, pairs, disagreements and unitizing alphas: {whole(judgements):.1f} s")
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
