"""Numbers that point at a person: BSN, IBAN, phone, licence plate, postcode, customer and case numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from cxtext.privacy.findings import Finding
from cxtext.privacy.numerals import spelled_runs
from cxtext.privacy.words import lists, pattern

_BSN = re.compile(r"(?<![\w.,/-])\d(?:[ .-]?\d){7,8}(?![\d/-]|[.,]\d)")
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\s?\d{2}(?=[ .]?[A-Z0-9])", re.I)
_IBAN_LENGTH = {
    "NL": 18, "BE": 16, "DE": 22, "FR": 27, "ES": 24, "IT": 27, "LU": 20, "GB": 22, "PT": 25, "PL": 28, "AT": 20,
    "CH": 21, "IE": 22, "DK": 18, "SE": 24, "LT": 20, "RO": 24, "BG": 22, "HU": 28, "CZ": 24, "TR": 26, "MT": 31,
}  # fmt: skip
_PHONE = re.compile(
    r"(?<![\w€$.,:/-])(?:(?:\+|00)31[ .-]?(?:\(0\)[ .-]?)?[1-9](?:[ .-]{0,2}\d){8}"
    r"|\(?0[1-9]\d{0,2}\)?(?:[ ./-]{0,3}\d){6,9}"
    r"|(?:\+|00)(?!31)[1-9]\d{0,2}[ .-]?(?:\(0\)[ .-]?)?\d(?:[ ./-]?\d){6,10})(?![\d]|[.,:]\d|-\d)"
)
_SERVICE = re.compile(r"(?:0800|0900|0906|0909|088|14\d)")
#: letters (X) and digits (9) of a Dutch licence plate, and the Belgian one; source: RDW, sidecodes 1-14
_SIDECODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X",
    "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9", "9-XXX-999",
)  # fmt: skip


def _plates(between: str) -> re.Pattern[str]:
    codes = (code.replace("-", between).replace("X", "[A-Z]").replace("9", r"\d") for code in _SIDECODES)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(codes)})(?![\w-])", re.I)


_PLATE_WITH, _PLATE_WITHOUT = _plates("[- ]"), _plates("")
_POSTCODE = re.compile(r"(?<![\w.,/-])[1-9]\d{3}(?P<space> ?)(?P<letters>(?!SA|SD|SS)[A-Z]{2})(?![\w-])", re.I)
_CODE = re.compile(r"[A-Z0-9]+(?:[./_-][A-Z0-9]+| ?[A-Z]{0,3}\d[A-Z0-9]*)*", re.I)
_DATE_OR_TIME = re.compile(r"\d{1,2}[-/.:]\d{1,2}(?:[-/.]\d{2,4})?|(?:19|20)\d{2}")
_NEAR = 45


def find_numbers(text: str) -> Iterator[Finding]:
    """Numbers that point at a person.

    Parameters
    ----------
    text : str

    Yields
    ------
    Finding
        They may overlap.

    Examples
    --------
    >>> [(f.kind, f.rule) for f in find_numbers("Bel 06 12 34 56 78, mijn bsn is 111222333.")]
    [('bsn', 'bsn: 11-test'), ('phone', 'phone')]
    """
    yield from _bsn(text)
    yield from _iban(text)
    yield from _phone(text)
    yield from _spelled(text)
    yield from _plate(text)
    yield from _postcode(text)
    yield from _number(text)


def is_bsn(digits: str) -> bool:
    """Whether digits pass the 11-test of the burgerservicenummer.

    Examples
    --------
    >>> is_bsn("111222333"), is_bsn("111222334")
    (True, False)
    """
    padded = digits.zfill(9)
    return int(padded) > 0 and sum(w * int(d) for w, d in zip(_BSN_WEIGHTS, padded, strict=True)) % 11 == 0


def is_iban(text: str) -> bool:
    """Whether a text without spaces passes the check of an IBAN (ISO 13616, mod 97).

    Examples
    --------
    >>> is_iban("NL91ABNA0417164300"), is_iban("NL92ABNA0417164300")
    (True, False)
    """
    moved = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def near(text: str, start: int, end: int, name: str, *, before: int = _NEAR, after: int = 0) -> bool:
    """Whether a word of a list stands near a stretch."""
    window = f"{text[max(0, start - before) : start]} {text[end : end + after]}"
    return pattern(name).search(window) is not None


def _bsn(text: str) -> Iterator[Finding]:
    for match in _BSN.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        named = near(text, *match.span(), "bsn", before=60)
        if named:
            yield Finding(*match.span(), "bsn", "bsn: 11-test" if is_bsn(digits) else "bsn: named")
        elif len(digits) == 9 and is_bsn(digits) and not near(text, *match.span(), "number"):
            yield Finding(*match.span(), "bsn", "bsn: 11-test, not named", sure=False)


def _iban(text: str) -> Iterator[Finding]:
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTH.get(match.group()[:2].upper())
        at, signs = match.start(), ""
        while length and at < len(text) and len(signs) < length:
            if text[at].isascii() and text[at].isalnum():
                signs += text[at].upper()
            elif text[at] not in " .-" or not signs or text[at - 1] in " .-":
                break
            at += 1
        if length is None or len(signs) < length or (at < len(text) and text[at].isalnum()):
            continue
        if is_iban(signs):
            yield Finding(match.start(), at, "iban", "iban: mod 97")
        elif re.fullmatch(r"NL\d{2}[A-Z]{4}\d{10}", signs):
            yield Finding(match.start(), at, "iban", "iban: form", sure=near(text, match.start(), at, "iban"))


def _phone(text: str) -> Iterator[Finding]:
    for match in _PHONE.finditer(text):
        start = match.start()
        digits = re.sub(r"\D", "", match.group())
        if _SERVICE.match(digits):
            continue
        abroad = match.group().startswith(("+", "00"))
        if abroad or len(digits) == 10:
            yield Finding(start, match.end(), "phone", "phone")
        elif len(digits) == 9 and (near(text, *match.span(), "phone") or re.match(r"0\d[ ./]\d{3}", match.group())):
            yield Finding(start, match.end(), "phone", "phone: named")


def _spelled(text: str) -> Iterator[Finding]:
    for start, end, digits in spelled_runs(text):
        if len(digits) in (8, 9) and near(text, start, end, "bsn", before=60):
            yield Finding(start, end, "bsn", "bsn: in words")
        elif digits.startswith(("0", "316", "32")) and 9 <= len(digits) <= 13 and not _SERVICE.match(digits):
            yield Finding(start, end, "phone", "phone: in words")
        elif len(digits) >= 4 and near(text, start, end, "number"):
            yield Finding(start, end, "number", "number: in words")
        elif 8 <= len(digits) <= 13:
            yield Finding(start, end, "phone", "phone: in words", sure=False)


def _plate(text: str) -> Iterator[Finding]:
    for match in _PLATE_WITH.finditer(text):
        spaced = " " in match.group()
        if not spaced or near(text, *match.span(), "plate", before=60, after=30):
            yield Finding(*match.span(), "plate", "plate: sidecode")
        elif match.group().isupper() and not re.search(r"\b[A-Z]\b", match.group()):
            yield Finding(*match.span(), "plate", "plate: sidecode with spaces", sure=False)
    for match in _PLATE_WITHOUT.finditer(text):
        if near(text, *match.span(), "plate", before=40, after=20):
            yield Finding(*match.span(), "plate", "plate: named")


def _postcode(text: str) -> Iterator[Finding]:
    for match in _POSTCODE.finditer(text):
        letters = match["letters"]
        named = near(text, *match.span(), "postcode", before=30)
        if letters.lower() in lists()["postcode_not"] and not named:
            continue
        if letters.lower() in lists()["short_words"] and match["space"] and not letters.isupper():
            continue
        if letters.isupper() or named or not match["space"]:
            yield Finding(*match.span(), "postcode", "postcode")
        elif letters.islower():
            yield Finding(*match.span(), "postcode", "postcode: small letters", sure=False)


def _number(text: str) -> Iterator[Finding]:
    for match in pattern("number_behind").finditer(text):
        if sum(c.isdigit() for c in match["code"]) >= 4:
            yield Finding(*match.span("code"), "number", "number: named behind it")
    for match in pattern("number_code").finditer(text):
        if match.group().isupper():
            yield Finding(*match.span(), "number", "number: code of letters and digits", sure=False)
    for match in chain(pattern("number").finditer(text), pattern("number_generic").finditer(text)):
        gap = pattern("number_gap").match(text, match.end())
        code = _CODE.match(text, gap.end() if gap else match.end())
        if not code:
            continue
        said = code.group().rstrip(" ./-")
        digits = sum(c.isdigit() for c in said)
        called = bool(pattern("number_word").search(match.group()))
        enough = 5 if match.re is pattern("number_generic") else 3 if called or re.search(r"[A-Z]", said) else 5
        follows = text[code.start() + len(said) :][:14]
        if re.fullmatch(r"14 ?0\d\d?|0[89]00.*", said):
            continue
        if digits < enough or pattern("unit").match(follows) or text[: code.start()].rstrip().endswith(("€", "$")):
            continue
        if _DATE_OR_TIME.fullmatch(said) and not (called and digits > 3 and said.isdecimal() and len(said) != 4):
            continue
        yield Finding(code.start(), code.start() + len(said), "number", f"number: {match.group().strip().lower()}")
