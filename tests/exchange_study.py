"""A study for the tests of exchange: an interview, a focus group and an answer, with emoji and combining accents."""

from cxtext import Document, Turn
from cxtext.codebook import Code, Codebook, Group
from cxtext.project import Project
from cxtext.records import Corpus, clean_text
from cxtext.tables import CODINGS, make_table

CODEBOOK = Codebook(
    "wachten",
    1,
    (
        Group(
            "kind",
            {"nl": "soort", "en": "kind"},
            (
                Code(
                    "pain", "kind", {"nl": "pijnpunt", "en": "pain"}, {"nl": "Wat stroef gaat.", "en": "What hurts."},
                    ("Ik wachtte een uur.",), ("Het ging vlot.",), colour="#A5402D",
                ),
                Code("need", "kind", {"nl": "behoefte", "en": "need"}),
                Code("wait", "kind", {"nl": "wachten", "en": "waiting"}, parent="pain"),
            ),
            exclusive=True,
        ),
        Group("thema", {"nl": "thema"}, (Code("prijs", "thema", {"nl": "prijs"}),)),
        Group("codes", {"nl": "codes", "en": "codes"}, (Code("los", "codes", {"nl": "los", "en": "los"}),)),
    ),
)  # fmt: skip


def document(id, *turns, **more):
    """A document of turns, given as (speaker, role, text)."""
    text, parts = "", []
    for speaker, role, said in turns:
        said = clean_text(said)
        parts.append(Turn(len(text), len(text) + len(said), speaker, role))
        text += said + "\n"
    values = {"name": id, "kind": "interview", "source": f"{id}.txt", "language": "nl"} | more
    return Document(id, text=text, turns=tuple(parts), **values)


CORPUS = Corpus((
    document(
        "gesprek",
        ("I", "interviewer", "Hoe ging het?"),
        ("R", "respondent", "Ik stond een uur in de wacht 😡 bij de balie. Daarna ging het vlot."),
        attributes={"wijk": "Zuid", "leeftijd": "041", "cijfer": "4"}, columns={"nps": "cijfer"},
    ),
    document(
        "groep",
        ("I", "interviewer", "En bij jullie?"),
        ("Bram", "respondent", "De café-ingang is dicht, z\u0323\u0302o jammer."),
        ("Eva", "respondent", "Bij mij ging het goed 👍🏽."),
    ),
    document(
        "vraag-1", ("", "respondent", "Ik wachtte. Ik wachtte."), name="R7", kind="survey", prompt="Wat viel op?",
        attributes={"nummer": "R7", "cijfer": "9", "leeg": ""}, columns={"case": "nummer", "nps": "cijfer"},
    ),
))  # fmt: skip


def rows(project):
    """Codings by document and text: the first stretch that holds the text."""
    texts = {document.id: document.text for document in project.corpus()}

    def row(document, text, path, **more):
        group, code = path.split("/")
        text = clean_text(text)
        start = texts[document].index(text)
        place = {"document": document, "segment": "", "start": start, "end": start + len(text)}
        return {**place, "group": group, "code": code, **more}

    return row


def make_study(place, *, coder="Noor"):
    """A study with codings of two people and a machine, and memos."""
    project = Project.create(place, coder=coder, codebook=CODEBOOK, settings={"name": "Wachten"})
    project.add(CORPUS)
    row = rows(project)
    made = [
        row("gesprek", "een uur in de wacht 😡", "kind/pain"),
        row("gesprek", "uur in de wacht 😡 bij", "kind/wait", coder="Sem"),
        row("gesprek", "een uur in de wacht 😡", "thema/prijs", coder="Sem"),
        row("groep", "café-ingang", "codes/los"),
        row("groep", "z\u0323\u0302o jammer", "kind/need", status="rejected"),
    ]
    project.add_codings(make_table(made, CODINGS))
    seen = row("vraag-1", "Ik wachtte.", "kind/wait", coder="robot 1", score=0.8, evidence="wacht", status="suggested")
    project.add_codings(make_table([seen], CODINGS), kind="machine")
    project.add_memo("Kijk hier nog eens naar.\nEcht.", about="document", target="groep")
    project.add_memo("Strikter coderen", about="code", target="kind/pain")
    project.add_memo("Boos!", about="coding", target=project.codings().iloc[0]["coding"])
    project.add_memo("Over het geheel", about="study")
    return project
