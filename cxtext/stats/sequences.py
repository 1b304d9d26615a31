"""Journeys as sequences of steps: what follows what, what is done over, and how far a path is from the desired one."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from cxtext.stats.shares import Estimate, jeffreys, wilson

#: before the first and after the last step of every trace
START, END = "(start)", "(end)"
#: sum of squares that is rounding only
_NO_SPREAD = 1e-9

Trace = Sequence[str]


@dataclass(frozen=True)
class Transition:
    """One step directly after another.

    Attributes
    ----------
    source, target : str
        `START` and `END` stand for the edges of a trace.
    count : int
        How often `target` came directly after `source`.
    cases : int
        In how many traces.
    probability : Estimate
        Of `target` once at `source`; ``n`` is the number of traces that left `source`.
    """

    source: str
    target: str
    count: int
    cases: int
    probability: Estimate


@dataclass(frozen=True)
class Repeats:
    """How often a step is done more than once.

    Attributes
    ----------
    step : str
    visits, cases : int
        How often it was taken, and in how many traces.
    rework : Estimate
        Share of all traces in which it was taken more than once.
    self_loops, returns : int
        Times it followed itself directly, and times it came back after something else.
    """

    step: str
    visits: int
    cases: int
    rework: Estimate
    self_loops: int
    returns: int


def directly_follows(traces: Sequence[Trace], *, confidence: float = 0.95) -> list[Transition]:
    """What comes directly after what, and how probable that is.

    Parameters
    ----------
    traces : sequence of sequence of str
        Steps of each case in order; empty traces are left out.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    list of Transition
        The most frequent first.

    Notes
    -----
    The probability is a share of transitions, and those of one case are no independent observations. So its interval
    (Dirichlet(1/2), the other targets taken together) rests on the *effective* number of transitions (Korn and
    Graubard, 1998): as many independent ones as would be this uncertain, by how much the cases that left the source
    differ. It is at most the number of transitions; where the cases do not differ at all, it is the number of cases.

    Examples
    --------
    >>> first = directly_follows([["web", "phone"], ["web", "shop"]])[0]
    >>> first.source, first.target, first.count, first.probability.value
    ('(start)', 'web', 2, 1.0)
    """
    pairs: Counter[tuple[str, str]] = Counter()
    cases: Counter[tuple[str, str]] = Counter()
    leaving: Counter[str] = Counter()
    out: Counter[str] = Counter()
    squares: Counter[tuple[str, str]] = Counter()
    products: Counter[tuple[str, str]] = Counter()
    square_out: Counter[str] = Counter()
    for trace in traces:
        if trace:
            steps = [START, *trace, END]
            left, own = Counter(steps[:-1]), Counter(itertools.pairwise(steps))
            pairs.update(own)
            cases.update(own.keys())
            leaving.update(left.keys())
            out.update(left)
            square_out.update({source: times * times for source, times in left.items()})
            squares.update({pair: times * times for pair, times in own.items()})
            products.update({pair: times * left[pair[0]] for pair, times in own.items()})
    found = []
    for pair, count in pairs.items():
        source, people, steps_out = pair[0], leaving[pair[0]], out[pair[0]]
        share = count / steps_out
        spread = squares[pair] - 2 * share * products[pair] + share * share * square_out[source]
        size = _effective(share, spread, people, steps_out, confidence)
        interval = jeffreys(min(share * size, size), size, confidence=confidence)
        estimate = Estimate(share, interval.low, interval.high, people, "Dirichlet(1/2)")
        found.append(Transition(*pair, count, cases[pair], estimate))
    return sorted(found, key=lambda one: (-one.count, one.source != START, one.source, one.target))


def _effective(share: float, spread: float, cases: int, transitions: int, confidence: float) -> float:
    """Independent transitions that would make a share as uncertain as it is among cases with this sum of squares."""
    if cases == 1 or spread <= _NO_SPREAD:
        return cases
    size = share * (1 - share) * transitions**2 / spread
    tail = (1 + confidence) / 2
    return float(min(size * (stdtrit(transitions - 1, tail) / stdtrit(cases - 1, tail)) ** 2, transitions))


def repeats(traces: Sequence[Trace], *, confidence: float = 0.95) -> list[Repeats]:
    """Rework and loops of each step.

    Parameters
    ----------
    traces : sequence of sequence of str
    confidence : float
        Between 0 and 1.

    Returns
    -------
    list of Repeats
        The step of most cases first.

    Examples
    --------
    >>> one = repeats([["web", "phone", "phone", "mail"], ["web", "mail"]])[1]
    >>> one.step, one.visits, one.cases, one.rework.value, one.self_loops, one.returns
    ('web', 2, 2, 0.0, 0, 0)
    """
    visits: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    again: Counter[str] = Counter()
    loops: Counter[str] = Counter()
    for trace in traces:
        own = Counter(trace)
        visits.update(own)
        cases.update(own.keys())
        again.update(step for step, count in own.items() if count > 1)
        loops.update(step for step, following in itertools.pairwise(trace) if step == following)
    told = sum(bool(trace) for trace in traces)
    found = [
        Repeats(
            step=step,
            visits=visits[step],
            cases=cases[step],
            rework=wilson(again[step], told, confidence=confidence),
            self_loops=loops[step],
            returns=visits[step] - cases[step] - loops[step],
        )
        for step in cases
    ]
    return sorted(found, key=lambda one: (-one.cases, -one.visits, one.step))


def switches(traces: Sequence[Trace]) -> tuple[int, int]:
    """How many transitions within traces go to another step, and how many transitions there are.

    Parameters
    ----------
    traces : sequence of sequence of str
        Of channels, or of departments, whose switches are hand-offs.

    Returns
    -------
    tuple of int

    Examples
    --------
    >>> switches([["web", "phone", "phone", "mail"], ["phone", "mail"]])
    (3, 4)
    """
    pairs = [pair for trace in traces for pair in itertools.pairwise(trace)]
    return sum(a != b for a, b in pairs), len(pairs)


def bounces(traces: Sequence[Trace]) -> Counter[tuple[str, str]]:
    """How often a case went from one to another and straight back.

    Parameters
    ----------
    traces : sequence of sequence of str
        Of channels or departments.

    Returns
    -------
    Counter of (str, str)
        By where it came from and where it was sent to.

    Examples
    --------
    >>> bounces([["sales", "billing", "sales", "billing"]])
    Counter({('sales', 'billing'): 1, ('billing', 'sales'): 1})
    """
    found: Counter[tuple[str, str]] = Counter()
    for trace in traces:
        triples = zip(trace, trace[1:], trace[2:], strict=False)
        found.update((a, b) for a, b, c in triples if a == c and a != b)
    return found


def fit(trace: Trace, desired: Trace) -> float:
    """How close a path is to the desired one: 1 - edit distance / length of the longer one.

    Parameters
    ----------
    trace, desired : sequence of str

    Returns
    -------
    float
        From 0 (nothing in common) to 1 (the same).

    Examples
    --------
    >>> fit(["web", "phone", "mail"], ["web", "mail"])
    0.6666666666666667
    """
    if not trace and not desired:
        return 1.0
    above = list(range(len(desired) + 1))
    for i, step in enumerate(trace, start=1):
        row = [i]
        for j, other in enumerate(desired, start=1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (step != other)))
        above = row
    return 1 - above[-1] / max(len(trace), len(desired))


def first_fit(trace: Trace, pattern: Trace) -> list[int]:
    """Find the first places in a trace that fit a pattern, with anything in between.

    Parameters
    ----------
    trace, pattern : sequence of str

    Returns
    -------
    list of int
        One place per step of the pattern; empty where it does not fit.

    Examples
    --------
    >>> first_fit(["web", "phone", "web", "mail"], ["web", "mail"])
    [0, 3]
    """
    left = iter(enumerate(trace))
    places = [next((place for place, step in left if step == wanted), -1) for wanted in pattern]
    return [] if -1 in places else places


def frequent_patterns(
    traces: Sequence[Trace], *, least: int = 2, longest: int = 6
) -> list[tuple[tuple[str, ...], int]]:
    """Steps that many cases take in this order, with anything in between (PrefixSpan; Pei et al., 2001).

    Parameters
    ----------
    traces : sequence of sequence of str
    least : int
        Cases a pattern needs.
    longest : int
        Most steps of a pattern.

    Returns
    -------
    list of (tuple of str, int)
        Closed patterns of two steps or more, with their number of cases: no longer pattern holds them in as many. The
        pattern of most cases first.

    Examples
    --------
    >>> frequent_patterns([["web", "phone", "mail"], ["web", "shop", "mail"], ["phone", "mail"]])
    [(('phone', 'mail'), 2), (('web', 'mail'), 2)]
    """
    found: dict[tuple[str, ...], int] = {}

    def grow(prefix: tuple[str, ...], open_: list[tuple[int, int]]) -> None:
        nexts: dict[str, list[tuple[int, int]]] = {}
        for number, start in open_:
            seen = set()
            for place in range(start, len(traces[number])):
                step = traces[number][place]
                if step not in seen:
                    seen.add(step)
                    nexts.setdefault(step, []).append((number, place + 1))
        for step, places in sorted(nexts.items()):
            if len(places) >= least:
                found[*prefix, step] = len(places)
                if len(prefix) + 1 < longest:
                    grow((*prefix, step), places)

    grow((), [(number, 0) for number in range(len(traces))])
    within = {
        part
        for pattern, count in found.items()
        for part in ((*pattern[:i], *pattern[i + 1 :]) for i in range(len(pattern)))
        if found.get(part) == count
    }
    closed = [(pattern, count) for pattern, count in found.items() if len(pattern) > 1 and pattern not in within]
    return sorted(closed, key=lambda pair: (-pair[1], -len(pair[0]), pair[0]))
