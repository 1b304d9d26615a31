"""Studies to and from REFI-QDA: what the standard carries comes back, and the rest is told."""

import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import refi_twins as twins
from click.testing import CliRunner
from exchange_study import CODEBOOK, CORPUS, document, make_study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_refi import full_project

from cxtext.cli import main
from cxtext.codebook import Code, Codebook, Group
from cxtext.errors import OptionError, ReadError
from cxtext.exchange import ExportOptions, export_study, import_file
from cxtext.exchange.marked import Marked
from cxtext.exchange.projects import make_study as study_of
from cxtext.exchange.qda_texts import labelled_turns
from cxtext.exchange.refi import (
    QdaCase,
    QdaCode,
    QdaCodebook,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSet,
    QdaSource,
    QdaUser,
    QdaValue,
    QdaVariable,
    read_qdpx,
    write_qdc,
    write_qdpx,
)
from cxtext.project import Project
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

guid = twins.guid
KEYS = ["document", "start", "end", "group", "code", "coder", "status"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the study and its export are."""
    return tmp_path_factory.mktemp("exchange")


@pytest.fixture(scope="module")
def study(folder):
    """A study that no test changes."""
    with make_study(folder / "study.cxt") as project:
        yield project


@pytest.fixture(scope="module")
def exported(study, folder):
    """Its export, and the report of it."""
    return folder / "study.qdpx", export_study(study, folder / "study.qdpx")


@pytest.fixture
def taken(tmp_path):
    """Write a project and make a study of it."""
    opened = []

    def take(**parts):
        write_qdpx(QdaProject(name="van elders", **parts), tmp_path / "elders.qdpx")
        report = study_of(tmp_path / "new.cxt", tmp_path / "elders.qdpx", coder="Noor")
        opened.append(Project.open(tmp_path / "new.cxt", coder="Noor"))
        return opened[0], report

    yield take
    for project in opened:
        project.close()


def told(report, outcome, element):
    """Reasons that a report has for an element."""
    return [row.why for row in report.rows if (row.outcome, row.element) == (outcome, element)]


def test_a_study_comes_back_byte_for_byte(study, exported, tmp_path):
    """Export, import into a new study and export again give the same file, whoever imports."""
    study_of(tmp_path / "new.cxt", exported[0], coder="Importeur")
    with Project.open(tmp_path / "new.cxt", coder="Importeur") as again:
        export_study(again, tmp_path / "again.qdpx")
        accepted = study.codings().query("status == 'accepted'")
        assert again.codings()[KEYS].to_numpy().tolist() == accepted[KEYS].to_numpy().tolist()
        assert again.codings()["coding"].tolist() == accepted["coding"].tolist()
        assert [d.text for d in again.corpus()] == [d.text for d in CORPUS]
        assert again.check() == []
    assert (tmp_path / "again.qdpx").read_bytes() == exported[0].read_bytes()


def test_what_a_researcher_sees_elsewhere(exported):
    """Groups hold their codes, coders are users, attributes are variables with a safe type, memos are notes."""
    project, _ = read_qdpx(exported[0])
    names = {code.guid: code.name for code in project.codes}
    tree = [(code.name, names.get(code.parent, ""), code.is_codable) for code in project.codes]
    assert tree == [
        ("soort", "", False), ("pijnpunt", "soort", True), ("wachten", "pijnpunt", True), ("behoefte", "soort", True),
        ("thema", "", False), ("prijs", "thema", True), ("los", "", True),
    ]  # fmt: skip
    assert [user.name for user in project.users] == ["Noor", "Sem"]
    types = {variable.name: variable.type for variable in project.variables}
    assert types == {"wijk": "Text", "leeftijd": "Text", "cijfer": "Integer"}
    assert [(case.name, len(case.sources), len(case.selections)) for case in project.cases] == [
        ("R7", 1, 0), ("gesprek", 1, 0), ("groep/Bram", 0, 1), ("groep/Eva", 0, 1),
    ]  # fmt: skip
    assert {note.name for note in project.notes} == {
        "Kijk hier nog eens naar.", "Strikter coderen", "Boos!", "Over het geheel",
    }  # fmt: skip


def test_places_are_exact_and_overlapping_codings_stay(exported):
    """A selection holds the text that was coded, emoji and accents included, and the codings of all coders on it."""
    project, _ = read_qdpx(exported[0])
    said = {
        source.text[part.start : part.end]: len(part.codings)
        for source in project.sources
        for part in source.selections
    }
    assert said["een uur in de wacht 😡"] == 2
    assert said["uur in de wacht 😡 bij"] == said["café-ingang"] == 1


def test_every_loss_is_told(exported):
    """What the standard has no place for is in the report, per element."""
    report = exported[1]
    assert "nobody decided about these suggestions; with --suggested they go out too" in told(
        report, "dropped", "Coding"
    )
    assert "they were rejected" in told(report, "dropped", "Coding")
    turns = [(row.name, row.count) for row in report.rows if row.element == "turn"]
    assert turns == [("gesprek", 2), ("groep", 3), ("R7", 1)]
    assert [row.name for row in report.rows if row.element == "Variable" and row.outcome == "dropped"] == ["leeg"]
    assert [row.name for row in report.rows if row.element == "User" and row.outcome == "dropped"] == ["robot 1"]


def test_suggestions_of_a_machine_are_recognised(study, tmp_path):
    """With suggestions a machine and its suggestions have a name that shows them, and come back as they were."""
    export_study(study, tmp_path / "all.qdpx", options=ExportOptions(suggested=True))
    assert "robot 1 (machine) (suggestions)" in [user.name for user in read_qdpx(tmp_path / "all.qdpx")[0].users]
    study_of(tmp_path / "new.cxt", tmp_path / "all.qdpx", coder="Noor")
    with Project.open(tmp_path / "new.cxt", coder="Noor") as again:
        assert again.coders["robot 1"] == "machine"
        assert again.codings().query("coder == 'robot 1'")["status"].tolist() == ["suggested"]


def test_codings_of_one_coder(study, tmp_path):
    """Only what was asked for goes out; a coder who is not there is named."""
    export_study(study, tmp_path / "sem.qdpx", options=ExportOptions(coders=("Sem",)))
    project, _ = read_qdpx(tmp_path / "sem.qdpx")
    assert sum(len(part.codings) for source in project.sources for part in source.selections) == 2
    with pytest.raises(OptionError, match=r"Nobody called 'Bo' codes in this study. There are: Noor, Sem, robot 1"):
        export_study(study, tmp_path / "bo.qdpx", options=ExportOptions(coders=("Bo",)))


def test_another_library_reads_a_study(exported, tmp_path):
    """With pyrefiqda one finds the codes, sources and users of an exported study."""
    module = pytest.importorskip("pyrefiqda.refiproject")
    loaded = module.RefiProject.load(str(exported[0]), extract_dir=str(tmp_path / "unpacked"))
    assert [user.name for user in loaded.users.user] == ["Noor", "Sem"]
    assert [source.name for source in loaded.sources.text_source] == ["gesprek", "groep", "R7"]
    places = [(part.start_position, part.end_position) for part in loaded.sources.text_source[0].plain_text_selection]
    project, _ = read_qdpx(exported[0])
    assert places == [(part.start, part.end) for part in project.sources[0].selections]


def test_importing_into_the_same_study_changes_nothing(exported, tmp_path):
    """Documents of the same text, codes of the same path and codings that are there are not added again."""
    with make_study(tmp_path / "own.cxt") as project:
        export_study(project, tmp_path / "own.qdpx")
        before = project.counts(), project.codebook
        report = import_file(project, tmp_path / "own.qdpx")
        assert (project.counts(), project.codebook) == before
        assert told(report, "dropped", "Coding") == ["the study has the same coding already"]
        assert told(report, "flagged", "Code") == []


def test_an_import_is_one_change(exported, tmp_path):
    """One undo takes an import back."""
    with Project.create(tmp_path / "empty.cxt", coder="Noor") as project:
        before = project.counts(), project.codebook
        import_file(project, exported[0])
        assert len(project.corpus()) == 3
        project.undo()
        assert (project.counts(), project.codebook) == before


def test_turns_and_cases_of_a_focus_group(exported, tmp_path):
    """Stretches of cases are turns, and what the interviewer said is not coded as a respondent's."""
    study_of(tmp_path / "new.cxt", exported[0], coder="Noor")
    with Project.open(tmp_path / "new.cxt", coder="Noor") as project:
        group = project.corpus().documents[1]
        assert [(turn.speaker, turn.role) for turn in group.turns] == [
            ("", "unknown"), ("Bram", "respondent"), ("Eva", "respondent"),
        ]  # fmt: skip
        assert set(project.cases()) >= {"groep/Bram", "groep/Eva", "R7", "gesprek"}
        answer = project.corpus().documents[2]
        assert (answer.id, answer.name, answer.kind, answer.prompt) == ("vraag-1", "R7", "survey", "Wat viel op?")
        assert (answer.attribute("nps"), answer.attribute("case")) == ("9", "R7")


USER = (QdaUser(guid(1), "Ana"),)


def text_source(text, *selections, **more):
    """A text with selections."""
    return QdaSource(guid(50), more.pop("name", "Gesprek 1.docx"), text=text, selections=selections, **more)


def selection(number, start, end, *codes, **more):
    """A selection with codings of Ana."""
    codings = tuple(QdaCoding(guid(1000 * number + at), code, guid(1)) for at, code in enumerate(codes))
    return QdaSelection(guid(100 + number), start, end, codings=codings, **more)


def test_codes_of_one_name_are_kept_apart(taken):
    """A tree without groups stands in the group "codes"; two codes called alike stay two, with their codings."""
    codes = (
        QdaCode(guid(10), "wonen"), QdaCode(guid(11), "prijs", parent=guid(10), color="#ff0000"),
        QdaCode(guid(12), "zorg"), QdaCode(guid(13), "prijs", parent=guid(12), description="Kosten van zorg"),
    )  # fmt: skip
    source = text_source("Alles is duur.", selection(1, 0, 5, guid(11)), selection(2, 9, 13, guid(13)))
    project, _ = taken(users=USER, codes=codes, sources=(source,))
    assert [(code.path, code.parent) for code in project.codebook] == [
        ("codes/wonen", ""), ("codes/prijs", "wonen"), ("codes/zorg", ""), ("codes/prijs (zorg)", "zorg"),
    ]  # fmt: skip
    assert project.codebook.code("codes", "prijs (zorg)").definitions["nl"] == "Kosten van zorg"
    assert project.codings()[["code", "coder"]].to_numpy().tolist() == [["prijs", "Ana"], ["prijs (zorg)", "Ana"]]


def test_comments_and_bare_selections_become_memos(taken):
    """A comment on a coded selection is a memo on the coding; one without coding is a memo that quotes the place."""
    source = text_source(
        "Alles is duur.",
        selection(1, 0, 5, guid(10), description="Wat bedoelt zij?"),
        selection(2, 9, 13, description="Prijs!"),
        description="Rommelig gesprek",
    )
    project, report = taken(users=USER, codes=(QdaCode(guid(10), "code"),), sources=(source,))
    memos = project.memos().set_index("about")["text"].groupby(level=0).apply(set).to_dict()
    assert memos == {
        "coding": {"Wat bedoelt zij?"}, "document": {"“duur” (9-13)\nPrijs!", "Rommelig gesprek"},
    }  # fmt: skip
    assert len(told(report, "changed", "Selection")) == 2


def test_whole_sources_values_and_sets(taken):
    """A coded source is coded from its first to its last character; variables are attributes; sets are reported."""
    source = text_source(
        "Alles is duur.", codings=(QdaCoding(guid(60), guid(10)),), values=(QdaValue(guid(20), "7", "Integer"),)
    )
    case = QdaCase(guid(30), "Mevrouw A", values=(QdaValue(guid(21), "Zuid"),), sources=(guid(50),))
    project, report = taken(
        codes=(QdaCode(guid(10), "code"),), sources=(source,), cases=(case,),
        variables=(QdaVariable(guid(20), "cijfer", "Integer"), QdaVariable(guid(21), "wijk")),
        sets=(QdaSet(guid(40), "Ronde 1", sources=(guid(50),)),),
    )  # fmt: skip
    assert project.codings()[["start", "end", "coder"]].to_numpy().tolist() == [[0, 14, "Noor"]]
    assert project.corpus().documents[0].attributes == {"cijfer": "7", "case": "Mevrouw A"}
    assert project.cases() == {"Mevrouw A": {"wijk": "Zuid"}}
    assert [row.name for row in report.rows if row.element == "Set"] == ["Ronde 1"]


def test_labels_tell_the_turns_and_the_text_stays(taken):
    """Speakers are recognised where they are labelled; the text keeps its labels, so that places hold."""
    text = "Datum: 12 maart\n\nI: Hoe ging het?\nR: Niet zo goed.\nIk wachtte lang.\n\nI: Waarom?\nR: Het was druk."
    project, report = taken(users=USER, sources=(text_source(text),))
    read = project.corpus().documents[0]
    assert (read.id, read.text) == ("Gesprek 1", text)
    assert [(turn.role, text[turn.start : turn.end]) for turn in read.turns] == [
        ("interviewer", "Hoe ging het?"), ("respondent", "Niet zo goed.\nIk wachtte lang."),
        ("interviewer", "Waarom?"), ("respondent", "Het was druk."),
    ]  # fmt: skip
    assert told(report, "changed", "document") == ["speakers were recognised by their labels, which stay in the text"]


def test_a_text_without_labels_is_the_respondents(taken):
    """Paragraphs are turns of the respondent, and the report says so."""
    project, report = taken(sources=(text_source("  Eerst dit.\nEn dit.\n\n \nToen dat.\n"),))
    read = project.corpus().documents[0]
    assert [read.text[turn.start : turn.end] for turn in read.turns] == ["Eerst dit.\nEn dit.", "Toen dat."]
    assert told(report, "changed", "document")[0].startswith("no speakers are named")


@given(st.text(st.sampled_from("IR: \nab😡.?"), max_size=60))
def test_turns_lie_in_the_text(text):
    """Whatever the labels, turns are in order, inside the text, and not empty."""
    end = 0
    for turn in labelled_turns(text, "gesprek"):
        assert end <= turn.start < turn.end <= len(text)
        end = turn.end


@given(
    st.text(st.sampled_from("a[]id |\n"), max_size=30),
    st.dictionaries(
        st.sampled_from(["id", "example", "name nl"]), st.tuples(st.text(st.sampled_from("a[] |\n"))), max_size=3
    ),
)
def test_marks_come_back(text, marks):
    """A text with marks under it is read as it was written, whatever is in it."""
    assert Marked.read(str(Marked(text, marks))) == Marked(text, marks)


ALPHABET = "ab é😡👍🏽\u0301\n.,"


@st.composite
def studies(draw):
    """Documents in which something is said, with codings of two coders, overlapping and anywhere."""
    said = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=40).filter(lambda text: {*"abé"} & {*text})
    texts = draw(st.lists(said, min_size=1, max_size=3))
    documents = [document(f"d{n}", ("", "respondent", text), attributes={"a": draw(st.sampled_from(["", "1", "x"]))})
                 for n, text in enumerate(texts)]  # fmt: skip
    made = []
    for found in documents:
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, len(found.text) - 1))
            made.append({
                "document": found.id, "start": start, "end": draw(st.integers(start + 1, len(found.text))),
                "group": "kind", "code": draw(st.sampled_from(["pain", "need", "wait"])),
                "coder": draw(st.sampled_from(["Noor", "Sem"])),
            })  # fmt: skip
    return Corpus(tuple(documents)), made


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(studies())
def test_any_study_comes_back_equal(made):
    """Export, import and export again are equal in all that the standard carries."""
    corpus, codings = made
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        with Project.create(place / "a.cxt", coder="Noor", codebook=CODEBOOK) as project:
            project.add(corpus)
            project.add_codings(make_table(codings, CODINGS))
            export_study(project, place / "a.qdpx")
        study_of(place / "b.cxt", place / "a.qdpx", coder="Iemand")
        with Project.open(place / "b.cxt", coder="Iemand") as project:
            export_study(project, place / "b.qdpx")
        assert read_qdpx(place / "b.qdpx")[0] == read_qdpx(place / "a.qdpx")[0]
        assert (place / "b.qdpx").read_bytes() == (place / "a.qdpx").read_bytes()


