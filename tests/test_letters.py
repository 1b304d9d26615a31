"""Closing the loop: the register of actions, and letters that hold nobody else's data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from coded_people import people
from hypothesis import given
from hypothesis import strategies as st

from cxtext.cli import main
from cxtext.codebook import load_codebook
from cxtext.errors import OptionError, ReadError
from cxtext.letters import make_letters, render_letter, template_text, write_letters
from cxtext.letters.writing import letter_html
from cxtext.project import Project
from cxtext.project.actions import (
    ACTIONS,
    add_action,
    change_actions,
    drop_actions,
    load_actions,
    put_actions,
    read_actions,
    tell_actions,
)
from cxtext.tables import CODINGS, make_table

TEMPLATES = {kind: template_text(kind) for kind in ("respondent", "theme")}


@pytest.fixture(scope="module")
def told():
    """Five respondents on T1 (wachten), of whom one names somebody; two on T2 (brieven)."""
    texts = {
        "a": "Ik stond een uur in de wacht.", "b": "Mijn buurvrouw Fatma Demir wachtte ook, bel 06-12345678.",
        "c": "Het wachten duurde te lang <b>echt</b>.", "d": "Door mijn burn-out kon ik niet wachten.",
        "e": "Eindeloos wachten aan de telefoon.",
    }  # fmt: skip
    said = [(case, "kind/pain", "T1", -1.0) for case in texts]
    said += [("a", "kind/pain", "T2", -1.0), ("b", "kind/pain", "T2", -1.0)]
    found = people(said)
    words = [*texts.values(), "De brief was onleesbaar.", "Ik snapte de brief niet."]
    return replace(found, segments=found.segments.assign(text=words))


def actions(*rows):
    """A register."""
    filled = [
        {
            "action": str(number),
            "status": "planned",
            **dict.fromkeys(("owner", "date", "done", "told", "note"), ""),
            **row,
        }
        for number, row in enumerate(rows, start=1)
    ]
    return make_table(filled, ACTIONS)


REGISTER = actions(
    {"theme": "thema t1", "text": "Wij bellen terug", "status": "done", "done": "2025-03-31", "owner": "Jan de Vries"},
    {"theme": "T2", "text": "De brief wordt korter", "date": "2025-06-01"},
    {"theme": "", "text": "Wij herhalen dit onderzoek", "note": "Over een jaar"},
)


def texts_of(letters):
    """Letters by who they are to, as text."""
    return {
        letter.to: "\n".join(block.text for block in render_letter(TEMPLATES[letter.kind], letter.values))
        for letter in letters
    }


def test_a_respondents_letter_holds_only_their_own_words(told) -> None:
    """Everybody gets their own words, the actions of their themes and of all; no one gets another's."""
    letters, _ = make_letters(told.segments, told.themes, REGISTER, kinds=["respondent"])
    texts = texts_of(letters)
    assert sorted(texts) == list("abcde")
    own = dict(zip(told.segments["segment"], told.segments["case"], strict=True))
    for row in told.segments.to_dict("records"):
        if row["case"] not in "bd":
            assert [case for case, text in texts.items() if row["text"] in text] == [own[row["segment"]]]
    assert "Wij bellen terug – gedaan (31 maart 2025)" in texts["a"]
    assert "nog 4 andere deelnemers" in texts["a"]
    assert "De brief wordt korter – gepland (uiterlijk 1 juni 2025)" in texts["a"]
    assert "De brief wordt korter" not in texts["c"]
    assert all("Wij herhalen dit onderzoek – gepland. Over een jaar" in text for text in texts.values())


def test_nobodys_data_stand_in_a_letter(told) -> None:
    """Names and numbers that a respondent mentions are replaced, owners are not told, and it is said how many."""
    letters, notices = make_letters(told.segments, told.themes, REGISTER)
    every = "\n".join(texts_of(letters).values())
    assert not re.search("Fatma|Demir|06-1234|Jan de Vries", every)
    assert "Mijn buurvrouw [persoon] wachtte ook" in every
    assert any("2 pieces of personal data" in notice.message for notice in notices)


def test_small_themes_stay_unnamed(told) -> None:
    """A theme of two has no letter and no name in one, and how many others there are is only told from three."""
    letters, notices = make_letters(told.segments, told.themes, REGISTER)
    assert [letter.to for letter in letters if letter.kind == "theme"] == ["thema T1"]
    assert all("thema t2" not in text.casefold() for text in texts_of(letters).values())
    assert any("fewer than 3" in notice.message and "thema T2" in notice.message for notice in notices)
    few, _ = make_letters(told.segments, told.themes, least=5, kinds=["respondent"])
    assert all("andere deelnemers" not in text for text in texts_of(few).values())
    with pytest.raises(OptionError, match="would tell of one person"):
        make_letters(told.segments, told.themes, least=1)


