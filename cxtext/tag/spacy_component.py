"""cxtext in a spaCy pipeline: ``nlp.add_pipe("cxtext")``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc, Span

from cxtext.language import detect_language
from cxtext.sentences import sentence_spans
from cxtext.tables import SEGMENTS, make_table
from cxtext.tag.tagger import Tagger

#: name of the spans in ``doc.spans``
SPANS = "cxtext"


@Language.factory("cxtext", default_config={"model": "standard"})
def make_component(nlp: Language, name: str, model: str) -> CxtextComponent:
    """Make the component; spaCy finds it by its entry point."""
    return CxtextComponent(model)


class CxtextComponent:
    """Codes the sentences of a document, and keeps the codings as spans.

    ``doc.spans["cxtext"]`` holds one span per coding: its label is ``group/code``, and ``doc.user_data["cxtext"]``
    holds, in the same order, its score, whether it is uncertain, and its evidence. Sentences are those of cxtext, which
    knows spoken Dutch and survey shorthand.

    Parameters
    ----------
    model : str
        Name of a model, or its folder.

    Examples
    --------
    >>> import spacy  # doctest: +SKIP
    >>> nlp = spacy.blank("nl")  # doctest: +SKIP
    >>> nlp.add_pipe("cxtext")  # doctest: +SKIP
    >>> [(span.text, span.label_) for span in nlp("Ik stond uren in de wacht.").spans["cxtext"]]  # doctest: +SKIP
    """

    def __init__(self, model: str) -> None:
        self.model = model
        self._tagger: Tagger | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Code one document."""
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterable[Doc]:
        """Code many documents, some at a time."""
        batch: list[Doc] = []
        for doc in stream:
            batch.append(doc)
            if len(batch) >= batch_size:
                yield from self._code(batch)
                batch = []
        yield from self._code(batch)

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Keep the name of the model: it comes with cxtext, or is a folder of yours."""
        Path(path).mkdir(parents=True, exist_ok=True)
        Path(path, "cxtext.json").write_text(json.dumps({"model": self.model}), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> CxtextComponent:
        """Read what `to_disk` wrote."""
        return self._take(Path(path, "cxtext.json").read_text(encoding="utf-8"))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Keep the name of the model."""
        return json.dumps({"model": self.model}).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> CxtextComponent:
        """Read what `to_bytes` wrote."""
        return self._take(data.decode())

    def _take(self, text: str) -> CxtextComponent:
        self.model = json.loads(text)["model"]
        self._tagger = None
        return self

    def _code(self, docs: list[Doc]) -> Iterable[Doc]:
        if not docs:
            return
        if self._tagger is None:
            self._tagger = Tagger.load(self.model)
        codings = self._tagger.tag(_segments(docs)).codings
        by_document = dict(list(codings.groupby("document")))
        for number, doc in enumerate(docs):
            spans: list[Span] = []
            details: list[dict[str, Any]] = []
            own = by_document.get(str(number))
            for row in own.to_dict("records") if own is not None else ():
                label = f"{row['group']}/{row['code']}"
                if span := doc.char_span(row["start"], row["end"], label=label, alignment_mode="expand"):
                    spans.append(span)
                    details.append({key: row[key] for key in ("score", "uncertain", "evidence")})
            doc.spans[SPANS] = spans
            doc.user_data[SPANS] = details
            yield doc


def _segments(docs: list[Doc]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for number, doc in enumerate(docs):
        language = doc.lang_ if doc.lang_ in ("nl", "en") else detect_language(doc.text) or "nl"
        for position, (start, end) in enumerate(sentence_spans(doc.text, language)):
            rows.append({
                "segment": f"{number}:{position}", "document": str(number), "case": str(number), "position": position,
                "turn": 0, "speaker": "", "role": "respondent", "start": start, "end": end,
                "text": doc.text[start:end], "time_start": None, "time_end": None, "language": language, "prompt": "",
            })  # fmt: skip
    return make_table(rows, SEGMENTS)
