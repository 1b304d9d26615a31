"""The processing record of a study: why its personal data are processed, on which ground, how long, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cxtext.errors import OptionError, ReadError, WriteError
from cxtext.resources import read_data

_ANSWERS = {"yes": True, "ja": True, "true": True, "no": False, "nee": False, "false": False}
#: fields that a record has to have, and those that are answered by yes or no
_NEEDED = ("purpose", "ground", "retention", "responsible", "consent")
_YES_NO = ("consent", "pseudonymised", "quotes_checked")


@dataclass(frozen=True)
class ProcessingRecord:
    """What the controller writes down about the personal data of one study.

    Attributes
    ----------
    purpose : str
    ground : str
        One of `grounds`: the legal grounds of the GDPR, art. 6, paragraph 1.
    retention : str
        How long the data are kept.
    responsible : str
        Who is responsible, and who has access.
    consent : bool
        Whether the respondents gave their consent.
    pseudonymised : bool
        Whether names and numbers were replaced before the analysis. The data stay personal data.
    quotes_checked : bool
        Whether a person has checked the quotes for what identifies people.
    """

    purpose: str
    ground: str
    retention: str
    responsible: str
    consent: bool
    pseudonymised: bool = False
    quotes_checked: bool = False

    def to_mapping(self) -> dict[str, Any]:
        """Give the record as plain values, for a database or a YAML file."""
        return asdict(self)

    def save(self, path: str | Path) -> None:
        """Write the record as YAML, as `load_processing_record` reads it.

        Raises
        ------
        WriteError
            The file cannot be written.
        """
        try:
            Path(path).write_text(yaml.safe_dump(self.to_mapping(), allow_unicode=True, sort_keys=False), "utf-8")
        except OSError as error:
            msg = f"{path}: the processing record cannot be written ({error}). Name a file in a folder of yours."
            raise WriteError(msg) from error

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> ProcessingRecord:
        """Make a record of plain values, under the English or the Dutch names of its fields.

        Parameters
        ----------
        values : Mapping
            Yes and no may be truth values or words.

        Returns
        -------
        ProcessingRecord

        Raises
        ------
        OptionError
            A field is missing, unknown, or has a value that it cannot have.

        Examples
        --------
        >>> ProcessingRecord.from_mapping({
        ...     "doel": "service verbeteren", "grondslag": "toestemming", "bewaartermijn": "tot 1 juli 2027",
        ...     "wie": "afdeling Onderzoek", "toestemming": "ja",
        ... }).ground
        'consent'
        """
        known = {
            _plain(name): field for field, texts in _texts()["fields"].items() for name in (field, *texts["names"])
        }
        found: dict[str, Any] = {}
        for name, value in values.items():
            if (field := known.get(_plain(name))) is None:
                msg = f"There is no field {str(name)!r} in a processing record. Its fields are: {', '.join(_names())}."
                raise OptionError(msg)
            if field in found:
                msg = f"The field {str(name)!r} is there twice, once under another name. Keep one of them."
                raise OptionError(msg)
            found[field] = _yes_or_no(name, value) if field in _YES_NO else str("" if value is None else value).strip()
        if missing := [field for field in _NEEDED if found.get(field, "") == ""]:
            names = ", ".join(name for name in _names() if name.split(" (")[0] in missing)
            msg = f"The processing record says nothing about: {names}. Fill that in."
            raise OptionError(msg)
        found["ground"] = _ground(found["ground"])
        if found["ground"] == "consent" and not found["consent"]:
            msg = (
                "The ground of the processing record is consent (toestemming), but it says that the respondents "
                "did not give it. Correct one of the two."
            )
            raise OptionError(msg)
        return cls(**found)

    def rows(self, language: str) -> list[tuple[str, str]]:
        """Label and value of each field, in the words of a language."""
        texts = _texts()["fields"]
        words = {"nl": ("nee", "ja"), "en": ("no", "yes")}[language]
        values = self.to_mapping() | {"ground": grounds(language)[self.ground]}
        return [
            (texts[field]["label"][language], words[value] if isinstance(value, bool) else value)
            for field, value in values.items()
        ]


def questions(language: str) -> dict[str, str]:
    """What to ask about each field of a record.

    Parameters
    ----------
    language : {"nl", "en"}

    Returns
    -------
    dict of str to str
        Field to question, in the order of the record.

    Examples
    --------
    >>> questions("en")["retention"]
    'How long do you keep them, and when are they erased?'
    """
    return {field: str(texts["question"][language]) for field, texts in _texts()["fields"].items()}


def grounds(language: str) -> dict[str, str]:
    """Legal grounds of the GDPR (art. 6, paragraph 1), as they are kept and as they are called.

    Parameters
    ----------
    language : {"nl", "en"}

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> grounds("nl")["legitimate interests"]
    'gerechtvaardigd belang'
    """
    return {ground: str(names[language]) for ground, names in _texts()["grounds"].items()}


def load_processing_record(path: str | Path) -> ProcessingRecord:
    """Read a processing record from a YAML file.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    ProcessingRecord

    Raises
    ------
    ReadError
        The file is missing, is no YAML, or is no processing record.
    """
    advice = (
        f"Write one line per field, such as 'purpose: improving the service'; the fields are {', '.join(_names())}."
    )
    try:
        values = yaml.safe_load(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError, yaml.YAMLError, ValueError) as error:
        raise ReadError(str(path), f"the record cannot be read ({' '.join(str(error).split())})", advice) from error
    if not isinstance(values, dict):
        raise ReadError(str(path), "it is no processing record", advice)
    try:
        return ProcessingRecord.from_mapping(values)
    except OptionError as error:
        raise ReadError(str(path), f"it is no complete processing record. {error}", advice) from error


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = read_data("privacy", "processing.yaml")
    return texts


def _names() -> list[str]:
    """Fields with their first Dutch name."""
    return [f"{field} ({texts['names'][0]})" for field, texts in _texts()["fields"].items()]


def _plain(name: object) -> str:
    return " ".join(str(name).casefold().replace("_", " ").split())


def _yes_or_no(name: object, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if (answer := _ANSWERS.get(_plain(value))) is None:
        msg = f"The field {str(name)!r} has the value {str(value)!r}. Answer it with yes or no (ja of nee)."
        raise OptionError(msg)
    return answer


def _ground(value: str) -> str:
    """Ground by any of its names."""
    for ground, names in _texts()["grounds"].items():
        if _plain(value) in (ground, *names.values()):
            return str(ground)
    listed = ", ".join(f"{ground} ({names['nl']})" for ground, names in _texts()["grounds"].items())
    msg = f"{value!r} is no ground of the GDPR (art. 6). Choose one of: {listed}."
    raise OptionError(msg)
