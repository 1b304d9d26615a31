"""Touchpoints: where respondents meet the organisation, how that goes, and which of them matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, by_document, given_once, labels, moments, nps_answers
from cxtext.journey.lanes import readable
from cxtext.journey.mapping import NEGATIVE
from cxtext.journey.mentions import evidence_by, share_of, valences
from cxtext.showing import html_table
from cxtext.stats import (
    MIN_PERCENTAGE,
    Difference,
    largest_difference,
    mean_difference,
    mean_interval,
    nps,
    share_difference,
)
from cxtext.tables import TEXT, make_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOUCHPOINTS: dict[str, str] = {
    "source": TEXT, "touchpoint": TEXT, "name": TEXT, "owner": TEXT, "documents": "int64", "segments": "int64",
    "respondents": "int64", "of_respondents": "int64", "share": "float64", "low": "float64", "high": "float64",
    "valence": "float64", "valence_low": "float64", "valence_high": "float64", "negative": "int64", "needs": "int64",
    "pains": "int64", "gains": "int64", "emotion": TEXT, "emotion_respondents": "int64", "nps": "float64",
    "nps_low": "float64", "nps_high": "float64", "nps_n": "int64", "nps_eu": "float64", "contacts": "int64",
    "repeated": "int64", "quotes": TEXT,
}  # fmt: skip
GOALS: dict[str, str] = {
    "touchpoint": TEXT, "name": TEXT, "with_k": "int64", "with_n": "int64", "without_k": "int64", "without_n": "int64",
    "difference": "float64", "low": "float64", "high": "float64", "effort": "float64", "effort_low": "float64",
    "effort_high": "float64", "verdict": TEXT, "reason": TEXT, "quotes": TEXT,
}  # fmt: skip

_FEW = 3
_SHOWN = (
    "source", "name", "respondents", "of_respondents", "share", "low", "high", "valence", "valence_low",
    "valence_high", "pains", "gains", "nps", "nps_low", "nps_high", "nps_n",
)  # fmt: skip


@dataclass(frozen=True)
class Touchpoints:
    """The touchpoints of a study.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per touchpoint of a ``source``: ``"attribute"`` (column ``@touchpoint`` of the documents), ``"owner"``
        (column ``@owner``) or ``"text"`` (channels that respondents speak of). With volume (``documents``,
        ``segments``), ``respondents`` of all and their share (Wilson; NaN below 10), mean ``valence`` of the
        respondents' means (t-interval), how many say something clearly ``negative`` and how many voice ``needs``,
        ``pains`` and ``gains``, the most frequent ``emotion``, the NPS with its interval and its European variant, how
        many ``contacts`` were ``repeated`` within the days that were set, and the ``quotes``.
    spread : Difference or None
        "One face": feeling at the best owner less that at the worst one, of those with 3 respondents or more; its p is
        adjusted for the number of pairs it was chosen from. None with fewer than two owners.
    days : int
        Within which another contact is a repeated one.
    language : str
    """

    table: pd.DataFrame
    spread: Difference | None
    days: int = 7
    language: str = "nl"

    def plot(self, *, language: str | None = None) -> Figure:
        """Draw respondents, feeling and NPS per touchpoint.

        Parameters
        ----------
        language : {"nl", "en"}, optional
            Of the labels; that of the table where it is left out.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from cxtext.plots import touchpoint_table

        return touchpoint_table(self.table, language=language or self.language)

    def __repr__(self) -> str:
        told = ", ".join(f"{n} by {source}" for source, n in self.table.groupby("source", sort=False).size().items())
        return f"Touchpoints({told or 'none'})"

    def _repr_html_(self) -> str:
        return html_table(self.table.to_dict("records"), _SHOWN, head=repr(self))


