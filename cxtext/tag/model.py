"""A model: an engine, and what makes codings of its logits; stored as plain arrays and ONNX, with JSON beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from cxtext.errors import ModelError
from cxtext.tag.decoding import Chain
from cxtext.tag.engines import Engine, load_engine

#: version of the layout of a model folder
FORMAT = 2
#: name of the output "none of the codes" of a group with at most one code
NONE = "none"


@dataclass(frozen=True)
class Calibration:
    """What makes probabilities and decisions of logits.

    Attributes
    ----------
    outputs : list of str
        Name of each column: ``group/code``, or ``group/none``.
    slope, offset : numpy.ndarray
        Shape (k,). The calibrated logit is ``slope * logit + offset``.
    thresholds : dict of str to float
        Probability from which a code of a multi-label group is given.
    exclusive : list of str
        Groups of which a segment gets at most one code: their probabilities sum to 1.
    chain : Chain or None
        For the phases; None where the codebook has no group of that name.
    best_only : tuple of str
        Groups whose codes have their own probabilities and thresholds, but of which only the best is given.
    """

    outputs: list[str]
    slope: NDArray[np.float32]
    offset: NDArray[np.float32]
    thresholds: dict[str, float]
    exclusive: list[str]
    chain: Chain | None
    best_only: tuple[str, ...] = ()

    def columns(self, group: str) -> list[int]:
        """Columns of a group."""
        return [i for i, output in enumerate(self.outputs) if output.split("/")[0] == group]

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated probability of each output for each row by itself, before the phases are decoded."""
        calibrated = (logits * self.slope + self.offset).astype(np.float64)
        result: NDArray[np.float64] = expit(calibrated)
        for group in self.exclusive:
            columns = self.columns(group)
            result[:, columns] = softmax(calibrated[:, columns], axis=1)
        return result

    def decode(self, own: NDArray[np.float64], documents: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities with the phases decoded over each document."""
        if self.chain is None:
            return own
        result = own.copy()
        phases = self.columns("phase")
        result[:, phases] = self.chain.posterior(own[:, phases], documents)
        return result

    def decide(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which output holds for which row; shape (n, k)."""
        limits = np.array([self.thresholds.get(output, 2.0) for output in self.outputs])
        given: NDArray[np.bool_] = probabilities >= limits
        for group in self.exclusive:
            columns = np.array(self.columns(group))
            best = probabilities[:, columns].argmax(axis=1)
            given[np.arange(len(given)), columns[best]] = True
        for group in self.best_only:
            columns = np.array(self.columns(group))
            best = probabilities[:, columns].argmax(axis=1)
            given[:, columns] &= np.arange(len(columns)) == best[:, None]
        return given


@dataclass(frozen=True)
class Model:
    """The trained part of a tagger.

    Attributes
    ----------
    description : dict
        ``name``, ``version``, ``codebook``, ``training``: what it was trained on.
    engine : Engine
    calibration : Calibration
    """

    description: dict[str, Any]
    engine: Engine
    calibration: Calibration

    def save(self, folder: Path) -> None:
        """Write ``model.json``, ``weights.npz`` and the files of the engine."""
        folder.mkdir(parents=True, exist_ok=True)
        about, arrays = self.engine.save(folder)
        c = self.calibration
        chain = {k: v.astype(np.float32) for k, v in c.chain.arrays().items()} if c.chain else {}
        stored: dict[str, Any] = {**arrays, "slope": c.slope, "offset": c.offset, **chain}
        np.savez_compressed(folder / "weights.npz", **stored)
        description = {
            "format": FORMAT,
            **self.description,
            "engine": self.engine.name,
            **about,
            "outputs": c.outputs,
            "exclusive": c.exclusive,
            "best_only": c.best_only,
            **({"chain_strength": c.chain.strength} if c.chain else {}),
            "thresholds": c.thresholds,
        }
        text = json.dumps(description, indent=1, ensure_ascii=False) + "\n"
        (folder / "model.json").write_text(text, encoding="utf-8")


def load_model(folder: Path, *, threads: int = 0) -> Model:
    """Read a model folder.

    Parameters
    ----------
    folder : pathlib.Path
    threads : int
        Of an encoder; 0 is one per core.

    Returns
    -------
    Model

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
        chain = Chain.of(arrays, about["chain_strength"]) if "chain_strength" in about else None
        return Model(
            description={k: about[k] for k in ("name", "version", "codebook", "training") if k in about},
            engine=load_engine(about["engine"], folder, about, arrays, threads),
            calibration=Calibration(
                about["outputs"],
                arrays["slope"],
                arrays["offset"],
                about["thresholds"],
                about["exclusive"],
                chain,
                tuple(about["best_only"]),
            ),
        )
    except (OSError, ValueError, KeyError) as error:
        msg = f"{folder}: the model cannot be read ({error!r}). Install cxtext again, or train it: cxtext train."
        raise ModelError(msg) from error