@pytest.mark.parametrize("name", twins.ALL)
def test_projects_of_other_programs(name, tmp_path):
    """However a program counts, the words that were coded there are the words that are coded here."""
    study_of(tmp_path / "new.cxt", twins.twin(tmp_path / "a.qdpx", twins.ALL[name]), coder="Noor")
    with Project.open(tmp_path / "new.cxt", coder="Noor") as project:
        texts = {document.id: document.text for document in project.corpus()}
        coded = {(texts[row.document][row.start : row.end], row.code) for row in project.codings().itertuples()}
        assert coded >= set(twins.QUOTES)
        assert project.check() == []


def test_nothing_is_lost_without_a_word(tmp_path):
    """Of a project that uses every part of the standard, what has no place is named, and the rest is in the study."""
    write_qdpx(full_project(), tmp_path / "a.qdpx")
    report = study_of(tmp_path / "new.cxt", tmp_path / "a.qdpx", coder="Noor")
    lost = {row.element for row in report.rows if row.outcome == "dropped"}
    assert lost >= {"file", "selection", "Coding", "SyncPoint", "Set", "Link", "picture source", "Case", "Variable"}
    with Project.open(tmp_path / "new.cxt", coder="Noor") as project:
        assert [document.name for document in project.corpus()] == ["Bram", "Transcript", "Tekst"]
        assert len(project.codings()) == 4
        assert {'Let op 😀\nbij "wachten"', "Ronde 1\nen 2", "op kantoor"} <= {
            text.removeprefix("Memo\n\n") for text in project.memos()["text"]
        }
        assert project.check() == []


