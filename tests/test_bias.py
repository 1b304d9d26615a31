"""Whether the machine treats groups of respondents alike."""

import csv

import pytest
from click.testing import CliRunner
from coded_study import Machine, coding, talk

from cxtext.bias import bias_check
from cxtext.cli import main
from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.tagging import tag_study
from cxtext.records import Corpus
from cxtext.tables import CODINGS, SEGMENTS, make_table


def tables(found, *, respondents=10, said=4, ages=("30", "70"), extra=0):
    """People's pains, those of the machine, segments and documents; of each age `found` shares are found."""
    empty = {name: "" if dtype == "str" else 0 for name, dtype in SEGMENTS.items()}
    segments, people, machine, documents = [], [], [], []
    for age, share in zip(ages, found, strict=True):
        for number in range(respondents):
            id = f"{age}-{number}"
            documents.append({"document": id, "leeftijd": age})
            for place in range(said + extra):
                row = empty | {"segment": f"{id}:{place}", "document": id, "case": id, "start": place, "end": place + 1}
                segments.append(row)
                if place < said:
                    people.append(coding(row, "pain", status="accepted", coder="Noor"))
                if place >= said or (place + number) % said < share * said:
                    machine.append(coding(row, "pain", status="suggested", coder="robot"))
    frames = (make_table(people, CODINGS), make_table(machine, CODINGS), make_table(segments, SEGMENTS))
    return (*frames, make_table(documents, {"document": "str", "leeftijd": "str"}))


def rows_of(figures, measure="recall"):
    """Figures of one measure by value."""
    return figures[figures["measure"] == measure].set_index("value")


def test_pains_of_the_old_that_are_missed_are_seen():
    """A machine that finds all pains of the young and half of those of the old is told so, with counts."""
    found = rows_of(bias_check(*tables((1.0, 0.5)), attribute="leeftijd"))
    assert found[["n", "k", "respondents"]].to_numpy().tolist() == [[40, 40, 10], [40, 20, 10]]
    assert found["verdict"].tolist() == ["higher", "lower"]
    old = found.loc["70"]
    assert (old["share"], round(old["low"], 3), round(old["high"], 3)) == (0.5, 0.352, 0.648)
    assert old["difference"] == -0.5
    assert old["difference_high"] < 0


def test_no_difference_is_called_where_there_is_none():
    """Equal shares give an interval around nothing."""
    figures = bias_check(*tables((0.5, 0.5)), attribute="leeftijd")
    assert set(figures["verdict"]) == {"no difference seen"}
    recall = rows_of(figures)
    assert (recall["difference_low"] < 0).all()
    assert (recall["difference_high"] > 0).all()


def test_precision_counts_what_the_machine_gave():
    """What the machine codes and people do not is wrong."""
    found = rows_of(bias_check(*tables((1.0, 1.0), extra=4), attribute="leeftijd"), "precision")
    assert found[["n", "k"]].to_numpy().tolist() == [[80, 40], [80, 40]]


@pytest.mark.parametrize("sizes", [{"respondents": 4, "said": 10}, {"respondents": 5, "said": 1}])
def test_few_respondents_or_codings_give_no_verdict(sizes):
    """However large the difference, no verdict rests on fewer than 5 respondents or 10 codings."""
    found = rows_of(bias_check(*tables((1.0, 0.0), **sizes), attribute="leeftijd"))
    assert set(found["verdict"]) == {"too few"}
    assert found["difference_low"].isna().all()


def test_talkative_respondents_widen_the_interval():
    """Where one respondent makes the difference, codings are not counted as if they were independent."""
    people, machine, segments, documents = tables((1.0, 1.0), respondents=6, said=20)
    machine = machine[machine["document"] != "70-0"]
    old = rows_of(bias_check(people, machine, segments, documents, attribute="leeftijd")).loc["70"]
    assert old["verdict"] == "no difference seen"
    assert old["difference"] == pytest.approx(-1 / 6)


def test_suggestions_that_people_took_over_are_counted():
    """Where people accepted the machine's own suggestions, the figures say how many."""
    people, machine, segments, documents = tables((1.0, 1.0))
    machine["status"] = "accepted"
    found = rows_of(bias_check(people, machine, segments, documents, attribute="leeftijd"))
    assert found["prompted"].tolist() == [40, 40]


def test_a_seed_gives_the_same_figures():
    """The interval does not change between runs."""
    frames = tables((1.0, 0.6))
    first, second = (bias_check(*frames, attribute="leeftijd", seed=4) for _ in range(2))
    assert first.equals(second)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"attribute": "wijk"}, "There is no attribute 'wijk'. There are: leeftijd"),
        ({"attribute": "leeftijd", "split": 20.0}, "There are 1 values of 'leeftijd'"),
    ],
)
def test_what_cannot_be_compared_is_refused(options, message):
    """A missing attribute, and one with a single value, are named."""
    with pytest.raises(OptionError, match=message):
        bias_check(*tables((1.0, 1.0)), **options)


def test_numbers_are_split_and_words_are_not():
    """Ages become below and above; a word among them is named."""
    frames = tables((1.0, 0.5))
    found = rows_of(bias_check(*frames, attribute="leeftijd", split=65.0))
    assert found.index.tolist() == ["65 and above", "below 65"]
    frames[3].loc[0, "leeftijd"] = "oud"
    with pytest.raises(OptionError, match=r"cannot be split at 65.*'oud'"):
        bias_check(*frames, attribute="leeftijd", split=65.0)


@pytest.fixture
def place(tmp_path):
    """A study in which the machine finds the pains of the young, and people have read everything."""
    talks = [
        talk(f"{age}{n}", ["Ik stond in de wacht." if age == "jong" else "Het duurde mij te lang."] * 2, leeftijd=age)
        for age in ("jong", "oud")
        for n in range(6)
    ]
    with Project.create(tmp_path / "study.cxt", coder="Noor") as project:
        project.add(Corpus(tuple(talks)))
        tag_study(project, Machine())
        project.add_codings(make_table([coding(r, "pain") for r in project.segments().to_dict("records")], CODINGS))
        project.finish(project.documents()["document"])
    return tmp_path / "study.cxt"


def test_the_command_tells_who_is_missed(place, tmp_path):
    """The command compares the machine with people, and writes all figures."""
    out = tmp_path / "bias.csv"
    done = CliRunner().invoke(main, ["bias", str(place), "--by", "leeftijd", "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "24 segments of 12 documents that robot 1 and people have read." in done.output
    assert "lower" in done.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {(row["value"], row["measure"]): row for row in csv.DictReader(file)}
    assert (rows["oud", "recall"]["k"], rows["jong", "recall"]["k"]) == ("0", "12")


def test_the_consensus_is_what_people_said(place):
    """Where the consensus rejected what a person coded, the machine did not miss it."""
    with Project.open(place, coder="Noor") as project:
        old = project.segments()[lambda table: table["document"].str.startswith("oud")].to_dict("records")
        rejected = [coding(row, "pain", coder="consensus", status="rejected") for row in old]
        project.add_codings(make_table(rejected, CODINGS), kind="consensus")
    done = CliRunner().invoke(main, ["bias", str(place), "--by", "leeftijd"])
    assert done.exit_code == 0, done.output
    assert "lower" not in done.output


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--people", "Sem"], "'Sem' is nobody who codes here"), (["--machine", "robot 9"], "There are: robot 1")],
)
def test_a_coder_who_is_not_there_is_named(place, options, message):
    """Wrong names end in a message with the right ones."""
    done = CliRunner().invoke(main, ["bias", str(place), "--by", "leeftijd", *options])
    assert done.exit_code != 0
    assert message in done.output
