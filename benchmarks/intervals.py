"""How often the intervals of cxtext hold the truth, by simulation, printed for docs/methods.md.

Run: ``python benchmarks/intervals.py`` in an environment with cxtext installed. Respondents are drawn again and again
from a population that is known, with seed 0; each row tells how many studies were drawn. Nominal is 95 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np

from cxtext.stats import (
    Estimate,
    directly_follows,
    holm,
    importance,
    jeffreys,
    largest_difference,
    lift,
    mean_change,
    mean_difference,
    mean_interval,
    nps,
    nps_change,
    nps_difference,
    opportunity,
    opportunity_interval,
    percentiles,
    priorities,
    resampled_means,
    share_change,
    share_difference,
    wilson,
)
from cxtext.stats.resampling import LARGE

STUDIES = 4_000
FEW_STUDIES = 300
Row = tuple[str, str, int, float]


def held(draw: Callable[[], Any], truth: float, studies: int = STUDIES) -> float:
    """Share of drawn intervals that hold the truth; an interval that is not there is no interval."""
    found = [draw() for _ in range(studies)]
    known = [one for one in found if not np.isnan(one.low)]
    return float(np.mean([one.low - 1e-9 <= truth <= one.high + 1e-9 for one in known]))


def shares(rng: np.random.Generator) -> Iterator[Row]:
    """Shares of respondents, their differences and their lift."""
    for name, interval in (("share, Wilson", cache(wilson)), ("share, Jeffreys", cache(jeffreys))):
        for n in (10, 30, 100):
            for p in (0.1, 0.5):
                share = held(lambda f=interval, n=n, p=p: f(int(rng.binomial(n, p)), n), p)
                yield name, f"n = {n}, share {p}", STUDIES, share
    for n in (10, 30, 100):
        found = held(lambda n=n: share_difference(*_two(rng, n, 0.3), *_two(rng, n, 0.5)), 0.2)
        yield "two waves of other people, Newcombe", f"n = {n} each, 0.3 to 0.5", STUDIES, found
        found = held(lambda n=n: share_change(*rng.multinomial(n, [0.2, 0.1, 0.3, 0.4]).tolist()), 0.2)
        yield "two waves of the same people, Newcombe", f"n = {n}, 0.3 to 0.5", STUDIES, found

    def together() -> Any:
        both, one, other, _ = rng.multinomial(100, [0.15, 0.15, 0.15, 0.55]).tolist()
        return lift(both, both + one, both + other, 100)

    yield "lift", "n = 100, 1.67", STUDIES, held(together, 0.15 / 0.09)


def _two(rng: np.random.Generator, n: int, p: float) -> tuple[int, int]:
    return int(rng.binomial(n, p)), n


def promoters(rng: np.random.Generator) -> Iterator[Row]:
    """NPS and its change."""
    for parts in ((0.5, 0.3, 0.2), (0.85, 0.1, 0.05)):
        truth = 100 * (parts[0] - parts[2])
        for n in (10, 30, 100):

            def answers(n: int = n, parts: tuple[float, ...] = parts) -> np.ndarray:
                return rng.choice([10.0, 8.0, 3.0], n, p=parts)

            where = f"n = {n}, NPS {truth:.0f}"
            yield "NPS, adjusted Wald", where, STUDIES, held(lambda a=answers: nps(a()), truth)
            found = held(lambda a=answers: nps_difference(nps(a()), nps(a())), 0)
            yield "NPS, waves of other people", where, STUDIES, found
    for n in (8, 12, 30):

        def pair(n: int = n) -> Any:
            first = rng.choice([10.0, 8.0, 3.0], n, p=(0.3, 0.4, 0.3))
            return nps_change(first, np.where(rng.random(n) < 0.2, 10.0, first))

        yield "NPS, the same people (t)", f"n = {n}, up by 20", STUDIES // 4, held(pair, 20, STUDIES // 4)


def means(rng: np.random.Generator) -> Iterator[Row]:
    """Points of the emotion curve: means of respondents' means of three sentences each, who lean to one side."""

    def felt(n: int) -> np.ndarray:
        own = rng.normal(-0.4, 0.8, (n, 1))
        return np.clip(np.round(own + rng.normal(0, 0.7, (n, 3))), -2, 2).mean(axis=1)

    truth = float(felt(2_000_000).mean())
    for n in (3, 5, 12, 30):
        yield "point of the curve (t)", f"n = {n}", STUDIES, held(lambda n=n: mean_interval(felt(n)), truth)
        found = held(lambda n=n: mean_difference(felt(n), felt(n)), 0)
        yield "two waves of other people (Welch)", f"n = {n} each", STUDIES, found
        found = held(lambda n=n: mean_change(felt(n), felt(n) + 0.3), 0.3, FEW_STUDIES)
        yield "two waves of the same people (t)", f"n = {n}", FEW_STUDIES, found
    for n in (5, 20, 100):
        found = held(lambda n=n: largest_difference([felt(n) for _ in range(4)]), 0, STUDIES // 4)
        yield "best less worst of four departments", f"n = {n} each, all equal", STUDIES // 4, found


def families(rng: np.random.Generator) -> Iterator[Row]:
    """Share of studies of ten codes without any change in which Holm finds none."""
    for n in (20, 100):
        clean = [
            min(holm([share_difference(*_two(rng, n, 0.3), *_two(rng, n, 0.3)).p for _ in range(10)])) >= 0.05
            for _ in range(STUDIES // 4)
        ]
        yield "ten codes, no change: none found (Holm)", f"n = {n} each", STUDIES // 4, float(np.mean(clean))


def drawn_again(rng: np.random.Generator) -> Iterator[Row]:
    """Bootstraps: opportunity, drivers, and the probability of the top three."""
    for n in (12, 30, 100):

        def asked(n: int = n) -> Any:
            return opportunity_interval(rng.random(n) < 0.7, rng.random(n) < 0.4, n_resamples=500)

        yield "opportunity score", f"n = {n}", FEW_STUDIES, held(asked, opportunity(7.0, 4.0), FEW_STUDIES)

    yield from _driven(rng, (40, 100, 300))


def drawn_in_groups(rng: np.random.Generator) -> Iterator[Row]:
    """Bootstraps of so many respondents that random groups of them are drawn."""
    n = LARGE

    def asked() -> Any:
        return opportunity_interval(rng.random(n) < 0.7, rng.random(n) < 0.4, n_resamples=500)

    yield "opportunity score", f"n = {n:,}", FEW_STUDIES, held(asked, opportunity(7.0, 4.0), FEW_STUDIES)
    yield from _driven(rng, (n,))


def _driven(rng: np.random.Generator, sizes: Iterable[int]) -> Iterator[Row]:
    """Drivers of a score that one of them lowers, one raises, and one leaves alone."""

    def people(n: int) -> tuple[np.ndarray, np.ndarray]:
        x = (rng.random((n, 3)) < [0.4, 0.3, 0.3]).astype(float)
        x[:, 1] = np.where(rng.random(n) < 0.3, x[:, 0], x[:, 1])
        return x, 7 - 2 * x[:, 0] + x[:, 1] + rng.normal(0, 1.5, n)

    truth = importance(*people(1_000_000), n_resamples=1).value
    for n in sizes:
        found = [importance(*people(n), n_resamples=500) for _ in range(FEW_STUDIES)]
        inside = np.mean([(one.low <= truth) & (truth <= one.high) for one in found], axis=0)
        for j, share in enumerate(inside.tolist()):
            yield "driver (LMG)", f"n = {n:,}, importance {truth[j]:.3f}", FEW_STUDIES, share


def steps(rng: np.random.Generator) -> Iterator[Row]:
    """Next steps on paths of respondents who each have a way of their own, from one channel to another and back."""

    def path() -> list[str]:
        phones = rng.beta(3, 2)
        return [str(step) for step in np.where(rng.random(1 + rng.poisson(3)) < phones, "phone", "web")]

    def phone_to_web(n: int) -> Any:
        found = directly_follows([path() for _ in range(n)])
        nothing = Estimate(0.0, np.nan, np.nan, 0, "")
        return next((one.probability for one in found if (one.source, one.target) == ("phone", "web")), nothing)

    truth = phone_to_web(300_000).value
    for n in (10, 30, 100):
        found = held(lambda n=n: phone_to_web(n), truth, STUDIES // 4)
        yield "next step (Dirichlet)", f"n = {n}, {truth:.2f}", STUDIES // 4, found


def drawn_means(rng: np.random.Generator) -> Iterator[Row]:
    """Performance of a driver: mean feeling of the third of the respondents who mention it."""

    def performance(n: int) -> Any:
        felt = np.where(rng.random((n, 1)) < 1 / 3, np.clip(rng.normal(-0.4, 0.9, (n, 1)), -2, 2), np.nan)
        low, high = percentiles(resampled_means(felt, n_resamples=500, seed=0))
        return Estimate(0.0, float(low[0]), float(high[0]), n, "bootstrap")

    truth = float(np.clip(rng.normal(-0.4, 0.9, 2_000_000), -2, 2).mean())
    for n in (40, 100, 300):
        found = held(lambda n=n: performance(n), truth, STUDIES // 4)
        yield "performance of a driver", f"n = {n}, a third mentions it", STUDIES // 4, found


def prioritised(rng: np.random.Generator) -> Iterator[Row]:
    """Reach times severity of one problem, with its interval of 90 % of the draws."""
    scale, often = np.array([1.0, 2.0, 3.0, 4.0]), [0.1, 0.4, 0.3, 0.2]

    def problem(n: int) -> Any:
        own = rng.choice(scale, int(rng.binomial(n, 0.3)), p=often)
        found = priorities([own], [n], n_draws=1000)
        return Estimate(0.0, float(found.low[0]), float(found.high[0]), n, "")

    for n in (12, 30, 100, 1000):
        found = held(lambda n=n: problem(n), 0.3 * float(scale @ often) / 4, STUDIES // 4)
        yield "priority (90 %)", f"n = {n}, reach 0.3", STUDIES // 4, found


def top_three(rng: np.random.Generator) -> Iterator[tuple[str, int, float, float]]:
    """Of problems with such a probability of the top three, how many are in it; eight problems, 40 respondents."""
    claimed, true = [], []
    for _ in range(FEW_STUDIES):
        reach, often = rng.uniform(0.05, 0.6, 8), rng.dirichlet(np.ones(4), 8)
        sizes = rng.binomial(40, reach)
        own = [rng.choice([1.0, 2.0, 3.0, 4.0], k, p=p) for k, p in zip(sizes, often, strict=True)]
        claimed.append(priorities(own, [40] * 8, n_draws=500).top)
        true.append(np.argsort(np.argsort(-reach * (often @ [1, 2, 3, 4]))) < 3)
    p, is_in = np.concatenate(claimed), np.concatenate(true)
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.01)):
        here = (p >= low) & (p < high)
        yield f"{low} to {min(high, 1)}", int(here.sum()), float(p[here].mean()), float(is_in[here].mean())


def main() -> None:
    """Print both tables."""
    print("| interval | population | studies | held the truth |\n|---|---|---|---|")
    for part in (shares, promoters, means, families, steps, drawn_means, prioritised, drawn_again, drawn_in_groups):
        for name, where, studies, share in part(np.random.default_rng(0)):
            print(f"| {name} | {where} | {studies:,} | {share:.1%} |", flush=True)
    print("\n| P(top 3) | problems | mean P | were in the top 3 |\n|---|---|---|---|")
    for where, count, mean, share in top_three(np.random.default_rng(0)):
        print(f"| {where} | {count:,} | {mean:.2f} | {share:.2f} |")


if __name__ == "__main__":
    main()
