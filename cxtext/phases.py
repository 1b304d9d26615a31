"""The phases of a journey: read from YAML, and given to segments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from cxtext.codebook import load_codebook
from cxtext.coded import codes_of
from cxtext.errors import ReadError
from cxtext.resources import data_path

_ADVICE = (
    "See cxtext/data/phases/four.yaml for the form: phases with id, name, description, examples and from. "
    "Or choose a set that comes with cxtext: {known}."
)
_KEYS = frozenset(("id", "name", "description", "examples", "from", "desired"))
#: weights of the sentence itself, those around it and the question it answers, in placing a sentence by its meaning
_AROUND = ((1, 0.5), (2, 0.3), (-1, 0.3))
_PROMPT = 0.6
#: by how much a phase has to be more like a segment than any other phase, and than it is like the average segment
LEAST_ADVANTAGE = 0.05


@dataclass(frozen=True)
class Phase:
    """One phase of a journey.

    Attributes
    ----------
    id : str
    names, descriptions : Mapping[str, str]
        By language, ``"nl"`` and ``"en"``.
    examples : tuple of str
        Sentences that belong to it, in any language.
    origins : tuple of str
        Phases of the default codebook that it takes its segments from; where there are none it is found by meaning.
    language : str
        Of `name` and `description`.
    desired : float, optional
        The experience that people are meant to have in it, from -2 to 2.
    """

    id: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    language: str = "nl"
    desired: float | None = None

    @property
    def name(self) -> str:
        """Name in the language of the phase; in another one where it has none there."""
        return _in_language(self.names, self.language) or self.id

    @property
    def description(self) -> str:
        """Description in the language of the phase; in another one where it has none there, or ``""``."""
        return _in_language(self.descriptions, self.language)

    @property
    def texts(self) -> tuple[str, ...]:
        """What tells its meaning: descriptions and examples."""
        return (*dict.fromkeys(self.descriptions.values()), *self.examples)


def load_phases(name_or_path: str | Path = "default", *, language: str = "nl") -> tuple[Phase, ...]:
    """Read the phases of a journey, in order.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        ``"default"`` (the five phases of the codebook), ``"four"`` (awareness, consideration, purchase, loyalty),
        ``"government"`` (six phases with a public service), or a YAML file.
    language : {"nl", "en"}
        Of names and descriptions.

    Returns
    -------
    tuple of Phase

    Raises
    ------
    ReadError
        The file is missing, is no YAML, or lacks a part.

    Examples
    --------
    >>> [phase.name for phase in load_phases("four", language="en")]
    ['awareness', 'consideration', 'purchase', 'loyalty']
    """
    known = sorted(path.stem for path in data_path("phases").glob("*.yaml"))
    path = data_path("phases", f"{name_or_path}.yaml") if str(name_or_path) in known else Path(name_or_path)
    advice = _ADVICE.format(known=", ".join(known))
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReadError(str(path), "there is no such file with phases", advice) from error
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise ReadError(str(path), f"the phases cannot be read ({' '.join(str(error).split())})", advice) from error
    try:
        return _phases(data, language)
    except _FormError as error:
        raise ReadError(str(path), str(error), advice) from error


def in_language(phases: Sequence[Phase], language: str) -> tuple[Phase, ...]:
    """Give the same phases with names in a language.

    Parameters
    ----------
    phases : sequence of Phase
    language : {"nl", "en"}

    Returns
    -------
    tuple of Phase

    Examples
    --------
    >>> in_language(load_phases(), "en")[2].name
    'use'
    """
    return tuple(replace(phase, language=language) for phase in phases)


def assign_phases(
    segments: pd.DataFrame,
    codings: pd.DataFrame,
    phases: Sequence[Phase],
    *,
    encode: Callable[[Sequence[str]], Any] | None = None,
) -> pd.Series:
    """Give each segment a phase, or none.

    A phase takes the segments whose phase coding is among its origins. Where several phases share an origin, the one
    whose description and examples are most like the segment gets it. A phase without origins gets the segments that
    are clearly more like it than like the other phases, and than the average segment is. Likeness is measured on the
    segment, the sentences around it in the same document and the question that it answers.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    codings : pandas.DataFrame
        Table `cxtext.tables.CODINGS`.
    phases : sequence of Phase
    encode : callable, optional
        Texts to vectors (n, d) of unit length; `cxtext.embedding.encode` where it is left out. Only called where
        meaning has to decide.

    Returns
    -------
    pandas.Series
        Phase id by segment, in the order of `segments`; ``""`` where there is none.
    """
    coded = _coded_phase(codings).reindex(segments["segment"], fill_value="").to_numpy()
    heirs: dict[str, list[int]] = {}
    for number, phase in enumerate(phases):
        for origin in phase.origins:
            heirs.setdefault(origin, []).append(number)
    free = [number for number, phase in enumerate(phases) if not phase.origins]
    chosen = np.array([heirs.get(code, [-1])[0] for code in coded], dtype=int)
    shared = any(len(heirs.get(code, ())) > 1 for code in set(coded))
    if len(segments) and (free or shared):
        likeness = _likeness(segments, phases, encode or _default_encoder())
        for row, code in enumerate(coded):
            chosen[row] = _decide(likeness[row], heirs.get(code, []), free)
    ids = np.array([*(phase.id for phase in phases), ""], dtype=object)
    return pd.Series(ids[chosen], index=segments["segment"].to_numpy(), name="phase", dtype="str")


class _FormError(Exception):
    """What is wrong with the form of a file."""


def _phases(data: Any, language: str) -> tuple[Phase, ...]:
    if not isinstance(data, Mapping) or not isinstance(data.get("phases"), list) or not data["phases"]:
        msg = "there is no list of phases under the key 'phases'"
        raise _FormError(msg)
    phases = tuple(_phase(entry, number, language) for number, entry in enumerate(data["phases"], start=1))
    ids = [phase.id for phase in phases]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        msg = f"the phase {twice[0]!r} is there twice"
        raise _FormError(msg)
    return phases


def _phase(entry: Any, number: int, language: str) -> Phase:
    if not isinstance(entry, Mapping) or not str(entry.get("id") or ""):
        msg = f"phase {number} has no id"
        raise _FormError(msg)
    where = f"phase {number} ({entry['id']})"
    if unknown := sorted(set(map(str, entry)) - _KEYS):
        msg = f"{where} has a key {unknown[0]!r}, which is none of {', '.join(sorted(_KEYS))}"
        raise _FormError(msg)
    examples, origins = entry.get("examples") or [], entry.get("from") or []
    if not isinstance(examples, list) or not isinstance(origins, list):
        msg = f"{where} needs lists under 'examples' and 'from'"
        raise _FormError(msg)
    allowed = [code.id for code in load_codebook().group("phase").codes]
    if wrong := [str(origin) for origin in origins if origin not in allowed]:
        msg = f"{where} comes from {wrong[0]!r}, which is none of the default phases {', '.join(allowed)}"
        raise _FormError(msg)
    descriptions = _by_language(entry.get("description") or "", f"the description of {where}")
    if not origins and not examples and not any(descriptions.values()):
        msg = f"{where} has no 'from', description or examples, so that no segment can be found for it"
        raise _FormError(msg)
    return Phase(
        id=str(entry["id"]),
        names=_by_language(entry.get("name") or str(entry["id"]), f"the name of {where}"),
        descriptions={key: text for key, text in descriptions.items() if text},
        examples=tuple(map(str, examples)),
        origins=tuple(map(str, origins)),
        language=language,
        desired=_level(entry.get("desired"), where),
    )


def _level(value: Any, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -2 <= value <= 2:
        msg = f"{where} has a desired experience {value!r}, which is no number from -2 to 2"
        raise _FormError(msg)
    return float(value)


def _by_language(text: Any, what: str) -> dict[str, str]:
    if isinstance(text, Mapping):
        return {str(key): str(value) for key, value in text.items()}
    if not isinstance(text, str):
        msg = f"{what} is neither a text nor a text per language"
        raise _FormError(msg)
    return {"nl": text, "en": text}


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _coded_phase(codings: pd.DataFrame) -> pd.Series:
    """Phase coding of each segment; the surest one where coders differ, and people (without a score) are sure."""
    codes = codes_of(codings, "phase")
    codes = codes.assign(score=codes["score"].fillna(1.0)).sort_values(["segment", "score"], kind="stable")
    return codes.drop_duplicates("segment", keep="last").set_index("segment")["code"]


def _default_encoder() -> Callable[[Sequence[str]], Any]:
    from cxtext.embedding import encode

    return encode


def _likeness(
    segments: pd.DataFrame, phases: Sequence[Phase], encode: Callable[[Sequence[str]], Any]
) -> np.ndarray[Any, Any]:
    """Cosine of each segment with each phase, less the mean of all segments: shape (segments, phases)."""
    order = np.lexsort((segments["start"].to_numpy(), segments["document"].to_numpy(dtype=object)))
    document = segments["document"].to_numpy()[order]
    vectors = np.asarray(encode(segments["text"].tolist()), dtype=np.float32)[order]
    placed = vectors.copy()
    for step, weight in _AROUND:
        to, of = (slice(step, None), slice(None, -step)) if step > 0 else (slice(None, step), slice(-step, None))
        placed[to] += weight * vectors[of] * (document[to] == document[of])[:, None]
    prompts = segments["prompt"].to_numpy()[order]
    questions = sorted(set(prompts) - {""})
    if questions:
        asked = dict(zip(questions, np.asarray(encode(questions)), strict=True))
        placed += _PROMPT * np.stack([asked.get(prompt, np.zeros(vectors.shape[1])) for prompt in prompts])
    placed /= np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-9)
    centres = np.stack([np.asarray(encode(list(phase.texts) or [phase.name])).mean(axis=0) for phase in phases])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    cosines = np.empty((len(segments), len(phases)))
    cosines[order] = placed @ centres.T
    return cosines - cosines.mean(axis=0)


def _decide(likeness: np.ndarray[Any, Any], heirs: Sequence[int], free: Sequence[int]) -> int:
    """Number of the phase of one segment, or -1."""
    heir = max(heirs, key=lambda number: likeness[number], default=-1)
    if not free:
        return heir
    best = max(free, key=lambda number: likeness[number])
    rivals = [likeness[number] for number in (*free, heir) if number not in (best, -1)]
    return best if likeness[best] >= max([0.0, *rivals]) + LEAST_ADVANTAGE else heir
