"""A piece of personal data in a text, and how pieces that overlap are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

#: kinds of personal data, those with more weight first
Kind = Literal[
    "email", "url", "iban", "bsn", "phone", "plate", "postcode", "address", "birthdate", "number", "name", "employer",
    "place", "age", "date",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "email", "url", "iban", "bsn", "phone", "plate", "postcode", "address", "birthdate", "number", "name", "employer",
    "place", "age", "date",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """A stretch of text that is, or may be, personal data.

    Attributes
    ----------
    start, end : int
        Place in the text, in code points, end exclusive.
    kind : str
        One of `KINDS`.
    rule : str
        What found it.
    sure : bool
        False where a person should look: it is on the review list.
    """

    start: int
    end: int
    kind: Kind
    rule: str
    sure: bool = True

    def __len__(self) -> int:
        return self.end - self.start


def settle(findings: Iterable[Finding]) -> list[Finding]:
    """Keep findings that do not overlap: sure ones first, then by kind, then the longer.

    Parameters
    ----------
    findings : iterable of Finding

    Returns
    -------
    list of Finding
        In the order of the text.

    Examples
    --------
    >>> [f.kind for f in settle([Finding(0, 9, "name", "a"), Finding(4, 30, "email", "b")])]
    ['email']
    """
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (not f.sure, KINDS.index(f.kind), -len(f), f.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)
