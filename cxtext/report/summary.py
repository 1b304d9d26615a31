"""The first lines of a report: what was studied, how much, and what the codes are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxtext.report.labels import Labels
from cxtext.report.quotes import active_codings

if TYPE_CHECKING:
    from cxtext.study import Study


def lede(study: Study, labels: Labels) -> str:
    """Introduce the study in two sentences.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    str
    """
    kinds = study.documents["kind"].value_counts()
    keys = {"interview": "interview", "survey": "answer"}
    parts = [labels.count(key, int(kinds[kind])) for kind, key in keys.items() if kind in kinds]
    return labels(
        "lede",
        documents=labels("and").join(parts) or labels.count("document", 0),
        respondents=labels.count("respondent", study.respondents),
        segments=labels.count("segment", len(study.segments)),
    )


def counts(study: Study, labels: Labels) -> list[tuple[str, str]]:
    """Numbers of the study with their labels.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    list of tuple of str
        Number and label.
    """
    numbers = {
        "respondents": study.respondents,
        "documents": len(study.documents),
        "segments": len(study.segments),
        "codings": len(active_codings(study)),
    }
    return [(labels.number(number), labels(f"count_{key}")) for key, number in numbers.items()]


def status_text(study: Study, labels: Labels) -> tuple[str, str]:
    """Say how many of the codings a person has looked at, and what that means.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    tuple of str
        Headline and explanation.
    """
    codings = active_codings(study)
    reviewed = int((codings["status"] == "accepted").sum())
    total = labels.count("coding", len(codings))
    if reviewed and reviewed == len(codings):
        return labels("status_human", codings=total), ""
    model = study.method.get("model", "")
    if reviewed:
        return labels("status_some", reviewed=labels.number(reviewed), codings=total), labels(
            "status_rest", model=model
        )
    return labels("status_none"), labels("status_all", codings=total, model=model)
