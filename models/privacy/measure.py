"""Measure how much personal data is found, as tables for the card.

Run: ``python models/privacy/measure.py FILE ...`` with sentences in which personal data is marked as ``{{KIND|text}}``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from cxtext.privacy import Finding, find_personal_data
from cxtext.stats import wilson

_MARK = re.compile(r"\{\{([A-Z]+)\|(.*?)\}\}")
#: kinds that are numbers of a fixed form
STRUCTURED = ("bsn", "iban", "phone", "email", "postcode", "plate")


def read_marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Text of a line, and start, end and kind of what is marked in it."""
    text, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        marks.append((len(text), len(text) + len(match[2]), match[1].lower()))
        text += match[2]
        at = match.end()
    return text + line[at:], marks


def is_covered(text: str, mark: tuple[int, int, str], findings: list[Finding]) -> bool:
    """Whether every letter and digit of a mark is replaced, whatever kind it was taken for."""
    return all(any(f.start <= at < f.end for f in findings) for at in range(*mark[:2]) if text[at].isalnum())


def count(lines: list[str]) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str], int, int]:
    """Marks and covered marks by kind, findings and right findings by kind, plain sentences and those changed."""
    marks, covered, findings, right = (Counter[str]() for _ in range(4))
    plain = changed = 0
    for line in lines:
        text, marked = read_marked(line)
        found = find_personal_data(text)
        for mark in marked:
            marks[mark[2]] += 1
            covered[mark[2]] += is_covered(text, mark, found)
        for finding in found:
            findings[finding.kind] += 1
            right[finding.kind] += any(finding.start < end and start < finding.end for start, end, _ in marked)
        plain += not marked
        changed += not marked and bool(found)
    return marks, covered, findings, right, plain, changed


def share(part: int, whole: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    if not whole:
        return "-"
    interval = wilson(part, whole)
    return f"{part / whole:.2f} ({interval.low:.2f}-{interval.high:.2f}), {part} of {whole}"


def main() -> None:
    """Print a table per file."""
    for name in sys.argv[1:]:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        marks, covered, findings, right, plain, changed = count(lines)
        print(f"\n{Path(name).name}, {len(lines)} sentences\n\n| kind | recall | precision |\n|---|---|---|")
        for kind in sorted(marks):
            print(f"| {kind} | {share(covered[kind], marks[kind])} | {share(right[kind], findings[kind])} |")
        numbers = [sum(counts[kind] for kind in STRUCTURED) for counts in (covered, marks, right, findings)]
        print(f"| numbers of a fixed form together | {share(*numbers[:2])} | {share(*numbers[2:])} |")
        print(f"| sentences without personal data that are changed | {share(changed, plain)} | |")


if __name__ == "__main__":
    main()