def test_a_codebook_goes_out_and_comes_in(study, tmp_path):
    """Codes go to another study with their definitions, examples and languages; there, what it has stays."""
    export_study(study, tmp_path / "codes.qdc")
    empty = Codebook("leeg", 1, (Group("kind", {"nl": "mijn soort"}, (Code("need", "kind", {"nl": "wens"}),)),))
    with Project.create(tmp_path / "new.cxt", coder="Noor", codebook=empty) as project:
        report = import_file(project, tmp_path / "codes.qdc")
        pain = project.codebook.code("kind", "pain")
        assert pain == replace(CODEBOOK.code("kind", "pain"), colour="#a5402d")
        assert project.codebook.code("kind", "need").names == {"nl": "wens"}
        assert told(report, "flagged", "Code")[0].startswith("the study has it with another name")
        assert project.codebook.group("kind").names == {"nl": "mijn soort"}


def test_codes_are_found_by_name(tmp_path):
    """A code of another program is the one of the study that is called so, in whatever language."""
    write_qdc(QdaCodebook((QdaCode(guid(1), "Behoefte"), QdaCode(guid(2), "iets nieuws"))), tmp_path / "codes.qdc")
    with Project.create(tmp_path / "new.cxt", coder="Noor", codebook=CODEBOOK) as project:
        import_file(project, tmp_path / "codes.qdc")
        added = {code.path for code in project.codebook} - {code.path for code in CODEBOOK}
        assert added == {"codes/iets nieuws"}