def test_a_themes_letter_quotes_different_respondents_and_nothing_special(told) -> None:
    """At most one quote each, none with a term of a special category, and how many of all."""
    letters, _ = make_letters(told.segments, told.themes, kinds=["theme"])
    quotes = letters[0].values["theme"]["quotes"]
    assert len(quotes) == 4
    assert not any("burn-out" in quote for quote in quotes)
    text = texts_of(letters)["thema T1"]
    assert "5 van de 5 deelnemers" in text
    assert "Hierover is nog niets besloten." in text


def test_an_action_of_an_unknown_theme_is_named(told) -> None:
    """An action that is in no letter is not lost in silence."""
    _, notices = make_letters(told.segments, told.themes, actions({"theme": "wc", "text": "Schoonmaken"}))
    assert any("Action 1 is in no letter" in notice.message and "thema T1" in notice.message for notice in notices)


def test_letters_as_html_and_word(told, tmp_path: Path) -> None:
    """Each letter is an escaped page and a Word file with headings, quotes and no author."""
    letters, _ = make_letters(told.segments, told.themes, REGISTER, language="nl")
    written = write_letters(letters, tmp_path / "brieven", templates=TEMPLATES)
    names = {path.relative_to(tmp_path / "brieven").as_posix() for path in written}
    assert {"respondents/a.html", "respondents/a.docx", "themes/thema_T1.html"} <= names
    page = (tmp_path / "brieven/respondents/c.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;echt&lt;/b&gt;" in page
    assert "<b>" not in page
    word = docx.Document(str(tmp_path / "brieven/respondents/a.docx"))
    assert (word.core_properties.author, word.core_properties.language) == ("", "nl-NL")
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Title", "Heading 2", "Quote", "List Bullet"} <= styles
    with pytest.raises(OptionError, match="is not empty"):
        write_letters(letters, tmp_path / "brieven", templates=TEMPLATES)


def test_letters_with_like_names_do_not_replace_each_other(told, tmp_path: Path) -> None:
    """Ids that make the same file name, and ids with a path in them, each have a file within the folder."""
    letters, _ = make_letters(told.segments, told.themes, kinds=["respondent"])
    odd = [replace(letter, to=to) for letter, to in zip(letters, ["../r", "R", "r/", "..", "/etc/r"], strict=True)]
    written = write_letters(odd, tmp_path / "b", templates=TEMPLATES, formats=["html"])
    assert len(set(written)) == 5
    assert all(path.resolve().parent == (tmp_path / "b/respondents").resolve() for path in written)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ niets }}", "'niets' is undefined"),
        ("ja\n{% for x in y %}", r"line 2"),
        ("{{ themes.__class__.__mro__ }}", "cannot be filled in"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)
def test_a_template_that_cannot_be_filled_in(template: str, said: str) -> None:
    """A mistake in one's own template is told with its place and what there is to fill in, and reaches no internals."""
    with pytest.raises(OptionError, match=said):
        render_letter(template, {"themes": [], "sender": "wij"})


@given(st.text(max_size=80))
def test_what_is_filled_in_stays_text(text: str) -> None:
    """Whatever a respondent says, it is one line of one block, and escaped."""
    blocks = render_letter("> {{ quote }}\n\nslot", {"quote": f"x{text}"})
    assert [block.kind for block in blocks] == ["quote", "text"]
    assert letter_html(blocks).count("<") == letter_html(render_letter("> {{ q }}\n\nslot", {"q": "x"})).count("<")


@pytest.fixture
def study(tmp_path: Path):
    """An empty study at work."""
    with Project.create(tmp_path / "study.cxt", coder="Noor") as project:
        yield project


