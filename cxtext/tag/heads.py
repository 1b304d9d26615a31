"""Linear heads: one column of weights per code, calibrated, with a threshold; stored as plain arrays with JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.feature_extraction.text import TfidfVectorizer

from cxtext.errors import ModelError
from cxtext.tag.decoding import Chain
from cxtext.tag.features import FeatureExtractor, character_vectorizer, word_vectorizer

#: version of the layout of a model folder
FORMAT = 1
#: name of the output "none of the codes" of a group with at most one code
NONE = "none"


@dataclass(frozen=True)
class Heads:
    """The trained part of a tagger.

    Attributes
    ----------
    description : dict
        ``name``, ``version``, ``backend``, ``codebook``, what it was trained on.
    outputs : list of str
        Name of each column: ``group/code``, or ``group/none``.
    weights : numpy.ndarray
        Shape (width, k), float32.
    bias, slope, offset : numpy.ndarray
        Shape (k,). The calibrated logit is ``slope * logit + offset``.
    thresholds : dict of str to float
        Probability from which a code of a multi-label group is given.
    exclusive : list of str
        Groups of which a segment gets at most one code: their probabilities sum to 1.
    chain : Chain
        For the phases.
    extractor : FeatureExtractor
    """

    description: dict[str, Any]
    outputs: list[str]
    weights: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    offset: np.ndarray
    thresholds: dict[str, float]
    exclusive: list[str]
    chain: Chain
    extractor: FeatureExtractor

    def columns(self, group: str) -> list[int]:
        """Columns of a group."""
        return [i for i, output in enumerate(self.outputs) if output.split("/")[0] == group]

    def probabilities(self, matrix: sparse.csr_matrix) -> np.ndarray:
        """Calibrated probability of each output for each row, before the phases are decoded; shape (n, k)."""
        logits = (matrix @ self.weights + self.bias) * self.slope + self.offset
        result = expit(logits.astype(np.float64))
        for group in self.exclusive:
            columns = self.columns(group)
            result[:, columns] = softmax(logits[:, columns].astype(np.float64), axis=1)
        return result

    def save(self, folder: Path) -> None:
        """Write ``model.json``, ``weights.npz``, ``words.txt`` and ``characters.txt``."""
        folder.mkdir(parents=True, exist_ok=True)
        vectorizers = self.extractor.vectorizers
        for name, vectorizer in vectorizers.items():
            terms = vectorizer.get_feature_names_out()
            (folder / f"{name}.txt").write_text("\n".join(terms) + "\n", encoding="utf-8")
        np.savez_compressed(
            folder / "weights.npz",
            weights=self.weights.astype(np.float16),
            **{k: getattr(self, k).astype(np.float32) for k in ("bias", "slope", "offset")},
            **{f"chain_{k}": getattr(self.chain, k).astype(np.float32) for k in ("start", "step", "prior")},
            **{f"{name}_idf": vectorizer.idf_.astype(np.float32) for name, vectorizer in vectorizers.items()},
        )
        about = {
            "format": FORMAT,
            **self.description,
            "backend": self.extractor.backend,
            "codes": self.extractor.codes,
            "outputs": self.outputs,
            "exclusive": self.exclusive,
            "chain_strength": self.chain.strength,
            "thresholds": self.thresholds,
        }
        (folder / "model.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_heads(folder: Path) -> Heads:
    """Read a model folder.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    Heads

    Raises
    ------
    ModelError
        A file is missing or damaged, or the model is of another version of cxtext.
    """
    try:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if about.get("format") != FORMAT:
            msg = f"{folder}: the model has layout {about.get('format')}, this cxtext reads {FORMAT}. Train it again."
            raise ModelError(msg)
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name].astype(np.float32) for name in stored.files}
        words = _vectorizer(word_vectorizer, folder / "words.txt", arrays["words_idf"])
        characters = _vectorizer(character_vectorizer, folder / "characters.txt", arrays["characters_idf"])
        chain = Chain(arrays["chain_start"], arrays["chain_step"], arrays["chain_prior"], about["chain_strength"])
        return Heads(
            description={k: about[k] for k in ("name", "version", "codebook", "training") if k in about},
            outputs=about["outputs"],
            weights=arrays["weights"],
            bias=arrays["bias"],
            slope=arrays["slope"],
            offset=arrays["offset"],
            thresholds=about["thresholds"],
            exclusive=about["exclusive"],
            chain=chain,
            extractor=FeatureExtractor(about["codes"], about["backend"], words, characters),
        )
    except (OSError, ValueError, KeyError) as error:
        msg = f"{folder}: the model cannot be read ({error!r}). Install cxtext again, or train it: cxtext train."
        raise ModelError(msg) from error


def _vectorizer(make: Any, path: Path, idf: np.ndarray) -> TfidfVectorizer:
    terms = path.read_text(encoding="utf-8").split("\n")[:-1]
    vectorizer: TfidfVectorizer = make(vocabulary={term: i for i, term in enumerate(terms)})
    vectorizer.idf_ = idf.astype(np.float64)
    return vectorizer
