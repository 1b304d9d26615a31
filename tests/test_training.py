"""The recipe: labelled text in, a model out."""

import json
import shutil
from pathlib import Path

import pytest

from cxtext.errors import ModelError, OptionError, ReadError
from cxtext.resources import model_path
from cxtext.tag import Tagger
from cxtext.tag.examples import read_examples
from cxtext.tag.finetuning import finetune
from cxtext.tag.training import train

GOOD = "Dat ging snel en netjes, zeg {}. | gain | joy | positive | use | - | -"
BAD = "Ik stond uren in de wacht bij {}. | pain | - | negative | service | phone | -"
FLAT = "Ik woon in {}. | - | - | neutral | - | - | -"
PLACES = ["Assen", "Gent", "Breda", "Emmen", "Hasselt", "Sneek", "Tiel", "Venlo", "Goes", "Aalst", "Ede", "Weert"]


def write_examples(folder: Path) -> Path:
    """Labelled text of twelve documents."""
    documents = [
        "\n".join(
            [f"## id=d{i} lang=nl style=interview org=test", "? Hoe ging dat?"]
            + [s.format(p) for s in (GOOD, BAD, FLAT)]
        )
        for i, p in enumerate(PLACES)
    ]
    path = folder / "training.txt"
    path.write_text("\n\n".join(documents), encoding="utf-8")
    return path


def test_labelled_text_keeps_documents_order_and_questions(tmp_path):
    """A line is a segment with its codes, its place and the question before it."""
    examples = read_examples([write_examples(tmp_path)])
    assert len(examples) == 36
    assert examples.segments["position"].tolist()[:4] == [0, 1, 2, 0]
    assert set(examples.segments["prompt"]) == {"Hoe ging dat?"}
    assert examples.labels.iloc[1][lambda row: row].index.tolist() == [
        "kind/pain", "sentiment/negative", "phase/service", "channel/phone",
    ]  # fmt: skip


def test_a_wrong_head_of_a_document_is_named(tmp_path):
    """The message says which line does not begin a document as it should."""
    path = tmp_path / "wrong.txt"
    path.write_text("## id=a lang=nl org=goed doel\n", encoding="utf-8")
    with pytest.raises(ReadError, match="line 1: it does not begin a document"):
        read_examples([path])


def test_added_text_leaves_documents_on_their_side(tmp_path):
    """What was held out before stays so when there are more documents, so that a teacher never saw it."""
    examples = read_examples([write_examples(tmp_path)])
    part, _ = examples.split(0.5, 0)
    fewer = examples.where((examples.segments["document"] != "d0").to_numpy()).split(0.5, 0)[0]
    before, after = (set(e.segments["document"]) for e in (part, fewer))
    assert len(before - {"d0"} - after) <= 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Een zin | pain | -", "line 2: it has 2 fields"),
        ("Een zin | pijn | - | neutral | - | - | -", "line 2: unknown codes kind/pijn"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, message):
    """The message says which line of which file, and what is wrong."""
    path = tmp_path / "wrong.txt"
    path.write_text(f"## id=a lang=nl style=survey org=x\n{line}\n", encoding="utf-8")
    with pytest.raises(ReadError, match=message):
        read_examples([path])


def test_a_model_learns_is_stored_and_loads_the_same(tmp_path):
    """Train, save and load: the loaded model codes new sentences like the trained one."""
    examples = read_examples([write_examples(tmp_path)])
    model = train(examples, name="tiny", held_out=0.16, workers=1)
    model.save(tmp_path / "model")
    tagger = Tagger.load(tmp_path / "model")
    assert tagger.name == "tiny"
    assert model.description["training"]["sources"] == examples.sources
    before, after = Tagger(model=model).tag(examples.segments), tagger.tag(examples.segments)
    assert before.codings.drop(columns="score").equals(after.codings.drop(columns="score"))
    pains = after.codings[after.codings["code"] == "pain"]["segment"]
    assert set(pains) == set(examples.segments["segment"][1::3])


def test_too_few_documents_are_refused(tmp_path):
    """Some documents must be held out."""
    path = tmp_path / "few.txt"
    path.write_text("## id=a lang=nl style=survey org=x\n" + FLAT.format("Tiel") + "\n", encoding="utf-8")
    with pytest.raises(OptionError, match="at least 4 documents"):
        train(read_examples([path]))


def test_a_damaged_model_is_refused(tmp_path):
    """A missing file, another layout and an unknown name each say what to do."""
    folder = tmp_path / "model"
    shutil.copytree(model_path("fast"), folder)
    (folder / "words.txt").unlink()
    with pytest.raises(ModelError, match=r"cannot be read.*cxtext train"):
        Tagger.load(folder)
    about = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(about | {"format": 99}))
    with pytest.raises(ModelError, match="has layout 99"):
        Tagger.load(folder)
    with pytest.raises(ModelError, match="no model named 'nope'"):
        Tagger.load("nope")


def test_text_of_others_is_taken_from_its_own_file(tmp_path):
    """Labelled text may name the cell of a csv file that a sentence stands in; without the folder it is left out."""
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "answers.csv").write_text('id,the answer\n1,"Too slow.  But kind."\n', encoding="utf-8")
    head = "## id=a lang=en style=survey org=x source=set/answers.csv column=the_answer row=0\n"
    labels = "@0:9 | pain | - | negative | use | - | -\n@11:20 | gain | - | positive | use | - | -\n"
    own = write_examples(tmp_path)
    (tmp_path / "others.txt").write_text(head + labels, encoding="utf-8")
    paths = [own, tmp_path / "others.txt"]
    assert len(read_examples(paths)) == 36
    examples = read_examples(paths, texts=tmp_path)
    assert examples.segments["text"].tolist()[:2] == ["Too slow.", "But kind."]
    assert set(examples.sources) == {"training.txt", "others.txt", "set/answers.csv"}
    with pytest.raises(ReadError, match="its text is not in"):
        read_examples(paths, texts=tmp_path / "elsewhere")


def test_tuning_says_which_packages_it_needs(tmp_path, monkeypatch):
    """Without the extra the message has the exact command."""
    monkeypatch.setattr("cxtext.tag.finetuning.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pip install \"cxtext\[train\]\""):
        finetune(read_examples([write_examples(tmp_path)]), tmp_path / "model")
