"""A small study with a machine that suggests by words, for the tests of review, learning and bias."""

from cxtext import Document, Turn
from cxtext.project import Project
from cxtext.project.tagging import tag_study
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

TALKS = {
    "an": ["Ik stond een uur in de wacht.", "Dat was naar.", "Ik wil een vaste afspraak.", "De hal is groen."],
    "bo": ["De balie was dicht.", "De koffie smaakte goed."],
}
#: word to code and score
WORDS = {"wacht": ("pain", 0.9), "naar": ("pain", 0.3), "dicht": ("pain", 0.6), "goed": ("gain", 0.8)}


def talk(id, sentences, **attributes):
    """An interview in which one respondent answers one question."""
    asked, said = "Hoe ging het?", " ".join(sentences)
    text = f"{asked}\n{said}\n"
    turns = (
        Turn(0, len(asked), "Vraag", "interviewer"),
        Turn(len(asked) + 1, len(asked) + 1 + len(said), id.title(), "respondent"),
    )
    return Document(id, id, "interview", f"{id}.txt", text, turns, "nl", attributes=attributes)


def coding(row, code, **more):
    """A coding of a segment, as a row."""
    return {
        "document": row["document"], "segment": row["segment"], "start": row["start"], "end": row["end"],
        "group": "kind", "code": code, **more,
    }  # fmt: skip


class Machine:
    """Suggests a code for each segment with a known word."""

    def __init__(self, coder="robot 1"):
        self.coder = coder
        self.thresholds = {"kind/pain": 0.5}

    def tag(self, segments):
        """Tag."""
        rows = [
            coding(row, code, score=score, evidence=word, coder=self.coder)
            for row in segments.to_dict("records")
            for word, (code, score) in WORDS.items()
            if word in row["text"]
        ]
        return type("Tags", (), {"codings": make_table(rows, CODINGS)})


def make_study(place, talks=None, *, tagged=True, **settings):
    """A study of some talks, open for Noor."""
    project = Project.create(place, coder="Noor", settings=settings)
    project.add(Corpus(tuple(talk(id, said, wijk="Zuid") for id, said in (talks or TALKS).items())))
    if tagged:
        tag_study(project, Machine())
    return project


def decided(project):
    """Code, coder, status and decider of each coding."""
    return project.codings()[["code", "coder", "status", "decided_by"]].to_numpy().tolist()
