"""What the commands that write a report share: their options, and what they tell at the end."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cxtext.cli.kept_themes import check_number
from cxtext.cli.options import say, tell_notices
from cxtext.cli.studies import login_name, open_study

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.privacy.processing import ProcessingRecord
    from cxtext.records import Corpus
    from cxtext.study import Study

F = TypeVar("F", bound=Callable[..., Any])

#: usual least number of respondents behind what is handed on
_SMALLEST_GROUP = 5
STAGE_NAMES = {
    "segment": "Splitting into sentences",
    "tag": "Tagging",
    "themes": "Finding themes",
    "journey": "Mapping the journey",
    "report": "Writing the report",
}
_FILE = click.Path(path_type=Path, dir_okay=False)


def journey_options(function: F) -> F:
    """Add the options that say how the journey is mapped."""
    options = [
        click.option(
            "--phases",
            default="default",
            show_default=True,
            metavar="NAME|FILE",
            help="Phases of the journey: default (five), four, government, or a YAML file.",
        ),
        click.option(
            "--themes",
            type=click.IntRange(2, 60),
            metavar="N",
            help="Number of themes; chosen from the data by default.",
        ),
        click.option("--report-language", type=click.Choice(["nl", "en"]), default="nl", show_default=True),
        click.option("--seed", type=int, default=0, show_default=True, help="For everything that draws at random."),
        click.option("--force", is_flag=True, help="Write among files that are there already, or over them."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def _check_drivers(context: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file of experience drivers before anything is computed."""
    if file is not None:
        from cxtext.journey import load_experience_drivers

        load_experience_drivers(file)
    return file


def _check_opening(context: click.Context, option: click.Parameter, hours: str) -> str:
    """Likewise for opening hours."""
    if hours:
        from cxtext.journey import opening_hours

        opening_hours(hours)
    return hours


def _check_experiences(context: click.Context, option: click.Parameter, file: str) -> str:
    """Likewise for experience journeys."""
    if file != "default":
        from cxtext.journey import load_experiences

        load_experiences(file)
    return file


def report_options(function: F) -> F:
    """Add the options of a report."""
    options = [
        click.option(
            "-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write."
        ),
        click.option(
            "--experiences",
            default="default",
            show_default=True,
            metavar="FILE",
            callback=_check_experiences,
            help="YAML file with your experience journeys and their products; by default they are suggested from the "
            "text.",
        ),
        click.option(
            "--drivers",
            type=_FILE,
            metavar="FILE",
            callback=_check_drivers,
            help="YAML file with your experience drivers (name and words); problems are marked with those they fit.",
        ),
        click.option(
            "--opening",
            default="",
            metavar="HOURS",
            callback=_check_opening,
            help="Hours at which you can be reached, such as 'ma-vr 9-17; za 10-14', to judge peaks of contacts by.",
        ),
        click.option(
            "--asked",
            multiple=True,
            type=(str, str, str),
            metavar="WHAT IMPORTANCE SATISFACTION",
            help="What was asked about importance and satisfaction (1-5, 1-7 or 1-10), with the headings of both "
            "columns: gives Ulwick's opportunity score; may be repeated.",
        ),
        click.option("--docx", is_flag=True, help="Also write the report for Word (report.docx)."),
        click.option("--pptx", is_flag=True, help='Also write slides (map.pptx); needs pip install "cxtext[slides]".'),
        click.option(
            "--suppress-below",
            type=click.IntRange(min=2),
            is_flag=False,
            flag_value=_SMALLEST_GROUP,
            metavar="[K]",
            help="Make a report to hand on, instead of your own: without numbers and quotes of fewer than K "
            f"respondents (K is {_SMALLEST_GROUP} where it is left out, at the end of the line), and without tables of "
            "single people.",
        ),
        click.option(
            "--record",
            type=_FILE,
            metavar="FILE",
            help="YAML file that says why and on which ground you process personal data; the report prints it.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON on stdout."),
    ]
    function = journey_options(function)
    for option in reversed(options):
        function = option(function)
    return function


def make_report(
    study: Study,
    output: Path,
    tell: Callable[[str], None],
    *,
    language: str,
    docx: bool,
    pptx: bool,
    suppress_below: int | None,
    experiences: str,
    drivers: Path | None,
    opening: str,
    asked: tuple[tuple[str, str, str], ...],
) -> dict[str, Path]:
    """Write a report in the formats that were asked for; returns its files."""
    from cxtext.report import FORMATS, write_report
    from cxtext.report.chapters import Choices

    tell(STAGE_NAMES["report"])
    return write_report(
        study,
        output,
        language=language,
        formats=(*FORMATS, *more_formats(docx=docx, pptx=pptx)),
        suppress_below=suppress_below or 0,
        experiences=experiences,
        choices=Choices(drivers, opening, asked),
    )


def more_formats(*, docx: bool, pptx: bool) -> list[str]:
    """Formats that were asked for beside those that a report has."""
    return [name for name, wanted in (("docx", docx), ("pptx", pptx)) if wanted]


def check_folder(output: Path, *, force: bool) -> None:
    """Refuse to write among files that are not results of cxtext."""
    if force or not output.exists() or (output / "report.html").exists():
        return
    if any(output.iterdir()):
        msg = f"The folder {output} holds other files. Give another folder, or --force to write into this one."
        raise click.UsageError(msg)


def tell_report(study: Study, written: dict[str, Path], output: Path, *, as_json: bool, quiet: bool) -> None:
    """Say what was found and where the report is."""
    skipped = study.corpus.skipped
    tell_notices(study.corpus.notices, "Please note:", quiet=quiet)
    tell_notices(skipped, f"Skipped ({len(skipped)}):")
    summary = {
        "documents": len(study.documents),
        "respondents": study.respondents,
        "segments": len(study.segments),
        "codings": len(study.codings),
        "themes": study.n_themes,
        "skipped": [{"source": n.source, "reason": n.message} for n in skipped],
        "files": {name: str(path) for name, path in written.items()},
    }
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
        return
    say(
        "{documents} documents, {respondents} respondents, {segments} segments, {codings} codings, "
        "{themes} themes.".format(**summary),
        quiet=quiet,
    )
    click.echo(f"Report: {output / 'report.html'}")


def analyse_study(place: str, record: Path | None, tell: Callable[[str], None], **options: Any) -> Study:
    """Find themes and map the journey of a study, on the codings that count; nothing is tagged."""
    from dataclasses import replace

    from cxtext.privacy.processing import load_processing_record
    from cxtext.study import analyse

    corpus, codings, processing, kept = _read_study(place)
    check_number(kept, options["n_themes"])
    study = analyse(
        corpus,
        codings=codings,
        themes=kept,
        progress=lambda stage, done, total: tell(STAGE_NAMES[stage]),
        **options,
    )
    return replace(study, record=load_processing_record(record) if record else processing)


def _read_study(place: str) -> tuple[Corpus, pd.DataFrame, ProcessingRecord | None, dict[str, Any] | None]:
    """Documents, codings that count, the processing record and the themes of a study."""
    from cxtext.cli.passages import check_documents
    from cxtext.privacy.processing import ProcessingRecord

    with open_study(place, login_name()) as project:
        check_documents(project)
        codings = project.codings_that_count()
        if codings.empty:
            raise click.ClickException(
                f"Nobody has coded anything in this study. Let cxtext: cxtext tag {shlex.quote(place)}"
            )
        record, themes = project.settings.get("record"), project.settings.get("themes")
        return project.corpus(), codings, ProcessingRecord.from_mapping(record) if record else None, themes