def test_the_command_line(exported, tmp_path, monkeypatch):
    """A project becomes a study and goes out again; both ways tell what was lost, and the report tells it whole."""
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    made = run(main, ["import", "new.cxt", str(exported[0]), "--coder", "Noor", "--report", "in.csv"])
    assert made.exit_code == 0, made.output
    assert "A new study was made: new.cxt" in made.output
    assert "element,name,guid,outcome" in Path("in.csv").read_text(encoding="utf-8-sig")
    done = run(main, ["export", "new.cxt", "-o", "out.qdpx"])
    assert done.exit_code == 0, done.output
    assert "Dropped: 1 log" in done.output
    assert Path("out.qdpx").read_bytes() == exported[0].read_bytes()
    again = run(main, ["export", "new.cxt", "-o", "out.qdpx"])
    assert "out.qdpx is there already" in again.output
    unknown = run(main, ["export", "new.cxt", "-o", "out.doc"])
    assert "no format has the suffix '.doc'. There are: refi (.qdpx)" in unknown.output


def test_no_study_is_made_of_a_file_that_cannot_be_read(tmp_path):
    """A broken project leaves nothing behind."""
    (tmp_path / "bad.qdpx").write_bytes(b"geen zip")
    with pytest.raises(ReadError, match=r"bad\.qdpx"):
        study_of(tmp_path / "new.cxt", tmp_path / "bad.qdpx", coder="Noor")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.qdpx"]


def test_the_file_holds_no_names_of_folders(exported):
    """Where files were on one's computer is not in the export."""
    with zipfile.ZipFile(exported[0]) as archive:
        assert b"gesprek.txt" not in archive.read("project.qde")
