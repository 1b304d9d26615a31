"""Codebooks, and files of them that come back equal."""

import csv
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.codebook import (
    Code,
    Codebook,
    Group,
    add_code,
    check_codebook,
    compare,
    load_codebook,
    save_codebook,
)
from cxtext.codebook.texts import tidied, tidy_lines
from cxtext.errors import OptionError, ReadError, WriteError


def code(id, group="thema", **more):
    """A code with a Dutch name."""
    return Code(id, group, {"nl": id}, **more)


#: geld above prijs above (korting, toeslag); oordeel allows one code
SHOP = Codebook(
    "winkel",
    3,
    (
        Group(
            "thema",
            {"nl": "Thema", "en": "Theme"},
            (
                code("geld"),
                code("prijs", parent="geld", examples=("Te duur.",), colour="#2f8091"),
                code("korting", parent="prijs", examples=("Alles half geld.",)),
                code("toeslag", parent="prijs", counter_examples=("Alles half geld.",)),
                code("personeel"),
            ),
        ),
        Group("oordeel", {"nl": "Oordeel"}, (code("goed", "oordeel"), code("slecht", "oordeel")), exclusive=True),
    ),
)


def test_a_codebook_is_walked_as_a_tree():
    """Codes come depth first with their depth; a code knows the codes above and below it."""
    prijs = SHOP.code("thema", "prijs")
    assert [(depth, c.id) for depth, c in SHOP.walk()] == [
        (0, "geld"), (1, "prijs"), (2, "korting"), (2, "toeslag"), (0, "personeel"), (0, "goed"), (0, "slecht"),
    ]  # fmt: skip
    assert [c.id for c in SHOP.children(prijs)] == ["korting", "toeslag"]
    assert [c.id for c in SHOP.lineage(SHOP.children(prijs)[0])] == ["geld", "prijs", "korting"]
    with pytest.raises(KeyError, match="thema/nergens"):
        SHOP.code("thema", "nergens")


def test_names_fall_back_to_a_language_that_there_is():
    """An English report of Dutch codes shows their Dutch names, not their ids."""
    assert Code("c1", "g", {"nl": "prijs"}).name("en") == "prijs"
    assert Code("c1", "g", {"nl": "prijs", "en": "price"}).name("de") == "price"


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ([code("a"), code("a")], "thema/a: the code 'a' is there twice. Give every code an id that is unique"),
        ([code("")], "thema/: the code has no id"),
        ([code("a/b")], "the id 'a/b' holds a slash"),
        ([code("a  b")], "more than single spaces"),
        ([code("a\x07")], "control character"),
        ([code("a", parent="b")], "thema/a: its parent 'b' is no code of the group"),
        ([code("a", parent="a")], "stands below itself \\(a < a\\)"),
        ([code("a", parent="b"), code("b", parent="a")], "stands below itself \\(a < b < a\\)"),
        ([code("a", colour="rood")], "'rood' is no colour. Write colours as #"),
        ([code("a", "elders")], "says that its group is 'elders'"),
        ([Code("a", "thema", {})], "has no name, or an empty one"),
        ([Code("a", "thema", {"nl": " "})], "has no name, or an empty one"),
        ([Code("a", "thema", {"Nederlands": "a"})], "'Nederlands' is no language"),
    ],
)
def test_parts_that_do_not_fit_are_named(codes, message):
    """A codebook that cannot be is refused with the place, the reason and what to do."""
    with pytest.raises(OptionError, match=message):
        check_codebook(Codebook("winkel", 1, (Group("thema", {"nl": "Thema"}, tuple(codes)),)))


#: letters that files and programs trip over
ODD = st.text(
    st.sampled_from("aé ë\u0301=+-@'\"|,;:#\n\r\t\\/\u2028\x85\u200b\ufffd😀{}[]&*!%>_x0041no1.~") | st.characters()
)
ids = ODD.map(lambda text: "".join(tidy_lines([text.replace("/", "")]))).filter(bool)
texts = st.dictionaries(st.sampled_from(["nl", "en", "de", "fry"]), ODD, max_size=3)
examples = st.lists(ODD, max_size=3).map(tuple)


@st.composite
def codebooks(draw):
    """Any codebook: arbitrary trees with arbitrary texts."""
    groups = []
    for group in draw(st.lists(ids, max_size=3, unique=True)):
        own = draw(st.lists(ids, max_size=5, unique=True))
        codes = [
            Code(
                id, group, {"nl": "x", **draw(texts)}, draw(texts), draw(examples), draw(examples),
                draw(st.sampled_from(["", *own[:at]])), draw(st.sampled_from(["", "#2f8091", "#ABCDEF"])),
            )
            for at, id in enumerate(own)
        ]  # fmt: skip
        codes = draw(st.permutations(codes))
        groups.append(Group(group, {"en": "y", **draw(texts)}, tuple(codes), draw(st.booleans()), draw(st.booleans())))
    made = tidied(Codebook(draw(ids), draw(st.integers(0, 99)), tuple(groups)))
    assume_named = all(part.names for group in made.groups for part in (group, *group.codes))
    return made if assume_named else Codebook("leeg", 1, ())