def touchpoints(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    owners: Mapping[str, str] | None = None,
    days: int = 7,
    language: str = "nl",
) -> Touchpoints:
    """List the touchpoints that the text and the attributes name, with what respondents say about each.

    Parameters
    ----------
    segments, codings, scores, documents
        As for `cxtext.journey.map_journey`; of the documents ``@touchpoint``, ``@owner``, ``@nps`` and ``@date`` are
        used where they are there.
    owners : Mapping[str, str], optional
        Department by touchpoint or channel (id), where the documents do not say it.
    days : int
        A contact is repeated where the same respondent has another one at the same touchpoint within so many days.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    Touchpoints

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS
    >>> scores = pd.DataFrame({"segment": [], "valence": []})
    >>> touchpoints(make_table([], SEGMENTS), make_table([], CODINGS), scores)
    Touchpoints(none)
    """
    said = of_respondents(segments, "case", "document", "segment", "text")
    said = said.assign(valence=valences(said["segment"], scores), readable=readable(said["text"])).drop(columns="text")
    kind = codes_of(codings, "kind")
    said = said.assign(**{f"{code}s": among(said["segment"], kind.loc[kind["code"] == code, "segment"])
                          for code in ("need", "pain", "gain")})  # fmt: skip
    channel, names = codes_of(codings, "channel"), {code.id: code.name(language) for code in load_codebook()}
    owner = by_document(documents, "@owner")
    placed = {
        "attribute": said.assign(item=labels(said["document"], by_document(documents, "@touchpoint"))),
        "owner": said.assign(item=labels(said["document"], owner)),
        "text": said.merge(channel.rename(columns={"code": "item"})[["segment", "item"]], on="segment"),
    }
    emotions = codes_of(codings, "emotion")
    answers, _ = nps_answers(documents)
    contacts = None if documents is None else given_once(documents)
    n = said["case"].nunique()
    rows = []
    for source, table in placed.items():
        told = table[table["item"] != ""]
        figures, quotes = _figures(told, emotions, n), evidence_by(told, told["item"])
        owned = _owners(told, owner) if source == "attribute" else {}
        found = [
            row | {"source": source, "touchpoint": item, "name": names.get(item, item) if source == "text" else item,
                   "owner": item if source == "owner" else (owners or {}).get(item) or owned.get(item, ""),
                   "quotes": quotes[item]}
            for item, row in figures.items()
        ]  # fmt: skip
        label = by_document(documents, "@touchpoint" if source == "attribute" else "@owner")
        for row in found if source != "text" else []:
            inside = label.index[label == row["touchpoint"]]
            row |= _scores(answers.loc[among(answers.index.to_series(), inside), "score"].tolist())
            row |= _repeated(contacts, inside, days)
        rows += sorted(found, key=lambda row: (-row["respondents"], -row["segments"]))
    return Touchpoints(
        make_table([_BLANK | row for row in rows], TOUCHPOINTS), _spread(placed["owner"]), days, language
    )


def goal_attainment(
    visited: pd.DataFrame,
    goal: pd.Series,
    *,
    effort: pd.Series | None = None,
    margin: float = 0.1,
) -> pd.DataFrame:
    """Tell crucial from unnecessary touchpoints: how many reach their goal with them, and how many without.

    Parameters
    ----------
    visited : pandas.DataFrame
        Columns ``case`` and ``step``, such as the steps of `cxtext.journey.story_steps`, of which the ``name`` and
        the ``segments`` are taken over.
    goal : pandas.Series
        Whether each respondent (index) got what they came for; respondents who are not in it do not count.
    effort : pandas.Series, optional
        How much effort it took each respondent; high is much.
    margin : float
        Difference in the share that reaches the goal which does not matter.

    Returns
    -------
    pandas.DataFrame
        One row per ``touchpoint``: how many reach the goal with it (``with_k`` of ``with_n``) and without it, the
        ``difference`` (with less without; Newcombe), difference in ``effort`` (Welch), and the ``verdict``:
        ``"crucial"`` (more reach it with, also with bounds for as many touchpoints as are compared, Bonferroni),
        ``"unnecessary"`` (the interval lies within the margin and it does not save effort), ``"unclear"``, or ``""``
        with the ``reason``, below 10 respondents on a side.

    Notes
    -----
    An observation: who skipped a touchpoint may have needed it less. Ask for the goal: read from stories it depends on
    how much somebody tells, which the verdict does not know.

    Examples
    --------
    >>> visited = pd.DataFrame({"case": [f"r{i}" for i in range(20)], "step": ["helpdesk"] * 20})
    >>> goal = pd.Series([True] * 20 + [False] * 20, index=[f"r{i}" for i in range(40)])
    >>> goal_attainment(visited, goal)[["touchpoint", "difference", "verdict"]].values.tolist()
    [['helpdesk', 1.0, 'crucial']]
    """
    rows = []
    counted = visited[visited["case"].isin(goal.index)]
    sizes = counted.groupby("step")["case"].nunique()
    compared = int((sizes.ge(MIN_PERCENTAGE) & (len(goal) - sizes).ge(MIN_PERCENTAGE)).sum())
    for step, own in counted.groupby("step", sort=True):
        inside = goal.index.isin(own["case"])
        reached = [goal[side].astype(bool) for side in (inside, ~inside)]
        (k, n), (k_without, n_without) = [(int(side.sum()), len(side)) for side in reached]
        row = {"touchpoint": step, "name": own["name"].iloc[0] if "name" in own else step,
               "quotes": ";".join(filter(None, own["segments"])) if "segments" in own else "", "with_k": k, "with_n": n,
               "without_k": k_without, "without_n": n_without}  # fmt: skip
        if min(n, n_without) < MIN_PERCENTAGE:
            rows.append(row | {"reason": f"fewer than {MIN_PERCENTAGE} respondents with or without it"})
            continue
        found = share_difference(k_without, n_without, k, n)
        row |= {"difference": found.value, "low": found.low, "high": found.high}
        saves = False
        if effort is not None:
            spent = mean_difference(*(effort.reindex(side.index).to_numpy(dtype=float) for side in reached[::-1]))
            row |= {"effort": spent.value, "effort_low": spent.low, "effort_high": spent.high}
            saves = spent.high < 0
        needless = -margin <= found.low and found.high <= margin and not saves
        crucial = share_difference(k_without, n_without, k, n, confidence=1 - 0.05 / compared).low > 0
        rows.append(row | {"verdict": "crucial" if crucial else "unnecessary" if needless else "unclear"})
    return make_table([{"verdict": "", "reason": ""} | row for row in rows], GOALS)


