"""The commands of the study, as a researcher types them."""

import json

import pytest
from click.testing import CliRunner

from cxtext.cli import main
from cxtext.project import Project
from cxtext.tables import CODINGS, make_table

TALK = (
    "I: Hoe ging het?\nR: Ik stond een uur in de wacht. Ik werd er boos van.\n"
    "I: En daarna?\nR: Daarna was het snel geregeld. Mijn zoon heette Pietje.\n"
)


@pytest.fixture
def cxtext(tmp_path, monkeypatch):
    """Runs a command in an empty folder; gives what it printed, after checking how it ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXTEXT_CODER", "Noor")
    (tmp_path / "gesprek.txt").write_text(TALK, encoding="utf-8")

    def run(command, *, ends=0, **options):
        result = CliRunner().invoke(main, command.split(" "), **options)
        assert result.exit_code == ends, result.output
        return result.output

    return run


@pytest.fixture
def study(cxtext):
    """A study with one interview, in the folder."""
    cxtext("init study.cxt --name Wachten")
    cxtext("add study.cxt gesprek.txt")
    return "study.cxt"


def code(study, coder, *codes):
    """Give the segments of a study codes of the kinds, in their order."""
    with Project.open(study, coder=coder) as project:
        rows = [
            {**{name: row[name] for name in ("document", "segment", "start", "end")}, "group": "kind", "code": code}
            for row, code in zip(project.segments().to_dict("records"), codes, strict=False)
        ]
        project.add_codings(make_table(rows, CODINGS))


def test_a_study_from_init_to_report(cxtext, study, tmp_path):
    """Init, add, tag, status and run work one after the other, and the report names the processing record."""
    (tmp_path / "record.yaml").write_text(
        "doel: de wachttijd\ngrondslag: toestemming\nbewaartermijn: tot 2027\nwie: afdeling X\ntoestemming: ja\n",
        encoding="utf-8",
    )
    cxtext("init other.cxt --record record.yaml")
    cxtext("add other.cxt gesprek.txt")
    assert "1 documents read" in cxtext("tag other.cxt --model fast")
    assert "has read all documents already" in cxtext("tag other.cxt --model fast")
    shown = cxtext("status other.cxt")
    assert "other: 1 documents of 1 respondents, 4 segments" in shown
    assert "cxtext fast" in shown
    cxtext("report other.cxt -o results -q")
    page = (tmp_path / "results" / "report.html").read_text(encoding="utf-8")
    assert "de wachttijd" in page
    assert json.loads(cxtext("status other.cxt --json"))["counts"]["documents"] == 1


def test_the_record_is_asked_for_once(cxtext, tmp_path):
    """What is answered at the start is kept; an empty first answer leaves it out."""
    cxtext("init asked.cxt --ask", input="de wachttijd\n1\ntot 2027\nafdeling X\nja\n")
    with Project.open("asked.cxt", coder="Noor") as project:
        record = project.settings["record"]
    assert (record["purpose"], record["ground"], record["consent"]) == ("de wachttijd", "consent", True)
    assert "no processing record" in cxtext("init none.cxt --ask", input="\n")


def test_a_report_of_a_study_rests_on_what_people_coded(cxtext, study, tmp_path):
    """In a document that a person finished, suggestions do not count; without any coding there is no report."""
    assert "Nobody has coded anything" in cxtext("report study.cxt -o results", ends=1)
    cxtext("tag study.cxt --model fast")
    code(study, "Noor", "need")
    with Project.open(study, coder="Noor") as project:
        many = len(project.codings_that_count())
        project.finish(["gesprek"])
        assert many > 1
        assert project.codings_that_count()["code"].tolist() == ["need"]


def test_text_is_pseudonymised_before_it_is_kept(cxtext, tmp_path):
    """With --pseudonymise the study never holds the name; the key lies beside it."""
    cxtext("init study.cxt")
    cxtext("add study.cxt gesprek.txt --pseudonymise")
    assert b"Pietje" not in (tmp_path / "study.cxt").read_bytes()
    assert "Pietje" in (tmp_path / "study.cxt.key.csv").read_text(encoding="utf-8")
    assert "cxtext report study.cxt -o results" in cxtext("run study.cxt -o results --pseudonymise", ends=2)


def test_agreement_shows_differences_first(cxtext, study, tmp_path):
    """The stretch on which people differ, with both codes, comes before the figures; tables and plot are written."""
    code(study, "Noor", "pain", "pain", "gain")
    code(study, "Sem", "pain", "need", "gain")
    shown = cxtext("agreement study.cxt -o agreement --resamples 50")
    assert shown.index("Ik werd er boos van.") < shown.index("kappa")
    assert "Noor: pain; Sem: need  [kind]" in shown
    assert {path.name for path in (tmp_path / "agreement").iterdir()} >= {"disagreements.csv", "agreement.png"}
    figures = json.loads(cxtext("agreement study.cxt --json --resamples 50"))
    assert [row["percent"] for row in figures["agreement"] if row["code"] == "gain"] == [1.0]


def test_agreement_needs_two_coders(cxtext, study):
    """One coder is told what is missing."""
    code(study, "Noor", "pain")
    assert "second person" in cxtext("agreement study.cxt", ends=1)


def test_the_codebook_is_changed_and_codings_follow(cxtext, study):
    """Rename, merge, split, move, add and remove change the codebook; an undo takes the last one back."""
    code(study, "Noor", "pain", "need")
    assert "Renamed" in cxtext("codebook rename study.cxt kind/pain --id ergernis --name Ergernis --language nl")
    assert "1 codings" in cxtext("codebook show study.cxt").split("ergernis")[1].splitlines()[0]
    cxtext("codebook merge study.cxt kind/need --into kind/ergernis")
    cxtext("codebook split study.cxt emotion/anger woede wrok")
    cxtext("codebook add study.cxt eigen/wachten --name Wachten")
    assert "There are 2 codings of kind/ergernis" in cxtext("codebook remove study.cxt kind/ergernis", ends=1)
    cxtext("codebook remove study.cxt kind/ergernis --drop-codings")
    assert "Undone: codebook, version 6" in cxtext("undo study.cxt")
    with Project.open(study, coder="Noor") as project:
        assert project.codings()["code"].tolist() == ["ergernis", "ergernis"]


def test_a_codebook_goes_out_and_comes_back_from_a_table(cxtext, study):
    """The codebook of a study is saved, edited and loaded; what differs is said."""
    cxtext("codebook save study.cxt codes.csv --language en")
    assert "same already" in cxtext("codebook load study.cxt codes.csv")
    cxtext("codebook add study.cxt kind/idea --name Idee")
    assert "removed    kind/idea" in cxtext("codebook diff study.cxt codes.csv")
    assert "Version 3 is in use" in cxtext("codebook load study.cxt codes.csv")


def test_what_was_done_is_shown_undone_and_done_again(cxtext, study):
    """Log, undo and redo name the change, the coder and the time."""
    assert "Noor  add: 1 documents" in cxtext("log study.cxt")
    assert "Undone: add, 1 documents (Noor" in cxtext("undo study.cxt")
    assert "Done again: add, 1 documents (Noor" in cxtext("redo study.cxt")
    assert "nothing to do again" in cxtext("redo study.cxt")
    assert "The study is whole." in cxtext("check study.cxt")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("status none.cxt", "there is no study to open"),
        ("status gesprek.txt", "is not a study of cxtext"),
        ("tag gesprek.txt", "Missing option '-o'"),
        ("add study.cxt none.txt", "Nothing could be read"),
        ("init study.cxt", "a file of this name already"),
        ("codebook rename study.cxt kind/geen --id x", "kind/geen"),
        ("agreement study.cxt --group nope", "nope"),
    ],
)
def test_mistakes_end_in_a_message(cxtext, study, command, message):
    """A wrong file, option or code is named, without a traceback."""
    code(study, "Noor", "pain")
    code(study, "Sem", "pain")
    output = CliRunner().invoke(main, command.split(" "))
    assert output.exit_code in (1, 2)
    assert message in output.output
    assert "Traceback" not in output.output


def review(cxtext, coder, typed, sample):
    """Code a blind sample, one line of codes a segment."""
    cxtext(f"review study.cxt --blind --sample {sample} --coder {coder}", input=typed)


def test_a_study_can_be_coded_blind_from_now_on(cxtext, study):
    """It is told, turned on and off, and undone like every change."""
    assert "is not coded blind" in cxtext("blind study.cxt")
    assert "is coded blind" in cxtext("blind study.cxt on")
    cxtext("blind study.cxt off")
    cxtext("undo study.cxt")
    assert "is coded blind" in cxtext("blind study.cxt")


def test_agreement_of_a_blind_sample_is_of_what_both_read(cxtext, study):
    """A segment in which one coder found nothing counts; segments that nobody read do not."""
    name = "both"
    cxtext(f"sample study.cxt -n 3 --name {name}")
    for coder in ("Noor", "Sem"):
        review(cxtext, coder, "pain\n\npain\n" if coder == "Noor" else "pain\npain\npain\n", name)
    figures = json.loads(cxtext("agreement study.cxt --group kind --json --resamples 20"))
    (row,) = [row for row in figures["agreement"] if row["code"] == "pain"]
    assert (row["n_units"], round(row["percent"], 2)) == (3, 0.67)


def test_a_code_that_a_table_moves_keeps_its_codings(cxtext, study):
    """What the list of differences calls moved, its codings follow."""
    code(study, "Noor", "pain")
    cxtext("codebook save study.cxt codes.csv")
    cxtext("codebook move study.cxt kind/pain --group emotion")
    assert "0 codings were dropped" in cxtext("codebook load study.cxt codes.csv")
    with Project.open(study, coder="Noor") as project:
        assert project.codings()["group"].tolist() == ["kind"]
    assert "there already" in cxtext("codebook save study.cxt codes.csv", ends=1)


def test_a_coding_of_a_stretch_of_its_own_is_in_the_report(cxtext, study, tmp_path):
    """A coding over two sentences counts for both, and the report is made."""
    with Project.open(study, coder="Noor") as project:
        first, second = project.segments().head(2).to_dict("records")
        row = {"document": first["document"], "start": first["start"], "end": second["end"], "group": "kind"}
        project.add_codings(make_table([row | {"code": "pain"}], CODINGS))
        assert project.codings_that_count()["segment"].tolist() == [first["segment"], second["segment"]]
    cxtext("report study.cxt -o results -q")
    assert (tmp_path / "results" / "report.html").exists()


def test_an_answer_that_will_not_do_is_asked_again(cxtext):
    """A ground in words is taken, and a wrong answer is asked again instead of losing the others."""
    typed = "de wachttijd\niets\ntoestemming\ntot 2027\nafdeling X\nmisschien\nja\n"
    cxtext("init asked --ask", input=typed)
    with Project.open("asked.cxt", coder="Noor") as project:
        assert project.settings["record"]["ground"] == "consent"


def test_an_empty_study_says_what_comes_first(cxtext):
    """Before there are documents, tagging and the report say how to add them; -o is not for a study."""
    cxtext("init empty.cxt")
    for command in ("tag empty.cxt --model fast", "report empty.cxt -o results"):
        assert "no documents yet: cxtext add empty.cxt" in cxtext(command, ends=1)
    assert "leave out -o" in cxtext("tag empty.cxt -o x.csv", ends=2)


def test_one_interview_under_two_names_is_noticed(cxtext, study, tmp_path):
    """The same text under another name is added, and pointed out."""
    (tmp_path / "kopie.txt").write_text(TALK, encoding="utf-8")
    assert "gesprek and kopie: the same text twice" in cxtext("add study.cxt kopie.txt")