@pytest.mark.parametrize(("suffix", "language"), [(".yaml", "nl"), (".csv", "nl"), (".csv", "en"), (".xlsx", "en")])
@settings(max_examples=25, deadline=None)
@given(codebook=codebooks())
def test_what_is_saved_comes_back_equal(tmp_path_factory, suffix, language, codebook):
    """Any codebook that files can hold is the same after saving and loading, in each kind of file."""
    path = tmp_path_factory.mktemp("codebook") / f"a{suffix}"
    assert load_codebook(save_codebook(codebook, path, language=language)) == codebook
    assert compare(codebook, load_codebook(path)).empty


def test_untidy_texts_are_tidied_in_files(tmp_path):
    """Spaces at the ends and control characters are not kept, and an example is one line; nothing else changes."""
    untidy = replace(SHOP, groups=(Group("g", {"nl": " G\x07 "}, (code("a", "g", examples=("Te\r\nduur ", " ")),)),))
    read = load_codebook(save_codebook(untidy, tmp_path / "a.yaml"))
    assert read.groups == (Group("g", {"nl": "G"}, (code("a", "g", examples=("Te duur",)),)),)


def test_yaml_is_for_people(tmp_path):
    """A saved codebook reads as the one that comes with cxtext: a line per code, no anchors, no escapes."""
    group = Group("g", {"nl": "Groep", "en": "Group"}, (Code("één", "g", {"nl": "één", "en": "one"}), code("no", "g")))
    path = save_codebook(Codebook("winkel", 1, (group,)), tmp_path / "a.yml")
    assert path.read_text(encoding="utf-8").splitlines()[2:] == [
        "groups:",
        "  - id: g",
        "    name: {nl: Groep, en: Group}",
        "    exclusive: false",
        "    codes:",
        "      - {id: één, name: {nl: één, en: one}}",
        "      - {id: 'no', name: {nl: 'no'}}",
    ]