_BLANK: dict[str, Any] = {"nps_n": 0, "contacts": 0, "repeated": 0}


def _figures(told: pd.DataFrame, emotions: pd.DataFrame, n: int) -> dict[str, dict[str, Any]]:
    """Figures of each touchpoint (``item``)."""
    if told.empty:
        return {}
    by = told.groupby("item", sort=True)
    sizes = by[["document", "segment", "case"]].nunique()
    means = dict(list(told.groupby(["item", "case"])["valence"].mean().groupby(level="item")))
    marks = {kind: told[kind] for kind in ("needs", "pains", "gains")} | {"negative": told["valence"] <= NEGATIVE}
    counts = {kind: told[mask].groupby("item")["case"].nunique() for kind, mask in marks.items()}
    felt = told[["item", "segment", "case"]].merge(emotions, on="segment")
    felt = felt.groupby(["item", "code"])["case"].nunique().sort_index().reset_index()
    most = felt.sort_values("case", ascending=False, kind="stable").drop_duplicates("item").set_index("item")
    rows = {}
    for item, documents, segments, people in sizes.itertuples():
        mean = mean_interval(means[item].to_numpy())
        emotion = most.loc[item].tolist() if item in most.index else ["", 0]
        rows[str(item)] = {
            "documents": documents, "segments": segments, "respondents": people, "of_respondents": n,
            **share_of(people, n), "valence": mean.value, "valence_low": mean.low, "valence_high": mean.high,
            **{kind: int(count.get(item, 0)) for kind, count in counts.items()},
            "emotion": emotion[0], "emotion_respondents": emotion[1],
        }  # fmt: skip
    return rows


def _owners(told: pd.DataFrame, owner: pd.Series) -> dict[str, str]:
    """Owner of most documents of each touchpoint."""
    once = told.drop_duplicates("document")
    once = once.assign(owner=labels(once["document"], owner))
    sizes = once[once["owner"] != ""].groupby("item")["owner"].value_counts()
    return dict(reversed(sizes.index.tolist()))


def _scores(answers: list[float]) -> dict[str, Any]:
    found, eu = nps(answers), nps(answers, variant="eu")
    return {"nps": found.score, "nps_low": found.low, "nps_high": found.high, "nps_n": found.n, "nps_eu": eu.score}


def _repeated(documents: pd.DataFrame | None, inside: pd.Index, days: int) -> dict[str, int]:
    """Contacts with a date, and those that another one of the same respondent followed within `days`."""
    if documents is None or "@date" not in documents:
        return {}
    when = moments(documents).reindex(inside).dropna()
    case = documents.set_index("document")["case"].reindex(when.index)
    rows = pd.DataFrame({"case": case, "when": when}).sort_values(["case", "when"], kind="stable")
    gap = rows["when"].shift(-1) - rows["when"]
    followed = (rows["case"] == rows["case"].shift(-1)) & (gap <= pd.Timedelta(days=days))
    return {"contacts": len(rows), "repeated": int(followed.sum())}


def _spread(placed: pd.DataFrame) -> Difference | None:
    told = placed[(placed["item"] != "") & placed["valence"].notna()]
    means = told.groupby(["item", "case"])["valence"].mean()
    sides = [own.to_numpy() for _, own in means.groupby("item") if len(own) >= _FEW]
    return largest_difference(sides) if len(sides) > 1 else None
