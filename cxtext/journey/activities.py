"""Activities: what respondents tell that they did, in the order of their story."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from cxtext.coded import codes_of, of_respondents
from cxtext.journey.answers import among, objects
from cxtext.journey.mentions import valences
from cxtext.journey.steps import numbered
from cxtext.resources import read_data


def activity_steps(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    scores: pd.DataFrame | None = None,
    *,
    least: int = 3,
    language: str = "nl",
) -> pd.DataFrame:
    """Activities in the order in which respondents tell them; the same one in sentences in a row is one step.

    Parameters
    ----------
    segments, codings, scores
        As for `cxtext.journey.map_journey`.
    least : int
        Respondents who have to tell of an activity.
    language : {"nl", "en"}
        Of the names.

    Returns
    -------
    pandas.DataFrame
        Columns `cxtext.journey.steps.STEPS`. Only segments coded ``kind/activity`` are read, for the activities of
        a list; one segment may tell of several. Who did it is not read: "phoning" is also to be phoned.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS, make_table
    >>> activity_steps(make_table([], SEGMENTS), make_table([], CODINGS)).empty
    True
    """
    kinds = codes_of(codings, "kind")
    said = of_respondents(segments, "case", "document", "segment", "text")
    own = said[among(said["segment"], kinds.loc[kinds["code"] == "activity", "segment"])]
    told = pd.Series([told_activities(text) for text in objects(own["text"])], index=own.index, dtype=object)
    rows = own.assign(step=told, valence=valences(own["segment"], scores)).explode("step")
    rows = rows[rows["step"].notna()].astype({"step": "str"})
    people = rows.groupby("step")["case"].nunique()
    rows = rows[rows["step"].isin(people.index[people >= least])]
    return numbered(rows, {activity: names[language] for activity, (names, _) in _activities().items()})


def told_activities(text: str) -> list[str]:
    """Find the activities that a text tells of, each once, in the order of their first words.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> told_activities("Eerst gemaild, toen toch maar gebeld.")
    ['write', 'phone']
    """
    lowered = text.casefold().replace("’", "'")
    found = {activity: words.search(lowered) for activity, (_, words) in _activities().items()}
    places = {activity: match.start() for activity, match in found.items() if match}
    return sorted(places, key=lambda activity: places[activity])


@cache
def _activities() -> dict[str, tuple[dict[str, str], re.Pattern[str]]]:
    """Names and words by activity."""
    data = read_data("activities.yaml")
    return {activity: (one["name"], re.compile("|".join(one["words"]))) for activity, one in data.items()}
