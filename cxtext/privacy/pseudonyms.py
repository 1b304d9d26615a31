"""The key: which placeholder stands for which person, number or address, the same everywhere in a project."""

from __future__ import annotations

import csv
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from cxtext.errors import ReadError, WriteError
from cxtext.privacy.findings import Kind
from cxtext.privacy.words import lists

#: what a placeholder says
LABELS: dict[Kind, str] = {
    "name": "PERSOON", "phone": "TELEFOON", "email": "E-MAIL", "url": "WEBADRES", "iban": "IBAN", "bsn": "BSN",
    "plate": "KENTEKEN", "postcode": "POSTCODE", "address": "ADRES", "birthdate": "GEBOORTEDATUM", "number": "NUMMER",
    "employer": "WERKGEVER", "place": "PLAATS",
}  # fmt: skip
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(map(re.escape, LABELS.values()))})-\d+\]")
_SECRET, _SHIFT = "secret", "shift"
_WEEKS = (-4, -3, -2, -1, 1, 2, 3, 4)
_COLUMNS = ("placeholder", "kind", "original")
_PRIVATE = 0o600


class Pseudonyms:
    """Placeholders by what they stand for.

    Examples
    --------
    >>> key = Pseudonyms()
    >>> key.placeholder("name", "Fatma Demir"), key.placeholder("name", "fatma"), key.placeholder("name", "Jan")
    ('[PERSOON-1]', '[PERSOON-1]', '[PERSOON-2]')
    """

    def __init__(self) -> None:
        self._rows: list[tuple[str, Kind, str]] = []
        self._known: dict[tuple[Kind, str], str] = {}
        self._counts: dict[Kind, int] = {}
        self._shifts: dict[str, int] = {}
        self._secret = ""

    def placeholder(self, kind: Kind, original: str) -> str:
        """Placeholder for something; a first name or a surname stands for the one person who is known to bear it."""
        same = normalised(kind, original)
        if (kind, same) not in self._known:
            placeholder = self._namesake(same) if kind == "name" else None
            if placeholder is None:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                placeholder = f"[{LABELS[kind]}-{self._counts[kind]}]"
            self._add(placeholder, kind, original)
        return self._known[kind, same]

    def originals(self, kind: Kind) -> list[str]:
        """What placeholders of a kind stand for."""
        return [original for _, known, original in self._rows if known == kind]

    def shift(self, case: str) -> int:
        """Days by which the dates of a respondent move: whole weeks, drawn from a secret that is in the key alone."""
        if case not in self._shifts:
            self._secret = self._secret or secrets.token_hex(16)
            drawn = hmac.digest(self._secret.encode(), case.encode("utf-8", "surrogatepass"), hashlib.sha256)
            self._shifts[case] = 7 * _WEEKS[drawn[0] % len(_WEEKS)]
        return self._shifts[case]

    def without_names(self, text: str) -> str:
        """A text in which the names that are known have their placeholders."""
        people = sorted(((o, p) for p, kind, o in self._rows if kind == "name"), key=lambda row: -len(row[0]))
        for original, placeholder in people:
            text = re.sub(rf"(?<![^\W_]){re.escape(original)}(?![^\W_])", placeholder, text)
        return text

    def save(self, path: Path) -> None:
        """Write the key, to be read by its owner alone.

        Raises
        ------
        WriteError
            It cannot be written.
        """
        secret = [("[GEHEIM]", _SECRET, self._secret)] if self._secret else []
        shifts = [(f"[{days:+} DAGEN]", _SHIFT, case) for case, days in self._shifts.items()]
        write_private(path, _COLUMNS, [*self._rows, *secret, *shifts])

    @classmethod
    def load(cls, path: Path) -> Pseudonyms:
        """Read a key, so that the same people get the same placeholders again.

        Raises
        ------
        ReadError
            It is no key.
        """
        key = cls()
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    if row["kind"] == _SECRET:
                        key._secret = row["original"]
                        continue
                    if row["kind"] == _SHIFT:
                        key._shifts[row["original"]] = int(row["placeholder"].strip("[]").removesuffix(" DAGEN"))
                        continue
                    label, number = row["placeholder"].strip("[]").rsplit("-", 1)
                    kind = next(kind for kind, name in LABELS.items() if name == label)
                    key._counts[kind] = max(key._counts.get(kind, 0), int(number))
                    key._add(row["placeholder"], kind, row["original"])
        except (OSError, KeyError, ValueError, StopIteration, AttributeError, csv.Error) as error:
            reason = f"it is not a key of cxtext ({type(error).__name__}: {error})"
            raise ReadError(str(path), reason, "Give the key of this project with --key, or another name.") from error
        return key

    def _add(self, placeholder: str, kind: Kind, original: str) -> None:
        self._rows.append((placeholder, kind, original))
        self._known[kind, normalised(kind, original)] = placeholder

    def _namesake(self, plain: str) -> str | None:
        """Placeholder of the only person known so far of whose name the words are a part."""
        words = set(plain.split())
        bearers = {
            placeholder
            for (kind, known), placeholder in self._known.items()
            if kind == "name" and (words < set(known.split()))
        }
        return bearers.pop() if len(bearers) == 1 else None


def normalised(kind: Kind, original: str) -> str:
    """Form in which two spellings of the same are equal.

    Examples
    --------
    >>> normalised("phone", "+31 6 12345678") == normalised("phone", "06-12345678")
    True
    """
    if kind == "phone":
        return re.sub(r"^(?:\+|00)31(?:\(0\))?", "0", re.sub(r"[^\w+()]", "", original.casefold()))
    if kind in ("iban", "bsn", "plate", "postcode", "number"):
        return re.sub(r"[\W_]", "", original).casefold()
    if kind == "name":
        particles = lists()["tussenvoegsels"]
        words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", original.casefold())
        return " ".join(word for word in words if word not in particles) or original.casefold()
    return " ".join(original.casefold().split())


def write_private(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a csv file that only its owner can read.

    Raises
    ------
    WriteError
        It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(_PRIVATE)
        path.chmod(_PRIVATE)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror or error}). Give another place with --key."
        raise WriteError(msg) from error
