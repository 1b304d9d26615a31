"""The tagger: segments in, codings with score and evidence out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxtext.codebook import Codebook, load_codebook
from cxtext.resources import model_path
from cxtext.tables import CODINGS, SEGMENTS, make_table
from cxtext.tag.decoding import runs_of_documents
from cxtext.tag.engines import Reading
from cxtext.tag.model import NONE, Model, load_model

if TYPE_CHECKING:
    from cxtext.tag.learning import Lesson

#: segments that are read at a time, and then up to the end of the document
SLICE = 1000
#: below this calibrated probability a coding is more likely wrong than right
CERTAIN = 0.5
#: what a feeling does to the strength of a judgement
_FEELINGS = {
    "positive": ("emotion/joy", "emotion/trust", "emotion/relief"),
    "negative": ("emotion/anger", "emotion/sadness", "emotion/fear"),
}


@dataclass(frozen=True)
class Tags:
    """What a tagger says about some segments.

    Attributes
    ----------
    codings : pandas.DataFrame
        `cxtext.tables.CODINGS`: one row per code on a segment.
    scores : pandas.DataFrame
        Column ``segment``, one column per code path with its calibrated probability (sentiments sum to 1; phases to
        1 with "no phase"), and ``valence`` in [-2, 2] where the codebook has sentiments.
    """

    codings: pd.DataFrame
    scores: pd.DataFrame


class Tagger:
    """A machine coder.

    Parameters
    ----------
    codebook : Codebook, optional
        A researcher's own: coded by its names, definitions and examples until `fit` has seen codings. Where it is left
        out, the ``standard`` model codes by the default codebook.
    model : Model, optional
        A trained model; see `Tagger.load`.

    Attributes
    ----------
    lesson : Lesson or None
        What `fit` learned: figures and a verdict per code, and the learning curve.

    Examples
    --------
    >>> Tagger.load("fast").tag(segments).codings  # doctest: +SKIP
    >>> tagger = Tagger(load_codebook("codes.yaml")).fit(segments, codings)  # doctest: +SKIP
    >>> tagger.lesson.codes  # doctest: +SKIP
    """

    def __init__(self, codebook: Codebook | None = None, *, model: Model | None = None) -> None:
        self.codebook = codebook
        self.lesson: Lesson | None = None
        self._model = model

    @classmethod
    def load(cls, model: str | Path = "standard", *, threads: int = 0) -> Tagger:
        """Load a model.

        Parameters
        ----------
        model : str or pathlib.Path
            Name of a model that comes with cxtext (``standard`` or ``fast``), or a folder with a ``model.json``.
        threads : int
            Threads of the encoder; 0 is one per core. The result does not depend on it.

        Returns
        -------
        Tagger

        Raises
        ------
        ModelError
            There is no such model, or it cannot be read.
        """
        folder = Path(model)
        folder = folder if (folder / "model.json").is_file() else model_path(str(model))
        return cls(model=load_model(folder, threads=threads))

    @property
    def model(self) -> Model:
        """The model, loaded or made of the descriptions of the codes when it is first asked for."""
        if self._model is None:
            if self.codebook is None:
                self._model = load_model(model_path("standard"))
            else:
                self.fit(make_table([], SEGMENTS), make_table([], CODINGS))
        assert self._model is not None
        return self._model

    def fit(
        self,
        segments: pd.DataFrame,
        codings: pd.DataFrame,
        *,
        known: pd.DataFrame | None = None,
        progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    ) -> Tagger:
        """Learn the codes of the codebook from people's codings.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS`: what people have read. A segment without a coding has none of the codes.
        codings : pandas.DataFrame
            `cxtext.tables.CODINGS` by people; a rejected suggestion counts as "does not hold".
        known : pandas.DataFrame, optional
            Rows as `segments`, a column per code path: whether people looked for the code there. All of them where it
            is left out.
        progress : callable
            See `cxtext.tag.learning.learn`.

        Returns
        -------
        Tagger
            Itself, with `lesson`.

        Raises
        ------
        OptionError
            A coding is of a code or of a segment that is not there.
        """
        from cxtext.tag.learning import learn

        self.lesson = learn(segments, codings, self.codebook or load_codebook(), known=known, progress=progress)
        self._model = self.lesson.model
        return self

    def next(self, segments: pd.DataFrame, n: int = 20) -> pd.DataFrame:
        """Segments worth coding next: those that the tagger is least sure of, no two alike.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS` that nobody has coded yet.
        n : int
            How many.

        Returns
        -------
        pandas.DataFrame
            Some of the rows, the most useful first.
        """
        from cxtext.embedding import encode
        from cxtext.tag.learning import next_segments

        scores = self.tag(segments, evidence=False).scores
        rows = next_segments(scores, encode(segments["text"].tolist()), dict(self.thresholds), n=n)
        return segments.iloc[rows]

    def save(self, folder: str | Path) -> None:
        """Write the model to a folder, from which `Tagger.load` reads it."""
        self.model.save(Path(folder))

    @property
    def name(self) -> str:
        """Name of the model."""
        return str(self.model.description["name"])

    @property
    def version(self) -> str:
        """Version of the model."""
        return str(self.model.description["version"])

    @property
    def coder(self) -> str:
        """Name under which its codings stand beside those of people."""
        return f"cxtext {self.name} {self.version}"

    @property
    def engine(self) -> str:
        """Name of its engine."""
        return self.model.engine.name

    @property
    def groups(self) -> dict[str, bool]:
        """The groups of codes, and whether a segment can get several codes of one."""
        calibration = self.model.calibration
        single = {*calibration.exclusive, *calibration.best_only}
        names = dict.fromkeys(output.split("/")[0] for output in calibration.outputs)
        return {name: name not in single for name in names}

    @property
    def has_valence(self) -> bool:
        """Whether the codebook has the judgements that valence is made of."""
        return {"sentiment/positive", "sentiment/negative"} <= set(self.model.calibration.outputs)

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Score from which a code is given, per code of the multi-label groups."""
        return self.model.calibration.thresholds

    def tag(self, segments: pd.DataFrame, *, run: str = "", evidence: bool = True) -> Tags:
        """Code segments.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS`; the rows of a document stand together, in order.
        run : str
            Noted in every coding, to tell runs apart.
        evidence : bool
            Whether to look for the evidence of each coding; tagging without is faster.

        Returns
        -------
        Tags
            A segment without text gets no code.
        """
        parts = [
            self._tag(segments.iloc[part], run, evidence)
            for part in runs_of_documents(segments["document"].tolist(), SLICE)
        ]
        if not parts:
            parts = [self._tag(segments, run, evidence)]
        return Tags(
            pd.concat([part.codings for part in parts], ignore_index=True),
            pd.concat([part.scores for part in parts], ignore_index=True),
        )

    def _tag(self, segments: pd.DataFrame, run: str, evidence: bool) -> Tags:
        """Code the segments of some whole documents."""
        calibration = self.model.calibration
        reading = self.model.engine.read(segments) if len(segments) else None
        logits = reading.logits if reading else np.zeros((0, len(calibration.outputs)), dtype=np.float32)
        own = calibration.probabilities(logits)
        probabilities = calibration.decode(own, segments["document"].tolist()).round(4)
        given = calibration.decide(probabilities)
        given[(segments["text"].str.strip() == "").to_numpy()] = False
        scores = pd.DataFrame(probabilities, columns=calibration.outputs)
        if self.has_valence:
            scores["valence"] = valence_of(scores)
        scores = scores.drop(columns=[output for output in calibration.outputs if output.endswith(f"/{NONE}")])
        scores.insert(0, "segment", segments["segment"].to_numpy())
        rows = self._codings(segments, reading if evidence else None, own, probabilities, given, run) if reading else []
        return Tags(make_table(rows, CODINGS), scores)

    def _codings(
        self,
        segments: pd.DataFrame,
        reading: Reading | None,
        own: NDArray[np.float64],
        probabilities: NDArray[np.float64],
        given: NDArray[np.bool_],
        run: str,
    ) -> list[dict[str, object]]:
        outputs = self.model.calibration.outputs
        phases = own[:, self.model.calibration.columns("phase")].max(axis=1, initial=0.0)
        rows: list[dict[str, object]] = []
        for (at, i), segment in (
            (place, segment)
            for row, segment in enumerate(segments.to_dict("records"))
            for place in ((row, column) for column in np.flatnonzero(given[row]).tolist())
        ):
            group, code = outputs[i].split("/")
            if code == NONE:
                continue
            evidence = reading.evidence(at, i, outputs[i]) if reading else ""
            if group == "phase" and self.model.calibration.chain and own[at, i] < phases[at]:
                evidence = f"context; {evidence}" if evidence else "context"
            score = float(probabilities[at, i])
            rows.append({
                "document": segment["document"], "segment": segment["segment"], "start": segment["start"],
                "end": segment["end"], "group": group, "code": code, "coder": self.coder, "status": "suggested",
                "score": score, "uncertain": score < CERTAIN, "evidence": evidence, "run": run,
            })  # fmt: skip
        return rows


def valence_of(scores: pd.DataFrame) -> NDArray[np.float64]:
    """Judgement in [-2, 2]: positive minus negative probability, up to doubled where a feeling is expressed.

    Parameters
    ----------
    scores : pandas.DataFrame
        A probability per code path; those of sentiment and emotion are used, and a missing one is 0.

    Returns
    -------
    array of float, shape (n,)

    Examples
    --------
    >>> valence_of(pd.DataFrame({"sentiment/negative": [0.9], "emotion/anger": [1.0]})).tolist()
    [-1.8]
    """
    judged = scores.reindex(columns=["sentiment/positive", "sentiment/negative"], fill_value=0.0)
    feeling = {side: scores.reindex(columns=codes, fill_value=0.0).max(axis=1) for side, codes in _FEELINGS.items()}
    judgement = judged["sentiment/positive"] - judged["sentiment/negative"]
    strength = 1 + feeling["positive"].where(judgement > 0, feeling["negative"])
    result: NDArray[np.float64] = (judgement * strength).clip(-2, 2).round(4).to_numpy()
    return result