def test_the_register_keeps_its_log_and_undo(study) -> None:
    """Adding, changing, telling and dropping are each one line of the log, and can be taken back."""
    assert add_action(study, "Terugbellen", theme="wachten", date="1-4-2025") == "1"
    assert add_action(study, "Brief korter") == "2"
    assert change_actions(study, ["1"], status="done", done="2025-03-31") == 1
    assert tell_actions(study, ["1"], ["r01", "r02"], on="1-4-2025") == 1
    assert tell_actions(study, ["1"], ["r01"], on="2-4-2025") == 1
    first = read_actions(study).set_index("action").loc["1"]
    assert first[["date", "status", "done"]].tolist() == ["2025-04-01", "done", "2025-03-31"]
    assert first["told"] == "r02 2025-04-01; r01 2025-04-02"
    drop_actions(study, ["1"])
    assert add_action(study, "Nieuw") == "3"
    assert [entry.action for entry in study.log(last=7)] == ["action"] * 7
    study.undo()
    study.undo()
    assert read_actions(study)["action"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda study: add_action(study, " "), "needs a text"),
        (lambda study: add_action(study, "x", date="morgen"), "'morgen' is no date"),
        (lambda study: add_action(study, "x", date="31-2-2025"), "is no date"),
        (lambda study: change_actions(study, ["9"], status="done"), "no action 9"),
        (lambda study: tell_actions(study, ["9"], []), "whom it was told to"),
    ],
)
def test_an_action_that_cannot_be(study, change, said: str) -> None:
    """A wrong action is refused and nothing is kept."""
    with pytest.raises(OptionError, match=said):
        change(study)
    assert read_actions(study).empty


def test_a_register_edited_in_a_spreadsheet(study, tmp_path: Path) -> None:
    """Dutch headings, statuses and dates are read; new rows get a number, and missing rows are dropped."""
    add_action(study, "Terugbellen")
    add_action(study, "Brief korter")
    path = tmp_path / "acties.csv"
    path.write_text(
        "nummer;thema;actie;eigenaar;wanneer;status\n1;wachten;Terugbellen;KCC;1-4-2025;bezig\n;;Nieuw;;;\n", "utf-8"
    )
    assert put_actions(study, load_actions(path)) == (1, 1, 1)
    table = read_actions(study)
    assert table[["action", "text", "status", "date"]].values.tolist() == [
        ["1", "Terugbellen", "doing", "2025-04-01"], ["3", "Nieuw", "planned", ""],
    ]  # fmt: skip
    assert put_actions(study, load_actions(path.rename(tmp_path / "b.csv")))[0] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("thema;wat\nx;y\n", "no column 'text'"),
        ("actie;status\nx;misschien\n", "row 2: 'misschien' is no status"),
        ("nummer;actie\n1;x\n1;y\n", "row 3: number 1 is there twice"),
        ("actie;text\nx;y\n", "two columns are the 'text'"),
    ],
)
def test_a_register_that_is_none(tmp_path: Path, content: str, said: str) -> None:
    """What is wrong with an edited register is told with its row."""
    path = tmp_path / "acties.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match=said):
        load_actions(path)


def test_actions_and_letters_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a coded study to letters with one's own template, and the register to a workbook and back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXTEXT_CODER", "Noor")

    def cxtext(*words: str, ends: int = 0) -> str:
        result = CliRunner().invoke(main, list(words))
        assert result.exit_code == ends, result.output
        return result.output

    Path("gesprek.txt").write_text("I: Hoe ging het?\nR: Ik stond een uur in de wacht.\n", encoding="utf-8")
    cxtext("init", "study.cxt", "--name", "Wachten")
    cxtext("add", "study.cxt", "gesprek.txt")
    with Project.open("study.cxt", coder="Noor") as project:
        row = project.segments().iloc[0]
        coding = {name: row[name] for name in ("document", "segment", "start", "end")}
        assert "pain" in {code.id for code in load_codebook()}
        project.add_codings(make_table([{**coding, "group": "kind", "code": "pain"}], CODINGS))
    assert "no actions yet" in cxtext("actions", "list", "study.cxt")
    assert "Action 1" in cxtext("actions", "add", "study.cxt", "Wij bellen terug", "--owner", "KCC")
    cxtext("actions", "done", "study.cxt", "1", "--on", "31-3-2025")
    cxtext("actions", "told", "study.cxt", "1", "--to", "r1")
    assert "[done, 2025-03-31, KCC]" in cxtext("actions", "list", "study.cxt")
    cxtext("actions", "list", "study.cxt", "-o", "acties.xlsx")
    assert "0 actions added, 0 changed, 0 dropped" in cxtext("actions", "import", "study.cxt", "acties.xlsx")
    template = cxtext("letters", "--show-template", "respondent")
    Path("mijn.txt").write_text(template + "\nP.S. Bedankt, {{ study }}.\n", encoding="utf-8")
    assert "1 letters, 1 files" in cxtext(
        "letters", "study.cxt", "-o", "brieven", "--template", "mijn.txt", "--format", "html"
    )
    page = Path("brieven/respondents/gesprek.html").read_text(encoding="utf-8")
    assert "Ik stond een uur in de wacht." in page
    assert "Wij bellen terug – gedaan (31 maart 2025)" in page
    assert "P.S. Bedankt, Wachten." in page
    cxtext("letters", "study.cxt", "-o", "brieven", ends=1)
