"""What codes, phases and themes are called in a report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cxtext.codebook import load_codebook
from cxtext.report.labels import Labels
from cxtext.report.rows import rows_of

if TYPE_CHECKING:
    from cxtext.study import Study


@dataclass(frozen=True)
class Names:
    """Names by id, in one language and in the order of the codebook, the journey and the themes.

    Attributes
    ----------
    groups : Mapping[str, str]
        Those of the codebook, then others that were used.
    codes : Mapping[str, str]
        By path ``group/code``.
    phases, themes : Mapping[str, str]
    """

    groups: Mapping[str, str]
    codes: Mapping[str, str]
    phases: Mapping[str, str]
    themes: Mapping[str, str]

    def path(self, group: str, code: str) -> str:
        """Full code path for people, such as ``Soort uitspraak / pijn``."""
        return f"{self.groups.get(group, group)} / {self.codes.get(f'{group}/{code}', code)}"


def names_of(study: Study, labels: Labels) -> Names:
    """Collect the names that a report of `study` needs.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    Names
    """
    from cxtext.themes import OUTLIERS

    codebook = load_codebook()
    groups = {group.id: group.name(labels.language) for group in codebook.groups}
    codes = {code.path: code.name(labels.language) for code in codebook}
    phases = {phase.id: replace(phase, language=labels.language).name for phase in study.journey.phases}
    for group, code in rows_of(study.codings[["group", "code"]].drop_duplicates()):
        groups.setdefault(group, group)
        codes.setdefault(f"{group}/{code}", code)
    themes = dict(zip(study.themes.table["theme"], study.themes.table["name"], strict=True))
    if OUTLIERS in themes:
        themes[OUTLIERS] = labels("outliers")
    return Names(groups, codes, phases, themes)


def clock(seconds: float) -> str:
    """Time in a recording as people write it; ``""`` where there is none.

    Examples
    --------
    >>> clock(75.4), clock(3700), clock(float("nan"))
    ('1:15', '1:01:40', '')
    """
    if math.isnan(seconds):
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
