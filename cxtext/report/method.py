"""The method section: what was read, how it was done, and which definitions were used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.codebook import load_codebook
from cxtext.report.labels import Labels
from cxtext.report.links import quotes_link
from cxtext.report.names import Names
from cxtext.report.quotes import active_codings, file_names
from cxtext.stats import share_text
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.privacy.processing import ProcessingRecord
    from cxtext.study import Study

_FACTS = ("cxtext", "python", "model", "model_version", "engine", "seed", "phases", "themes")


@dataclass(frozen=True)
class CodeRow:
    """A code in the codebook of the report.

    Attributes
    ----------
    name, definition, threshold : str
    codings, share : str
        How often it was applied, and to how many respondents.
    link : str
        Address of its quotes; ``""`` where it was never applied.
    """

    name: str
    definition: str
    threshold: str
    codings: str
    share: str
    link: str


@dataclass(frozen=True)
class CodeGroup:
    """A group of the codebook with its codes.

    Attributes
    ----------
    name : str
    experimental : bool
    rows : list of CodeRow
    """

    name: str
    experimental: bool
    rows: list[CodeRow]


def files(study: Study, labels: Labels) -> list[list[str]]:
    """Files that were read: name, kind, language, documents, words, turns; the last row is the total.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    list of list of str
    """
    table, names = study.documents, file_names(study)
    rows = []
    for source, own in table.groupby("source", sort=False):
        kinds = [labels.optional(f"kind_{kind}", str(kind)) for kind in own["kind"].unique()]
        languages = [labels.optional(f"language_{code}", str(code)) for code in own["language"].unique()]
        rows.append([names[str(source)], ", ".join(kinds), ", ".join(languages), *_sizes(own, labels)])
    return [*rows, [labels("total"), "", "", *_sizes(table, labels)]]


def _sizes(documents: pd.DataFrame, labels: Labels) -> list[str]:
    sizes = (len(documents), documents["words"].sum(), documents["turns"].sum())
    return [labels.number(int(size)) for size in sizes]


def facts(study: Study, labels: Labels) -> list[tuple[str, str]]:
    """List what somebody needs to repeat the analysis, as pairs of label and value.

    Parameters
    ----------
    study : Study
    labels : Labels

    Returns
    -------
    list of tuple of str
    """
    codebook = load_codebook()
    known = {**study.method, "themes": _themes_found(study, labels)}
    pairs = [(labels(f"run_{key}"), _plain(known[key])) for key in _FACTS if key in study.method]
    coders = ", ".join(sorted(study.codings["coder"].unique()))
    return [
        *pairs,
        (labels("run_coders"), coders or "–"),
        (labels("run_codebook"), f"{codebook.name} {codebook.version}"),
    ]


def _themes_found(study: Study, labels: Labels) -> str:
    """How the themes were found, in the language of the report."""
    members = study.themes.members
    apart = int((members["theme"] == OUTLIERS).sum())
    return labels(
        "run_themes_found", segments=labels.count("segment", len(members)), apart=labels.count("segment", apart),
        respondents=labels.count("respondent", members["case"].nunique()),
        themes=labels.count("theme_count", study.n_themes),
    )  # fmt: skip


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {_plain(item)}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def code_groups(study: Study, quotes: pd.DataFrame, names: Names, labels: Labels) -> list[CodeGroup]:
    """Codebook as it was used: definitions, thresholds and how often each code was applied.

    Parameters
    ----------
    study : Study
    quotes : pandas.DataFrame
        From `quotes_table`.
    names : Names
    labels : Labels

    Returns
    -------
    list of CodeGroup
        Groups of the codebook, then groups that only the codings have.
    """
    experimental = {group.id for group in load_codebook().groups if group.experimental}
    said = active_codings(study).merge(quotes[["segment", "case"]], on="segment")
    counts = {
        f"{group}/{code}": (len(own), own["case"].nunique())
        for (group, code), own in said.groupby(["group", "code"], sort=False)
    }
    thresholds = study.method.get("thresholds", {})

    def row(path: str, name: str, definition: str) -> CodeRow:
        group, code = path.split("/", 1)
        codings, cases = counts.get(path, (0, 0))
        return CodeRow(
            name,
            definition,
            labels.number(thresholds[path], 2) if path in thresholds else "–",
            labels.number(codings),
            share_text(cases, study.respondents, labels.language),
            quotes_link(group=group, code=code) if codings else "",
        )

    return [
        CodeGroup(name, group in experimental, [row(*code) for code in codes_in(group, names, labels)])
        for group, name in names.groups.items()
    ]


def codes_in(group: str, names: Names, labels: Labels) -> list[tuple[str, str, str]]:
    """Path, name and definition of the codes of a group.

    Parameters
    ----------
    group : str
    names : Names
    labels : Labels

    Returns
    -------
    list of tuple of str
    """
    definitions = {code.path: code.definitions.get(labels.language, "") for code in load_codebook()}
    return [
        (path, name, definitions.get(path, "")) for path, name in names.codes.items() if path.startswith(f"{group}/")
    ]


def privacy_lines(record: ProcessingRecord | None, labels: Labels, *, pseudonymised: bool, below: int = 0) -> list[str]:
    """Say how the personal data were dealt with.

    Parameters
    ----------
    record : ProcessingRecord or None
    labels : Labels
    pseudonymised : bool
        Whether personal data were replaced before the analysis.
    below : int
        Numbers of fewer respondents were withheld; 0 in a report that is not handed on.

    Returns
    -------
    list of str
    """
    keys = [] if record else ["privacy_no_record"]
    keys.append("privacy_pseudonymised" if pseudonymised else "privacy_as_given")
    keys += ["privacy_few", "privacy_computed", "privacy_rows", "privacy_quotes"] if below else ["privacy_own"]
    return [labels(key, below=below) for key in keys]