def test_cells_that_would_run_are_harmless(tmp_path):
    """No cell of a table starts a formula, and what was written comes back."""
    group = Group("g", {"nl": "=G()"}, (Code("=1+1", "g", {"nl": "'=a", "en": "-5"}, examples=("@x", "+y")),))
    for name in ("a.csv", "a.xlsx"):
        path = save_codebook(Codebook("w", 1, (group,)), tmp_path / name)
        assert load_codebook(path).groups == (group,)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    cells += [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+")) or (cell.startswith("-") and cell != "-5")]


def write(path, text, encoding="utf-8"):
    """A file with this text."""
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_by_hand_is_a_codebook(tmp_path):
    """Semicolons, Dutch headings in any case, cp1252, examples with | and a plain name for both languages."""
    path = write(
        tmp_path / "b.csv",
        "Groep;Code;Naam;naam (en);Definitie;Voorbeelden;Bovenliggende code;Kleur;Exclusief;\r\n"
        "thema;geld;Geld;;Over geld; ;;;ja;\r\n"
        "thema;prijs;Prijs;Price;;Te duur. | Één euro;geld;#2F8091;;\r\n"
        ";;;;;;;;;\r\n",
        "cp1252",
    )
    group = Group(
        "thema",
        {"nl": "thema", "en": "thema"},
        (
            Code("geld", "thema", {"nl": "Geld", "en": "Geld"}, {"nl": "Over geld", "en": "Over geld"}),
            Code("prijs", "thema", {"nl": "Prijs", "en": "Price"}, {}, ("Te duur.", "Één euro"), (), "geld", "#2F8091"),
        ),
        exclusive=True,
    )
    assert load_codebook(path) == Codebook("b", 1, (group,))


def test_a_bare_list_is_one_group(tmp_path):
    """One column of codes is a codebook with one group, named after the file, of which several codes may hold."""
    book = load_codebook(write(tmp_path / "Mijn codes.csv", "\ufeffcode\r\nparkeren\r\ngroen en water\r\n"))
    assert (book.name, book.groups[0].id, book.groups[0].exclusive) == ("Mijn codes", "Mijn codes", False)
    assert [c.name("nl") for c in book] == ["parkeren", "groen en water"]


def test_values_in_yaml_are_text(tmp_path):
    """Codes named no, 001 and 1e5 keep their names."""
    path = write(tmp_path / "a.yaml", "groups: [{id: 1, name: no, codes: [{id: 001}, {id: 1e5}, {id: NA}]}]")
    assert [c.path for c in load_codebook(path)] == ["1/001", "1/1e5", "1/NA"]


def test_a_changed_file_is_read_again(tmp_path):
    """What was loaded before does not stand in the way of an edited file."""
    path = write(tmp_path / "a.csv", "code\na\n")
    load_codebook(path)
    assert [c.id for c in load_codebook(write(path, "code\nb\n"))] == ["b"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "code,soort\na,b\n", "row 1: the heading 'soort' is not known. The headings are codebook"),
        ("a.csv", "naam,kleur\na,b\n", "row 1: no heading is 'code'"),
        ("a.csv", "code,kleur,color\na,,\n", "row 1: two columns hold the colour"),
        ("a.csv", "code\n", "no codes below a row of headings"),
        ("a.csv", "code,naam\na,b\n\na,c\n", "row 4, a/a: the code 'a' is there twice"),
        ("a.csv", "code,parent\na,b\n", "row 2, a/a: its parent 'b' is no code"),
        ("a.csv", "code,parent\na,b\nb,a\n", "row 2, a/a: it stands below itself"),
        ("a.csv", "code,kleur\na,rood\n", "row 2, a/a: 'rood' is no colour"),
        ("a.csv", "groep,code\n,a\n", "row 2: its group is empty"),
        ("a.csv", "groep,code,naam\ng,,a\n", "row 2: it has a name, but its code is empty"),
        ("a.csv", "groep,code,exclusief\ng,a,ja\ng,b,nee\n", "row 3: its exclusive is 'nee', but 'ja' in row 2"),
        ("a.csv", "groep,code,exclusief\ng,a,soms\n", "row 2: its exclusive is not yes or no"),
        ("a.csv", "code,versie\na,twee\n", "the version 'twee' is no whole number"),
        ("a.csv", "code,naam\na\n", "row 2: it has 1 cells where the headings have 2"),
        ("a.csv", "code,naam,\na,b,c\n", "'c' stands in a column without a heading"),
        ("a.csv", 'code,naam\na,"b\n', "its quotes or its length are wrong"),
        ("a.csv", "", "the file is empty"),
        ("a.xlsx", "code", "it is not a Excel file"),
        ("a.txt", "code", "no codebook is read from .txt. Use one of: .yaml"),
        ("a.yaml", "groups: [", "cannot be read as YAML"),
        ("a.yaml", "[" * 5000, "cannot be read as YAML"),
        ("a.yaml", "name: a\nname: b\ngroups: []", "'name' is there twice"),
        ("a.yaml", "- a", "the codebook: it is no mapping"),
        ("a.yaml", "groups: [{id: g, codes: [{id: a, kleur: b}]}]", "g, code 1: 'kleur' is not known. Its keys are id"),
        ("a.yaml", "groups: [{id: g}]", "group 1: 'codes' is not there"),
        ("a.yaml", "groups: [{id: g, codes: [a]}]", "g, code 1: it is no mapping"),
        ("a.yaml", "groups: [{id: g, codes: [{id: a, examples: b}]}]", "'examples' is not a list"),
        ("a.yaml", "groups: [{id: g, codes: [{id: a, name: [b]}]}]", "'name' is not text, or"),
        ("a.yaml", "groups: [{id: g, exclusive: soms, codes: []}]", "'exclusive' is not true or false"),
        ("a.yaml", "groups: [{id: g, codes: [{}]}]", "g/: the code has no id"),
    ],
)
def test_files_that_are_no_codebook_say_why(tmp_path, name, text, message):
    """An error names the file, the row or the place, and what was expected."""
    with pytest.raises(ReadError, match=message) as caught:
        load_codebook(write(tmp_path / name, text))
    assert str(caught.value).startswith(str(tmp_path / name))


def test_other_files_that_cannot_be_used(tmp_path):
    """A missing file, broken bytes, several filled sheets, a text too long for Excel and an unknown suffix are told."""
    with pytest.raises(ReadError, match="cannot be read \\(No such file"):
        load_codebook(tmp_path / "weg.yaml")
    (tmp_path / "a.csv").write_bytes("\ufeffcode\n".encode() + "één".encode("cp1252"))
    with pytest.raises(ReadError, match="cannot be decoded"):
        load_codebook(tmp_path / "a.csv")
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.create_sheet("Blad 2").append(["code"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(ReadError, match="others hold something \\(Blad 2\\)"):
        load_codebook(tmp_path / "a.xlsx")
    long = add_code(SHOP, code("lang", definitions={"nl": "a" * 40_000})).codebook
    with pytest.raises(WriteError, match="row 7 is too long for a cell of Excel"):
        save_codebook(long, tmp_path / "b.xlsx")
    with pytest.raises(WriteError, match=r"cannot be written as \.txt"):
        save_codebook(SHOP, tmp_path / "b.txt")


def test_a_codebook_that_cannot_be_is_not_saved(tmp_path):
    """The old file stays when the new codebook does not fit together."""
    path = save_codebook(SHOP, tmp_path / "a.yaml")
    with pytest.raises(OptionError, match="is there twice"):
        save_codebook(replace(SHOP, groups=SHOP.groups * 2), path)
    assert load_codebook(path) == SHOP
    assert [p.name for p in Path(tmp_path).iterdir()] == ["a.yaml"]
