"""What of a study can be handed on: numbers and quotes of enough respondents, and nothing of single people.

A share tells of the others as well. Of a code, theme, phase or touchpoint they only did not mention it, which says
nothing of them; but who of 7 respondents is not among the 5 negative ones was not negative. So a number of
respondents with a sentiment is also withheld (`WITHHELD`) where it leaves 1 to `below` - 1 others. Promoters, passives
and detractors are withheld together, see `cxtext.report.shared_nps`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING

import pandas as pd

from cxtext.errors import OptionError
from cxtext.ingest.speakers import label_kind
from cxtext.privacy.cells import WITHHELD, few
from cxtext.privacy.processing import ProcessingRecord
from cxtext.privacy.screening import needs_check
from cxtext.report.cell_marks import GROUPS, KINDS, Cases, Key, marks_of
from cxtext.report.findings import Claim, best, claims
from cxtext.report.labels import Labels
from cxtext.report.names import Names, names_of
from cxtext.report.quotes import active_codings, quotes_table
from cxtext.report.rows import rows_of
from cxtext.report.shared_chapters import shared_chapters
from cxtext.report.shared_nps import shared_nps
from cxtext.report.summary import status_text
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.phases import Phase
    from cxtext.report.chapters.blocks import Chapter
    from cxtext.study import Study

_CODES = {"needs": "need", "pains": "pain", "gains": "gain", "activities": "activity"}
_NAMED_BY_THEMES = (*KINDS, "themes")
_FACTS = ("cxtext", "python", "model", "model_version", "engine", "seed", "phases")
_QUOTES = 5


@dataclass(frozen=True)
class SharedClaim:
    """A main finding: key of its sentence, respondents, other values of the sentence, and a quote or ``""``."""

    label: str
    respondents: int
    values: Mapping[str, str]
    quote: str


@dataclass(frozen=True)
class Shared:
    """What of a study can be handed on.

    It holds no row, id, name, attribute or file of a single respondent, so that what is made of it cannot either. In
    place of a number that is withheld stands a text: ``"<5"``, or ``"×"`` where that would say too much. Statements are
    not counted at all, except in the totals: their numbers add up, and would give away what is withheld.

    Attributes
    ----------
    below : int
        Least number of respondents.
    respondents, documents, segments, codings : int
        Totals.
    phases : tuple of Phase
    names : Names
    spoke : Mapping[str, int or str]
        Respondents by phase.
    claims : list of SharedClaim
    cells : pandas.DataFrame
        ``phase``, ``lane``, ``item``, ``name``, ``respondents``, ``of_respondents``. Of a lane of quotes, the name is
        the quote, and ``respondents`` is ``""``; without a name, it stands for what cannot be named: ``"<5"`` where
        too few respondents are behind it, ``"×"`` where a person has to look at the quotes first. What is withheld
        comes last, by name, as its place would tell its size; and so are ties, as their order would tell of statements.
    curve : pandas.DataFrame
        ``phase``, ``n``, ``mean``, ``low``, ``high``, ``negative``.
    nps : pandas.DataFrame
        See `cxtext.report.shared_nps.shared_nps`.
    themes : pandas.DataFrame
        ``theme``, ``name``, ``terms``, ``respondents``, ``of_respondents``, without the themes that are withheld.
    quotes : Mapping[str, list of str]
        By theme.
    codes : pandas.DataFrame
        ``group``, ``code``, ``respondents``, by name, as the order of the texts would tell who first used a code.
    chapters : tuple of Chapter
        See `cxtext.report.shared_chapters.shared_chapters`.
    status : tuple of str
        See `cxtext.report.summary.status_text`.
    facts : Mapping[str, str]
        How it was done.
    thresholds : Mapping[str, str]
        By path of the code.
    record : ProcessingRecord, optional
    pseudonymised : bool
    """

    below: int
    respondents: int
    documents: int
    segments: int
    codings: int
    phases: tuple[Phase, ...]
    names: Names
    spoke: Mapping[str, int | str]
    claims: list[SharedClaim]
    cells: pd.DataFrame
    curve: pd.DataFrame
    nps: pd.DataFrame
    themes: pd.DataFrame
    quotes: Mapping[str, list[str]]
    codes: pd.DataFrame
    chapters: tuple[Chapter, ...]
    status: tuple[str, str]
    facts: Mapping[str, str]
    thresholds: Mapping[str, str]
    record: ProcessingRecord | None
    pseudonymised: bool


def suppress(study: Study, labels: Labels, *, below: int) -> Shared:
    """Keep of a study what can be handed on.

    Parameters
    ----------
    study : Study
    labels : Labels
        Of the names.
    below : int
        Numbers and quotes of fewer respondents are withheld, and so are numbers from which these could be computed.

    Returns
    -------
    Shared

    Raises
    ------
    OptionError
        `below` is less than 2, or the whole study has fewer respondents.
    """
    if below < 2:
        msg = f"Suppression below {below} respondents withholds nothing. Give 2 or more; 5 is usual."
        raise OptionError(msg)
    if study.respondents < below:
        msg = (
            f"The study has {study.respondents} respondents, and numbers of fewer than {below} are to be withheld: "
            "nothing would remain to hand on. Give a smaller number, or collect more."
        )
        raise OptionError(msg)
    quotes, names = quotes_table(study), names_of(study, labels)
    said = active_codings(study).merge(quotes[["segment", "case", "phase"]], on="segment")
    cases = _cases(study, quotes, said)
    marks = marks_of(cases, frozenset(quotes["case"]), below)
    count = partial(_count, cases, marks)
    fit = _screen(study)
    themes = study.themes.table
    themes = themes[[("theme", theme) not in marks and theme != OUTLIERS for theme in themes["theme"]]]
    kept = themes.assign(
        name=[_clean(name, fit) or theme for theme, name in zip(themes["theme"], themes["name"], strict=True)],
        terms=[_clean(terms, fit) for terms in themes["terms"]],
    ).sort_values("respondents", ascending=False, kind="stable")
    shown = dict(zip(kept["theme"], kept["name"], strict=True))
    known = dict(shown)
    if OUTLIERS in names.themes:
        known[OUTLIERS] = names.themes[OUTLIERS]
    names = Names(names.groups, names.codes, names.phases, known)
    curve = _curve(study.journey.curve, marks, below)
    return Shared(
        below=below,
        respondents=study.respondents,
        documents=len(study.documents),
        segments=len(study.segments),
        codings=len(active_codings(study)),
        phases=study.journey.phases,
        names=names,
        spoke={phase.id: count(("phase", phase.id)) for phase in study.journey.phases},
        claims=list(_claims(study, quotes, marks, names, labels, fit, below)),
        cells=_cells(study, quotes, cases, marks, names, fit, below),
        curve=curve,
        nps=shared_nps(study.journey.nps, below=below),
        themes=kept[["theme", "name", "terms", "respondents", "of_respondents"]].reset_index(drop=True),
        quotes=_theme_quotes(study, quotes, kept["theme"], fit),
        codes=pd.DataFrame(
            sorted((key[1], key[2], count(key)) for key in cases if key[0] == "code"),
            columns=["group", "code", "respondents"],
        ),
        chapters=shared_chapters(study, labels, below=below, curve=curve, themes=shown),
        status=status_text(study, labels),
        facts={name: PurePath(str(study.method[name])).name for name in _FACTS if name in study.method},
        thresholds={path: labels.number(value, 2) for path, value in study.method.get("thresholds", {}).items()},
        record=study.record,
        pseudonymised=study.pseudonymised,
    )


def _cases(study: Study, quotes: pd.DataFrame, said: pd.DataFrame) -> dict[Key, frozenset[str]]:
    """Respondents behind every number that a report may show."""
    cases: dict[Key, frozenset[str]] = {}
    for phase in study.journey.phases:
        own = quotes[quotes["phase"] == phase.id]
        cases["phase", phase.id] = cases["sentences", "quotes", phase.id] = frozenset(own["case"])
        for lane, code in _CODES.items():
            coded = said[(said["group"] == "kind") & (said["code"] == code) & (said["phase"] == phase.id)]
            cases["sentences", lane, phase.id] = frozenset(coded["case"])
    for theme, members in study.themes.members.groupby("theme", sort=False):
        if theme != OUTLIERS:
            cases["theme", str(theme)] = frozenset(members["case"])
    for path, uses in said.groupby(said["group"] + "/" + said["code"], sort=False):
        cases["code", *str(path).split("/", 1)] = frozenset(uses["case"])
    who = dict(zip(quotes["segment"], quotes["case"], strict=True))
    for row in rows_of(study.journey.cells):
        cases["cell", row.lane, row.phase, row.item] = frozenset(who[segment] for segment in row.quotes.split(";"))
    return cases


def _count(cases: Cases, marks: Mapping[Key, str], key: Key) -> int | str:
    return marks.get(key, len(cases[key]))


def _screen(study: Study) -> Callable[[str], bool]:
    """Whether a text can be shown: a person checked the quotes, or it holds nothing that has to be checked."""
    if study.pseudonymised and study.record and study.record.quotes_checked:
        return lambda text: True
    people = {turn.speaker for document in study.corpus for turn in document.turns if turn.speaker}
    known = sorted(name for name in people if label_kind(name) is None)
    return lambda text: not needs_check(text, known=known)


def _clean(terms: str, fit: Callable[[str], bool]) -> str:
    """Terms of a theme without those that may be personal data."""
    return ", ".join(term for term in terms.split(", ") if fit(term))


def _cells(
    study: Study, quotes: pd.DataFrame, cases: Cases, marks: Mapping[Key, str], names: Names,
    fit: Callable[[str], bool], below: int,
) -> pd.DataFrame:  # fmt: skip
    texts = dict(zip(quotes["segment"], quotes["text"], strict=True))
    rows: list[tuple[str, str, str, str, int | str, int | str]] = []
    for (lane, phase), own in study.journey.cells.groupby(["lane", "phase"], sort=False):
        spoke = _count(cases, marks, ("phase", str(phase)))
        enough = isinstance(spoke, int) and len(cases.get(("sentences", str(lane), str(phase)), ())) >= below
        shown, hidden, missing = [], [], set()
        for row in rows_of(own):
            number = _count(cases, marks, ("cell", row.lane, row.phase, row.item))
            name = names.themes.get(row.item, "") if lane in _NAMED_BY_THEMES else row.name
            name = names.codes.get(f"{GROUPS[row.lane]}/{row.item}", name) if lane in GROUPS else name
            cell = (row.phase, row.lane, row.item, name, number, spoke)
            if row.item in texts:
                if enough and fit(texts[row.item]):
                    among = number if lane == "activities" and isinstance(number, int) else ""
                    shown.append((row.phase, row.lane, "", texts[row.item], among, spoke))
                else:
                    missing.add(WITHHELD if enough else few(below))
            elif isinstance(number, int) and name:
                shown.append(cell)
            elif name and lane != "touchpoints":
                hidden.append(cell)
            else:
                missing.add(few(below))
        shown.sort(key=_place)
        rows += [*shown, *sorted(hidden, key=lambda cell: cell[3].casefold())]
        if few(below) in missing or (missing and not shown):
            rows.append((str(phase), str(lane), "", "", min(missing), spoke))
    return pd.DataFrame(rows, columns=["phase", "lane", "item", "name", "respondents", "of_respondents"])


def _place(cell: tuple[str, str, str, str, int | str, int | str]) -> tuple[bool, int, str]:
    """Place of a cell that is shown: by size, ties by name, what is in no theme last; quotes stay as they are."""
    _, _, item, name, number, _ = cell
    return (item == OUTLIERS, -number, name.casefold()) if item and isinstance(number, int) else (False, 0, "")


def _curve(curve: pd.DataFrame, marks: Mapping[Key, str], below: int) -> pd.DataFrame:
    rows = []
    for row in rows_of(curve):
        mark = marks.get(("phase", row.phase)) or (few(below) if 0 < row.n < below else "")
        if mark:
            rows.append((row.phase, mark, math.nan, math.nan, math.nan, mark))
        else:
            others = WITHHELD if 0 < row.n - row.negative < below else row.negative
            negative = few(below) if 0 < row.negative < below else others
            rows.append((row.phase, row.n, *(round(value, 2) for value in (row.mean, row.low, row.high)), negative))
    return pd.DataFrame(rows, columns=["phase", "n", "mean", "low", "high", "negative"])


def _theme_quotes(
    study: Study, quotes: pd.DataFrame, themes: Iterable[str], fit: Callable[[str], bool]
) -> dict[str, list[str]]:
    texts = dict(zip(quotes["segment"], quotes["text"], strict=True))
    ranked = study.themes.members[study.themes.members["rank"] > 0].sort_values("rank", kind="stable")
    return {
        theme: [text for segment in ranked.loc[ranked["theme"] == theme, "segment"] if fit(text := texts[segment])]
        for theme in themes
    }


def _claims(
    study: Study, quotes: pd.DataFrame, marks: Mapping[Key, str], names: Names, labels: Labels,
    fit: Callable[[str], bool], below: int,
) -> Iterator[SharedClaim]:  # fmt: skip
    for claim in claims(study, quotes, names, labels):
        respondents = claim.said["case"].nunique()
        theme = claim.filters.get("theme", "")
        if respondents < below or ("phase", claim.phase) in marks or (theme and theme not in names.themes):
            continue
        if ("code", claim.filters.get("group", ""), claim.filters.get("code", "")) in marks:
            continue
        values = {"theme": names.themes[theme]} if theme else dict(claim.values)
        label = "finding_theme_shared" if theme else claim.label.removesuffix("_tied")
        yield SharedClaim(label, respondents, values, _quote(claim, fit))


def _quote(claim: Claim, fit: Callable[[str], bool]) -> str:
    """Best quote that can be shown, of the first few."""
    left = claim.said.drop_duplicates("segment")
    for _ in range(_QUOTES):
        if left.empty:
            break
        segment = best(left)
        text = str(left.loc[left["segment"] == segment, "text"].iloc[0])
        if fit(text):
            return text
        left = left[left["segment"] != segment]
    return ""
