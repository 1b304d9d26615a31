"""The tagger: segments in, codings with score and evidence out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cxtext.resources import model_path
from cxtext.tables import CODINGS, make_table
from cxtext.tag.cues import Cue
from cxtext.tag.evidence import EvidenceFinder
from cxtext.tag.features import CONTEXT
from cxtext.tag.heads import NONE, Heads, load_heads

#: segments whose features are held at one time
SLICE = 1000
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
        1 with "no phase"), and ``valence`` in [-2, 2].
    """

    codings: pd.DataFrame
    scores: pd.DataFrame


class Tagger:
    """A machine coder for the default codebook.

    Parameters
    ----------
    heads : Heads
        The trained model; `Tagger.load` reads the one that comes with cxtext.

    Examples
    --------
    >>> tagger = Tagger.load()  # doctest: +SKIP
    >>> tagger.tag(segments).codings  # doctest: +SKIP
    """

    def __init__(self, heads: Heads) -> None:
        self.heads = heads
        self._evidence = EvidenceFinder(heads)

    @classmethod
    def load(cls, model: str | Path = "default") -> Tagger:
        """Load a model.

        Parameters
        ----------
        model : str or pathlib.Path
            Name of a model that comes with cxtext, or a folder with a ``model.json``.

        Returns
        -------
        Tagger

        Raises
        ------
        ModelError
            There is no such model, or it cannot be read.
        """
        folder = Path(model)
        return cls(load_heads(folder if (folder / "model.json").is_file() else model_path(str(model))))

    @property
    def name(self) -> str:
        """Name of the model."""
        return str(self.heads.description["name"])

    @property
    def version(self) -> str:
        """Version of the model."""
        return str(self.heads.description["version"])

    @property
    def coder(self) -> str:
        """Name under which its codings stand beside those of people."""
        return f"cxtext {self.name} {self.version}"

    @property
    def backend(self) -> str:
        """Embedding that the model was trained on."""
        return self.heads.extractor.backend

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Score from which a code is given, per code of the multi-label groups."""
        return self.heads.thresholds

    def tag(self, segments: pd.DataFrame, *, run: str = "") -> Tags:
        """Code segments.

        Parameters
        ----------
        segments : pandas.DataFrame
            `cxtext.tables.SEGMENTS`; the rows of a document stand together, in order.
        run : str
            Noted in every coding, to tell runs apart.

        Returns
        -------
        Tags
            A segment without text gets no code.
        """
        own, cues = self._read(segments)
        probabilities = own.copy()
        phases = self.heads.columns("phase")
        probabilities[:, phases] = self.heads.chain.posterior(own[:, phases], segments["document"].tolist())
        scores = pd.DataFrame(probabilities.round(4), columns=self.heads.outputs)
        given = self._decide(scores)
        given[(segments["text"].str.strip() == "").to_numpy()] = False
        scores["valence"] = _valence(scores)
        scores = scores.drop(columns=[output for output in self.heads.outputs if output.endswith(f"/{NONE}")])
        scores.insert(0, "segment", segments["segment"].to_numpy())
        codings = self._codings(segments, scores, given, cues, own, run)
        return Tags(codings, scores)

    def _read(self, segments: pd.DataFrame) -> tuple[np.ndarray, list[list[Cue]]]:
        """Probabilities of each segment by itself, and its cues; in slices, so that memory stays bounded."""
        probabilities = [np.zeros((0, len(self.heads.outputs)))]
        cues: list[list[Cue]] = []
        for at in range(0, len(segments), SLICE):
            before = min(at, CONTEXT)
            features = self.heads.extractor.transform(segments.iloc[at - before : at + SLICE])
            probabilities.append(self.heads.probabilities(features.matrix[before:]))
            cues += features.cues[before:]
        return np.concatenate(probabilities), cues

    def _decide(self, scores: pd.DataFrame) -> np.ndarray:
        """Which output holds for which segment; shape (n, k)."""
        values = scores.to_numpy()
        limits = np.array([self.heads.thresholds.get(output, 2.0) for output in self.heads.outputs])
        given: np.ndarray = values >= limits
        for group in self.heads.exclusive:
            columns = self.heads.columns(group)
            best = values[:, columns].argmax(axis=1)
            given[np.arange(len(values)), np.array(columns)[best]] = True
        return given

    def _codings(
        self,
        segments: pd.DataFrame,
        scores: pd.DataFrame,
        given: np.ndarray,
        cues: list[list[Cue]],
        own: np.ndarray,
        run: str,
    ) -> pd.DataFrame:
        self._evidence.read(segments["text"])
        records = segments.to_dict("records")
        phases = own[:, self.heads.columns("phase")].max(axis=1)
        rows = []
        for at, i in np.argwhere(given).tolist():
            segment, path = records[at], self.heads.outputs[i]
            group, code = path.split("/")
            if code == NONE:
                continue
            evidence = self._evidence.find(segment["text"], cues[at], path)
            if group == "phase" and own[at, i] < phases[at]:
                evidence = f"context; {evidence}" if evidence else "context"
            rows.append({
                "document": segment["document"], "segment": segment["segment"], "start": segment["start"],
                "end": segment["end"], "group": group, "code": code, "coder": self.coder, "status": "suggested",
                "score": scores.at[at, path], "evidence": evidence, "run": run,
            })  # fmt: skip
        return make_table(rows, CODINGS)


def _valence(scores: pd.DataFrame) -> np.ndarray:
    """Judgement in [-2, 2]: positive minus negative probability, up to doubled where a feeling is expressed."""
    feeling = {side: scores.reindex(columns=codes, fill_value=0.0).max(axis=1) for side, codes in _FEELINGS.items()}
    judgement = scores["sentiment/positive"] - scores["sentiment/negative"]
    strength = 1 + feeling["positive"].where(judgement > 0, feeling["negative"])
    result: np.ndarray = (judgement * strength).clip(-2, 2).round(4).to_numpy()
    return result
