"""Changes to a codebook keep every coding, and a comparison finds what was changed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxtext.codebook import (
    Code,
    Codebook,
    Group,
    add_code,
    add_group,
    apply_to_codings,
    check_codebook,
    compare,
    merge_codes,
    move_code,
    remove_code,
    rename_code,
    split_code,
)
from cxtext.errors import OptionError
from cxtext.tables import CODINGS, make_table


def code(id, group="thema", **more):
    """A code with a Dutch name."""
    return Code(id, group, {"nl": id}, **more)


#: geld above prijs above korting and toeslag; oordeel allows one code
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
PATHS = [c.path for c in SHOP]


def coding(segment, path, coder="anna", status="accepted", score=1.0):
    """A coding of a segment of nine letters."""
    group, id = path.split("/")
    return {
        "document": "d", "segment": f"s{segment}", "start": segment * 10, "end": segment * 10 + 9, "group": group,
        "code": id, "coder": coder, "status": status, "score": score, "evidence": "", "run": "",
    }  # fmt: skip


def codings(*rows):
    """Table of codings."""
    return make_table([coding(*row) for row in rows], CODINGS)


def paths(frame):
    """Paths of codings, in order."""
    return (frame["group"] + "/" + frame["code"]).tolist()


def test_renaming_takes_children_and_codings_along():
    """A new id is the parent of the codes below, and the codings have it; a new name moves nothing."""
    change = rename_code(SHOP, "thema/prijs", id="kosten", name="Kosten")
    assert [c.id for c in change.codebook.children(change.codebook.code("thema", "kosten"))] == ["korting", "toeslag"]
    assert (change.codebook.version, change.summary) == (4, 'Renamed thema/prijs to thema/kosten "Kosten".')
    assert paths(apply_to_codings(codings((1, "thema/prijs")), change).codings) == ["thema/kosten"]
    assert not rename_code(SHOP, "thema/prijs", name="Price", language="en").moved


def test_a_code_moves_with_all_below_it():
    """To another group with its codes and their codings, or to another parent."""
    change = move_code(SHOP, "thema/prijs", group="oordeel", parent="slecht")
    book = change.codebook
    assert [c.id for c in book.lineage(book.code("oordeel", "korting"))] == ["slecht", "prijs", "korting"]
    assert set(change.moved) == {"thema/prijs", "thema/korting", "thema/toeslag"}
    assert [(depth, c.id) for depth, c in move_code(SHOP, "thema/prijs").codebook.walk()][:2] == [
        (0, "geld"),
        (0, "prijs"),
    ]


def test_merging_keeps_examples_and_children():
    """The code that stays gets the examples, what it was said not to hold for no longer, and the codes below."""
    book = merge_codes(SHOP, ["thema/korting"], "thema/toeslag").codebook
    assert book.code("thema", "toeslag").examples == ("Alles half geld.",)
    assert book.code("thema", "toeslag").counter_examples == ()
    up = merge_codes(SHOP, ["thema/geld", "thema/prijs"], "thema/korting").codebook
    assert [(depth, c.id) for depth, c in up.walk()][:2] == [(0, "korting"), (1, "toeslag")]
    across = merge_codes(SHOP, ["thema/geld", "thema/korting"], "oordeel/slecht")
    assert across.moved == {
        "thema/geld": "oordeel/slecht", "thema/korting": "oordeel/slecht", "thema/prijs": "oordeel/prijs",
        "thema/toeslag": "oordeel/toeslag",
    }  # fmt: skip
    assert across.codebook.version == 4


def test_merged_codings_of_one_coder_become_one():
    """On one stretch the more decided coding stays, then the higher score; other coders and stretches keep theirs."""
    frame = codings(
        (1, "thema/korting", "anna", "suggested", 0.9), (1, "thema/toeslag", "anna", "accepted", 0.4),
        (2, "thema/korting", "bram", "suggested", 0.5), (2, "thema/toeslag", "bram", "suggested", 0.7),
        (2, "thema/toeslag", "anna"), (3, "thema/korting"), (3, "thema/geld"),
    )  # fmt: skip
    result = apply_to_codings(frame, merge_codes(SHOP, ["thema/korting"], "thema/toeslag"))
    assert (len(result.codings), result.joined, result.dropped) == (5, 2, 0)
    assert result.codings["score"].tolist() == [0.4, 0.7, 1.0, 1.0, 1.0]


def test_codings_that_were_alike_before_are_left_alone():
    """Renaming joins nothing, also where a machine coded the same in two runs, and index labels repeat."""
    frame = codings((1, "thema/prijs"))
    frame = pd.concat([frame.assign(run="1"), frame.assign(run="2", memo="kijk")])
    result = apply_to_codings(frame, rename_code(SHOP, "thema/prijs", id="kosten"))
    assert (paths(result.codings), result.codings["memo"].tolist()[1]) == (["thema/kosten"] * 2, "kijk")


def test_two_codes_where_one_is_allowed_are_reported():
    """A stretch that gets a second code of an exclusive group is named, and both codings stay."""
    frame = codings((1, "thema/personeel"), (1, "oordeel/goed"), (2, "thema/personeel"), (3, "oordeel/goed"))
    result = apply_to_codings(frame, move_code(SHOP, "thema/personeel", group="oordeel"))
    assert result.conflicts[["segment", "coder", "group", "codes"]].to_numpy().tolist() == [
        ["s1", "anna", "oordeel", "goed; personeel"]
    ]
    assert len(result.codings) == 4
    same = apply_to_codings(frame, merge_codes(SHOP, ["thema/personeel"], "oordeel/goed"))
    assert (same.joined, len(same.conflicts)) == (1, 0)


def test_codings_of_a_removed_code_are_not_lost_by_accident():
    """They stop the change, unless they are to go; a code with codes below it is not removed alone."""
    change = remove_code(SHOP, "thema/prijs", with_children=True)
    frame = codings((1, "thema/korting"), (1, "thema/geld"))
    with pytest.raises(OptionError, match="There are 1 codings of thema/korting, which the change removes"):
        apply_to_codings(frame, change)
    result = apply_to_codings(frame, change, drop_removed=True)
    assert (paths(result.codings), result.dropped) == (["thema/geld"], 1)


def test_splitting_and_adding_move_no_coding():
    """New codes stand behind the old one, which keeps its codings."""
    change = split_code(SHOP, "thema/geld", [code("betalen"), code("sparen", parent="betalen")])
    assert [c.id for c in change.codebook][:3] == ["geld", "betalen", "sparen"]
    assert not change.moved
    added = add_group(SHOP, Group("fase", {"nl": "Fase"}, ())).codebook
    assert add_code(added, code("begin", "fase")).codebook.code("fase", "begin").group == "fase"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: rename_code(SHOP, "thema/x", id="y"), "no code 'thema/x' in the codebook 'winkel'. There are: thema/"),
        (lambda: rename_code(SHOP, "thema/geld"), "Give a name, an id, or both"),
        (lambda: rename_code(SHOP, "thema/geld", id="prijs"), "'prijs' is there twice"),
        (lambda: rename_code(SHOP, "thema/geld", id=""), "the code has no id"),
        (lambda: rename_code(SHOP, "thema/geld", name=" "), "no name, or an empty one"),
        (lambda: move_code(SHOP, "thema/geld", group="x"), "There is no group 'x'.*There are: thema, oordeel"),
        (lambda: move_code(SHOP, "thema/geld", parent="korting"), "stands below itself"),
        (lambda: move_code(SHOP, "thema/geld", parent="x"), "its parent 'x' is no code of the group"),
        (lambda: merge_codes(SHOP, ["thema/geld"], "thema/geld"), "nothing to merge into thema/geld"),
        (lambda: split_code(SHOP, "thema/geld", []), "nothing to split thema/geld into"),
        (lambda: split_code(SHOP, "thema/geld", [code("a", "oordeel")]), "says that its group is 'oordeel'"),
        (lambda: remove_code(SHOP, "thema/prijs"), "Below thema/prijs stand thema/korting, thema/toeslag"),
        (lambda: add_code(SHOP, code("geld")), "'geld' is there twice"),
        (lambda: add_code(SHOP, code("a", "x")), "There is no group 'x'"),
        (lambda: add_group(SHOP, SHOP.groups[0]), "the group 'thema' is there twice"),
    ],
)
def test_changes_that_cannot_be_are_refused(change, message):
    """The message says what does not fit and what there is."""
    with pytest.raises(OptionError, match=message):
        change()


steps = st.tuples(
    st.sampled_from(["rename", "move", "merge"]),
    st.sampled_from(PATHS),
    st.sampled_from(PATHS),
    st.lists(st.sampled_from(PATHS), min_size=1),
)


@settings(max_examples=150, deadline=None)
@given(step=steps, coded=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(PATHS)), unique=True))
def test_no_change_loses_a_coding(step, coded):
    """Every stretch that was coded still is, by codes that there are; only merged codings become fewer."""
    kind, path, other, several = step
    try:
        if kind == "rename":
            change = rename_code(SHOP, path, id="nieuw")
        elif kind == "move":
            change = move_code(SHOP, path, group=other.split("/")[0], parent=other.split("/")[1])
        else:
            change = merge_codes(SHOP, several, path)
    except OptionError:
        return
    check_codebook(change.codebook)
    result = apply_to_codings(codings(*coded), change)
    expected = {(f"s{segment}", change.moved.get(path, path)) for segment, path in coded}
    assert set(zip(result.codings["segment"], paths(result.codings), strict=True)) == expected
    assert len(result.codings) == len(expected) == len(coded) - result.joined
    assert (result.codings["end"] - result.codings["start"]).eq(9).all()
    assert set(paths(result.codings)) <= {c.path for c in change.codebook}


def test_a_comparison_names_each_difference():
    """Added, removed, renamed, redefined, moved and reordered, each with before and after."""
    new = rename_code(SHOP, "thema/geld", id="budget").codebook
    new = move_code(new, "thema/korting", group="oordeel").codebook
    new = rename_code(new, "thema/prijs", name="Kosten").codebook
    new = remove_code(new, "thema/personeel").codebook
    new = add_code(new, code("nieuw", definitions={"nl": "Iets"})).codebook
    assert compare(SHOP, new).drop(columns=["before"]).to_numpy().tolist() == [
        ["renamed", "thema/geld", "thema/budget", "id", "budget"],
        ["renamed", "thema/prijs", "thema/prijs", "name_nl", "Kosten"],
        ["moved", "thema/korting", "oordeel/korting", "group", "oordeel"],
        ["moved", "thema/korting", "oordeel/korting", "parent", ""],
        ["removed", "thema/personeel", "", "", ""],
        ["added", "", "thema/nieuw", "", "nieuw"],
    ]
    first, second = SHOP.groups
    turned = Codebook("winkel", 9, (second, Group("thema", first.names, first.codes[::-1], exclusive=True)))
    assert compare(SHOP, turned)[["change", "old", "field", "after"]].to_numpy().tolist() == [
        ["redefined", "thema", "exclusive", "yes"],
        ["reordered", "", "groups", "oordeel; thema"],
        ["reordered", "thema", "codes", "; ".join(reversed(PATHS[:5]))],
    ]
