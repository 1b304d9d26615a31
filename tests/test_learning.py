"""A researcher's own codebook."""

import csv

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import cxtext
from cxtext.cli import main
from cxtext.codebook import load_codebook
from cxtext.errors import OptionError
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.tag.learning import verdict_of

CODEBOOK = """
name: buurt
version: 1
groups:
  - id: thema
    name: thema
    codes:
      - id: parkeren
        name: parkeren
        definition: "Waar men de auto kwijt kan."
        examples: ["Er is nooit een plek voor de auto."]
      - id: groen
        name: groen
        definition: "Bomen, perken en parken in de wijk."
        examples: ["Mooi dat park met die oude bomen."]
      - id: lawaai
        name: geluidsoverlast
        definition: "Last van herrie."
        examples: ["De muziek van de buren staat te hard."]
"""
PARKING = [
    "Ik rijd elke avond drie rondjes voor een parkeerplek", "De bezoekers zetten hun auto overal neer",
    "Parkeren voor de deur lukt na zes uur niet meer", "Voor een tweede auto is geen plaats in de straat",
    "Met de bus van mijn werk kan ik nergens staan", "De parkeervergunning is weer duurder",
    "Alle vakken zijn vol als ik thuiskom", "Er staan vreemde auto's op onze plekken",
]  # fmt: skip
GREEN = [
    "De bomen in de laan zijn prachtig", "Ze hebben het plantsoen verwaarloosd", "Het park is heerlijk met de hond",
    "Meer struiken en bloemen zou de straat goed doen", "Het gras wordt nooit gemaaid",
    "De kastanje voor ons huis is omgehakt", "In het perk staan alleen nog tegels", "Wandelen onder de bomen is fijn",
]  # fmt: skip
OTHER = [
    "Ik woon hier sinds 1998", "De buurvrouw is verhuisd", "Mijn dochter gaat naar de school om de hoek",
    "We eten meestal om zes uur", "Vroeger was hier een bakker", "Ik werk drie dagen in de week",
    "Dat weet ik niet meer precies", "Verder heb ik geen opmerkingen",
]  # fmt: skip


@pytest.fixture(scope="module")
def codebook(tmp_path_factory):
    """A codebook of three themes."""
    path = tmp_path_factory.mktemp("codebook") / "buurt.yaml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return load_codebook(path)


def table(texts):
    """Segments, one respondent each."""
    return make_table(
        [
            {
                "segment": f"s{i}", "document": f"d{i}", "case": f"d{i}", "position": 0, "turn": 0, "speaker": "",
                "role": "respondent", "start": 0, "end": len(text), "text": text, "time_start": None,
                "time_end": None, "language": "nl", "prompt": "",
            }
            for i, text in enumerate(texts)
        ],
        SEGMENTS,
    )  # fmt: skip


def coding(segment, code, *, coder="anna", status="accepted"):
    """A coding by a person."""
    return {
        "document": segment.replace("s", "d"), "segment": segment, "start": 0, "end": 1, "group": "thema",
        "code": code, "coder": coder, "status": status, "score": 1.0, "evidence": "", "run": "",
    }  # fmt: skip


@pytest.fixture(scope="module")
def coded():
    """Twenty-four segments, coded by one person."""
    texts = [text for three in zip(PARKING, GREEN, OTHER, strict=True) for text in three]
    rows = [coding(f"s{i}", ("parkeren", "groen")[i % 3]) for i in range(len(texts)) if i % 3 < 2]
    return table(texts), make_table(rows, CODINGS)


@pytest.fixture(scope="module")
def taught(codebook, coded):
    """A tagger that has seen the codings."""
    return cxtext.Tagger(codebook).fit(*coded)


def codes_of(tagger, text):
    """Codes that a text gets."""
    return set(tagger.tag(table([text])).codings["code"])


def test_descriptions_alone_already_suggest(codebook):
    """Without one coding, a sentence that says what a definition says gets the code, and small talk gets none."""
    tagger = cxtext.Tagger(codebook)
    assert codes_of(tagger, "Er is hier nooit een plek voor mijn auto.") == {"parkeren"}
    assert codes_of(tagger, "Dat weet ik niet meer.") == set()


def test_a_few_codings_teach_a_code(taught):
    """From eight codings on, words that no description has are recognised too."""
    assert codes_of(taught, "Na het werk vind ik geen vrij parkeervak meer.") == {"parkeren"}
    assert codes_of(taught, "De linden langs het water zijn mooi.") == {"groen"}
    assert codes_of(taught, "Ik heb twee zussen.") == set()


