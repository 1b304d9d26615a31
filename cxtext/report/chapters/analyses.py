"""What can be counted along the journey of a study, each computed once and only where a chapter asks for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cxtext import journey
from cxtext.coded import codes_of
from cxtext.journey.answers import among, by_document, given_once, moments, numbers, waves_in_order
from cxtext.phases import in_language
from cxtext.report.attributes import PARTS

if TYPE_CHECKING:
    from cxtext.report.moments import Moments
    from cxtext.study import Study

#: respondents that a pattern needs, and one in how many of those with a path that is at least
_FEWEST_PATTERN, _PART_PATTERN = 3, 3
#: the same of activities, of which there are more
_PART_ACTIVITIES = 5
#: conversations without which saturation says nothing
_FEWEST_INTERVIEWS = 3


@dataclass(frozen=True)
class Choices:
    """What a researcher chooses for a report beside phases and experience journeys.

    Attributes
    ----------
    drivers : str or pathlib.Path, optional
        A file with experience drivers; see `cxtext.journey.load_experience_drivers`.
    opening : str
        Hours at which the organisation can be reached; see `cxtext.journey.opening_hours`.
    asked : sequence of tuple
        ``(what, column of its importance, column of satisfaction with it)``, both asked on 1-5, for Ulwick's score.
    """

    drivers: str | Path | None = None
    opening: str = ""
    asked: Sequence[tuple[str, str, str]] = ()


class Analyses:
    """Tables of `cxtext.journey` for one study.

    Parameters
    ----------
    study : Study
    language : {"nl", "en"}
        Of the names.
    experiences : str or pathlib.Path
        See `cxtext.journey.load_experiences`.
    choices : Choices, optional
        What the researcher chose besides.
    """

    def __init__(
        self, study: Study, language: str, experiences: str | Path = "default", choices: Choices | None = None
    ) -> None:
        self.study = study
        self.language = language
        self.choices = choices or Choices()
        self.own_experiences = str(experiences) != "default"
        self._experiences = experiences
        self._said = (study.segments, study.codings, study.scores)

    @property
    def seed(self) -> int:
        """That of the study."""
        return int(self.study.method.get("seed", 0))

    def has(self, part: str, values: int = 1) -> bool:
        """Whether the documents have an attribute such as ``"@wave"``, with at least so many different values."""
        known = by_document(self.study.documents, part)
        return int(known[known != ""].nunique()) >= values

    @cached_property
    def touchpoints(self) -> journey.Touchpoints:
        """See `cxtext.journey.touchpoints`."""
        return journey.touchpoints(*self._said, self.study.documents, language=self.language)

    @cached_property
    def contacts(self) -> bool:
        """Whether the documents are a log of contacts: some respondents have several, with a date and a touchpoint."""
        several = given_once(self.of_first_wave)["case"].duplicated().any()
        return self.has("@touchpoint", 2) and self.has("@date") and bool(several)

    @cached_property
    def of_first_wave(self) -> pd.DataFrame:
        """Documents of the first wave of each respondent, and those of no wave: no path goes on in the next wave."""
        documents = self.study.documents
        wave = by_document(documents, "@wave")
        wave = wave[wave != ""]
        case = by_document(documents, "case")
        order = moments(documents).reindex(wave.index).sort_values(kind="stable").index
        first = pd.DataFrame({"case": case, "wave": wave}).loc[order].drop_duplicates("case").set_index("case")["wave"]
        later = wave.index[wave.to_numpy() != case.reindex(wave.index).map(first).to_numpy()]
        return documents[~among(documents["document"], later)]

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Steps of who has two or more."""
        return _of_two(self._all_steps)

    @cached_property
    def _all_steps(self) -> pd.DataFrame:
        if self.contacts:
            return self._contact_steps("@touchpoint")
        return journey.story_steps(*self._told_first, language=self.language)

    @property
    def _told_first(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Segments of the first wave of each respondent, codings and scores: a path ends with its wave."""
        segments, codings, scores = self._said
        return segments[among(segments["document"], self.of_first_wave["document"])], codings, scores

    def _contact_steps(self, step: str) -> pd.DataFrame:
        return journey.contact_steps(self.study.segments, self.of_first_wave, self.study.scores, step=step)[0]

    @cached_property
    def paths(self) -> journey.Paths | None:
        """Paths of who has two steps or more; None where fewer than 3 respondents do."""
        return self._paths(self.steps)

    @cached_property
    def handed(self) -> dict[str, journey.Paths]:
        """Paths along the departments (``"owner"``) and channels of contacts, as far as the documents tell them."""
        known = [part for part in ("owner", "channel") if self.contacts and self.has(f"@{part}", 2)]
        found = {part: self._paths(_of_two(self._contact_steps(f"@{part}"))) for part in known}
        return {part: own for part, own in found.items() if own is not None}

    @cached_property
    def activities(self) -> journey.Paths | None:
        """What respondents tell that they did, in the order of their story; None where fewer than 3 tell of two."""
        return self._paths(
            _of_two(journey.activity_steps(*self._told_first, language=self.language)), part=_PART_ACTIVITIES
        )

    @cached_property
    def phases_told(self) -> journey.Paths | None:
        """Phases in the order in which respondents tell what they did; None where fewer than 3 tell of two."""
        kinds = codes_of(self.study.codings, "kind")
        did = kinds.loc[kinds["code"] == "activity", "segment"]
        step = self.study.journey.assigned
        names = {phase.id: phase.name for phase in in_language(self.study.journey.phases, self.language)}
        steps = journey.story_steps(*self._told_first, step=step[step.index.isin(did)], names=names)
        return self._paths(_of_two(steps))

    def _paths(self, steps: pd.DataFrame, part: int = _PART_PATTERN) -> journey.Paths | None:
        people = steps["case"].nunique()
        if people < _FEWEST_PATTERN:
            return None
        least = max(_FEWEST_PATTERN, math.ceil(people / part))
        return journey.paths(steps, least=least, language=self.language)

    @cached_property
    def attainment(self) -> tuple[pd.DataFrame, str]:
        """See `cxtext.journey.goal_attainment`, and the question it rests on; ``""`` where respondents tell it.

        Then only those who tell of two contacts or more are compared, without a verdict: who tells much names more
        contacts, and says more often that it worked.
        """
        column, reached = journey.asked_goals(self.study.documents)
        steps = self._all_steps if column else self.steps
        if not column:
            found = journey.goals(self.study.segments, self.study.codings, steps)
            told = {id for ids in found.table["quotes"].tolist() for id in ids.split(";")}
            met = self.study.segments.loc[among(self.study.segments["segment"], told), "case"]
            cases = steps["case"].unique()
            reached = pd.Series(among(pd.Series(cases), met), index=cases, dtype=bool)
            reached = reached if reached.any() else reached.head(0)
        effort = next((one for one in self.rated if one.kind == "effort"), None)
        spent = None
        if effort is not None:
            values = effort.values if not effort.easy else sum(effort.scale) - effort.values
            spent = values.groupby(by_document(self.study.documents, "case").reindex(values.index)).mean()
        table = journey.goal_attainment(steps, reached, effort=spent)
        if not column:
            table = table.replace({"verdict": {"crucial": "unclear", "unnecessary": "unclear"}})
        return table, column

    @cached_property
    def goals(self) -> journey.Goals:
        """See `cxtext.journey.goals`: of who has a path."""
        return journey.goals(self.study.segments, self.study.codings, self.steps)

    @cached_property
    def organisations(self) -> pd.DataFrame:
        """See `cxtext.journey.organisations`."""
        study = self.study
        return journey.organisations(study.segments, study.scores, study.documents, language=self.language)

    @cached_property
    def fits(self) -> dict[str, tuple[str, ...]]:
        """Themes that fit each experience driver of the researcher; empty where there are none."""
        if self.choices.drivers is None:
            return {}
        chosen = journey.load_experience_drivers(self.choices.drivers, language=self.language)
        return journey.fitting_themes(self.study.themes.table, chosen)

    @cached_property
    def rated(self) -> tuple[journey.Rated, ...]:
        """See `cxtext.journey.rated_questions`."""
        return tuple(journey.rated_questions(self.study.documents))

    @cached_property
    def ulwick(self) -> pd.DataFrame:
        """See `cxtext.journey.ulwick`; empty where importance and satisfaction were not asked."""
        return journey.ulwick(self._asked, scale=self.asked_scale, seed=self.seed)

    @cached_property
    def asked_scale(self) -> tuple[int, int]:
        """Scale of the questions about importance and satisfaction: the narrowest that holds all answers."""
        both = pd.concat([self._asked["importance"], self._asked["satisfaction"]])
        return journey.scale_of(both[both.between(0, 10)]) or journey.SCALES[0]

    @cached_property
    def _asked(self) -> pd.DataFrame:
        documents = self.study.documents
        parts = [
            pd.DataFrame(
                {"importance": numbers(documents, important), "satisfaction": numbers(documents, content)}
            ).assign(item=item, case=documents["case"].to_numpy())
            for item, important, content in self.choices.asked
        ]
        columns = ["case", "item", "importance", "satisfaction"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype="float64")

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Columns with a score whose drivers are sought: loyalty (NPS), and the first question about satisfaction."""
        documents = self.study.documents
        loyal = ["@nps"] if "@nps" in documents and numbers(documents, "@nps").nunique() > 1 else []
        asked = (one.column for one in self.rated if one.kind == "satisfaction" and one.values.nunique() > 1)
        return (*loyal, *islice(asked, 1))

    @cached_property
    def drivers(self) -> tuple[journey.Drivers, ...]:
        """Drivers of each score by theme, of everybody and per touchpoint; none without a score or themes."""
        by = "@touchpoint" if self.has("@touchpoint", 2) else ""
        return tuple(
            journey.drivers(*self._said, self.study.documents, outcome=outcome, by=by, themes=self.study.themes,
                            seed=self.seed, language=self.language)
            for outcome in (self.outcomes if self.study.n_themes else ())
        )  # fmt: skip

    @cached_property
    def moments(self) -> Moments:
        """See `cxtext.report.moments.moments_of_truth`: of each score."""
        from cxtext.report.moments import moments_of_truth

        return moments_of_truth(self.study, self.outcomes, seed=self.seed, language=self.language)

    @cached_property
    def waves(self) -> tuple[str, str] | None:
        """The first and the last wave by date, or in their order; None where there are fewer than two."""
        known = waves_in_order(self.study.documents)
        return (known[0], known[-1]) if len(known) > 1 else None

    @cached_property
    def changes(self) -> journey.Changes | None:
        """The first wave against the last; None where there are fewer than two."""
        if not self.waves:
            return None
        return journey.compare_waves(
            *self._said, self.study.documents, waves=self.waves, themes=self.study.themes, seed=self.seed,
            language=self.language,
        )  # fmt: skip

    @cached_property
    def priorities(self) -> journey.PriorityTable:
        """See `cxtext.journey.priorities`."""
        return journey.priorities(
            *self._said, themes=self.study.themes, phase=self.study.journey.assigned, exposed=self._answered,
            fits=self.fits or None, seed=self.seed, language=self.language,
        )  # fmt: skip

    @property
    def _answered(self) -> set[str]:
        """Respondents of a survey: their few words do not tell in which phases they have been."""
        documents = self.study.documents
        return set(documents.loc[documents["kind"] == "survey", "case"])

    @cached_property
    def opportunities(self) -> pd.DataFrame:
        """See `cxtext.journey.opportunities`."""
        study = self.study
        return journey.opportunities(
            study.segments, study.codings, themes=study.themes, seed=self.seed, language=self.language
        )

    @cached_property
    def experiences(self) -> pd.DataFrame:
        """See `cxtext.journey.experience_journeys`."""
        chosen = journey.load_experiences(self._experiences, language=self.language)
        return journey.experience_journeys(*self._said, self.study.documents, experiences=chosen)

    @cached_property
    def saturation(self) -> journey.Saturation | None:
        """See `cxtext.journey.saturation`: of the conversations, as answers to one question do not saturate alike."""
        study = self.study
        talks = study.documents.loc[study.documents["kind"] == "interview", "document"]
        segments = study.segments[study.segments["document"].isin(talks)]
        if segments["case"].nunique() < _FEWEST_INTERVIEWS:
            return None
        return journey.saturation(segments, study.codings, themes=study.themes, seed=self.seed, language=self.language)

    @cached_property
    def mapped(self) -> Study:
        """The study with all lanes of the map; see `cxtext.report.chapters.lanes.with_lanes`."""
        from cxtext.report.chapters.lanes import with_lanes
        from cxtext.report.labels import load_labels

        return with_lanes(self.study, self, load_labels(self.language))

    @cached_property
    def segments_by(self) -> dict[str, pd.Series]:
        """Attributes with a few values that return, by which scores are shown; no scores themselves."""
        from cxtext.report.attributes import filters_table
        from cxtext.report.labels import load_labels

        labels = load_labels(self.language)
        table = filters_table(self.study, labels)
        known = {labels(f"part_{part}") for part in PARTS if part not in ("channel", "owner")}
        documents = self.study.segments["document"].reset_index(drop=True)
        known |= {one.column for one in self.rated}
        return {str(name): table[name].groupby(documents).first() for name in table.columns if name not in known}


def _of_two(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps of who has two or more."""
    sizes = steps.groupby("case")["step"].transform("size") if len(steps) else steps["position"]
    return steps[sizes > 1].reset_index(drop=True)