def test_every_code_gets_figures_and_a_verdict(taught):
    """Figures are of unseen respondents; a code without codings is said to be not learnable yet."""
    codes = taught.lesson.codes.set_index("code")
    assert codes.loc["parkeren", "codings"] == codes.loc["parkeren", "respondents"] == 8
    assert codes.loc["parkeren", "f1_low"] <= codes.loc["parkeren", "f1"] <= codes.loc["parkeren", "f1_high"]
    assert codes.loc["parkeren", "verdict"] in ("applies", "suggests")
    assert codes.loc["lawaai", "verdict"] == "not learnable yet"
    assert np.isnan(codes.loc["lawaai", "f1"])
    assert taught.lesson.curve["share"].tolist() == [0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(("low", "verdict"), [(0.0, "suggests"), (0.59, "suggests"), (0.6, "applies")])
def test_a_code_applies_by_itself_only_where_that_is_sure(low, verdict):
    """A high F1 on a few respondents, of which the interval begins low, is only good enough to suggest."""
    assert verdict_of({"f1": 0.85, "precision": 0.9, "f1_low": low}) == verdict


def test_a_rejected_suggestion_is_a_lesson_too(codebook, coded):
    """Rejected codings count as "does not hold", not as examples."""
    segments, codings = coded
    rejected = codings.assign(status="rejected")
    lesson = cxtext.Tagger(codebook).fit(segments, rejected).lesson
    assert lesson.codes["codings"].sum() == 0


def test_two_people_are_compared(codebook, coded):
    """Where two coded the same segments, the agreement between them stands beside that of the machine."""
    segments, codings = coded
    second = codings.assign(coder="ben").iloc[2:]
    codes = cxtext.Tagger(codebook).fit(segments, pd.concat([codings, second])).lesson.codes.set_index("code")
    assert codes.loc["parkeren", "people_f1"] == 1
    assert np.isnan(codes.loc["lawaai", "people_f1"])


def test_the_next_segments_are_unsure_and_unlike(taught):
    """What to code next is not what the tagger knows, and not the same thing twice."""
    pool = table(
        ["De bus rijdt te laat", "De bus rijdt te laat", "Ik vind geen plek voor de auto", "Hangjongeren bij het park"]
    )
    chosen = taught.next(pool, 2)
    assert len(set(chosen["text"])) == 2


def test_what_was_learned_is_stored_and_loads_the_same(taught, tmp_path):
    """A stored tagger codes like the one that learned."""
    taught.save(tmp_path / "model")
    again = cxtext.Tagger.load(tmp_path / "model")
    some = table([*PARKING[:3], *GREEN[:3], *OTHER[:3]])
    pd.testing.assert_frame_equal(again.tag(some).codings, taught.tag(some).codings)


def test_evidence_is_in_the_text(taught):
    """Also codes of one's own show why."""
    text = "Ik kan mijn auto nergens kwijt in deze straat."
    for evidence in taught.tag(table([text])).codings["evidence"]:
        assert all(part in text for part in evidence.split("; "))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"code": "honden"}, "does not have: thema/honden"), ({"segment": "s99"}, "not given, such as 's99'")],
)
def test_codings_that_fit_nothing_are_named(codebook, coded, change, message):
    """A code that is not in the codebook and a segment that is not there are errors, not silence."""
    segments, codings = coded
    with pytest.raises(OptionError, match=message):
        cxtext.Tagger(codebook).fit(segments, codings.assign(**change))


@pytest.fixture
def sheet(tmp_path):
    """A table of which the first rows are coded."""
    path = tmp_path / "wijk.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "antwoord", "thema"])
        codes = ("parkeren", "groen", "")
        texts = [text for three in zip(PARKING, GREEN, OTHER, strict=True) for text in three]
        rows = [(text, codes[i % 3]) for i, text in enumerate(texts)]
        writer.writerows([f"{i:03d}", text, code] for i, (text, code) in enumerate(rows))
        writer.writerows([f"9{i:02d}", f"Nog niet gelezen antwoord {i} over de wijk", ""] for i in range(6))
    return path


def test_the_command_learns_from_a_sheet_and_tags_with_it(sheet, tmp_path):
    """Code some rows in a spreadsheet, learn, tag: the codes of one's own come out."""
    run = CliRunner()
    done = run.invoke(
        main, ["learn", str(sheet), "-o", str(tmp_path / "wijk"), "--code-column", "thema", "--next", "3"]
    )
    assert done.exit_code == 0, done.output
    assert "23 rows read, 7 not read yet" in done.output
    assert "parkeren" in done.output
    with (tmp_path / "wijk" / "next.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3
    out = tmp_path / "tagged.csv"
    done = run.invoke(main, ["tag", str(sheet), "-o", str(out), "--unit", "row", "--model", str(tmp_path / "wijk")])
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["thema"] == "parkeren" or "parkeren" in str(rows[0])


def test_a_missing_column_is_named(sheet, tmp_path):
    """The message says which columns there are."""
    done = CliRunner().invoke(main, ["learn", str(sheet), "-o", str(tmp_path / "x"), "--code-column", "themas"])
    assert done.exit_code != 0
    assert "no column 'themas'" in str(done.output) + str(done.exception)


def test_own_codes_named_sentiment_or_used_for_a_report_are_no_traceback(tmp_path):
    """A group called sentiment with judgements of one's own has no valence; a report needs the default codebook."""
    path = tmp_path / "own.csv"
    path.write_text("id,answer,sentiment\n1,Ik ben er blij mee,fijn\n2,Het was niets,naar\n", encoding="utf-8")
    run, model = CliRunner(), str(tmp_path / "model")
    assert run.invoke(main, ["learn", str(path), "-o", model, "--code-column", "sentiment"]).exit_code == 0
    out = tmp_path / "out.csv"
    done = run.invoke(main, ["tag", str(path), "-o", str(out), "--unit", "row", "--model", model])
    assert done.exit_code == 0, done.output
    assert "valence" not in out.read_text(encoding="utf-8").splitlines()[0]
    done = run.invoke(main, ["run", str(path), "-o", str(tmp_path / "report"), "--model", model])
    assert done.exit_code != 0
    assert "does not know the groups" in done.output + str(done.exception)
