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
    return re.compile(rf"(?<![\w-])(?:{'|'.join(codes)})(?![\w-]| \d)", re.I)


_PLATE_WITH, _PLATE_WITHOUT = _plates("[- ]"), _plates("")
#: plates of the last decades have no vowels, so that they spell no word
_NEW_PLATE = re.compile(
    r"(?:\d{1,2} ?[b-df-hj-np-tv-z]{3} ?\d{1,2}|[b-df-hj-np-tv-z]{1,3} \d{2,3} [b-df-hj-np-tv-z]{1,3})", re.I
)
_POSTCODE = re.compile(r"(?<![\w.,/-])[1-9]\d{3}(?P<space> ?)(?P<letters>(?!SA|SD|SS)[A-Z]{2})(?![\w-])", re.I)
_CODE = re.compile(
    r"(?<![\w€$.,/-])(?:(?:[A-Z]{1,5} )?[A-Z0-9]+(?:[./_-][A-Z0-9]+|[ ]?[A-Z]{0,3}\d[A-Z0-9]*)*"
    r"|(?!nr|km)[b-df-hj-np-tv-z]{1,3} ?\d[a-z0-9]*(?:[ ./_-]\d+)*|[a-z]{1,3}\d[a-z0-9]*(?:[ ./_-]\d+)*)"
    r"(?:(?<=\d) ?(?:[A-Z]|[b-df-hj-np-tv-z])(?![\w'’.]))?"
)
_DATE_OR_TIME = re.compile(r"\d{1,2}[-/.:]\d{1,2}(?:[-/.]\d{2,4})?|(?:19|20)\d{2}(?:[-/]\d{2}){0,2}")
_SERVICE_OR_MUNICIPAL = re.compile(r"14 ?0\d\d?|0[89]00.*")
#: letters behind a word for a number where a code may stand: any code, and one of many digits
_GAP, _FAR = 40, 110
_NEAR = 45
#: digits that are few for a number of a person
_FEW = 4


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
    >>> [(f.kind, f.rule) for f in find_numbers("Bel 06 12 34 56 78, mijn bsn is 111222333.") if f.sure]
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
    for start, end, digits in spelled_runs(text, fewest_words=2):
        words = len(text[start:end].split())
        if len(digits) in (8, 9) and near(text, start, end, "bsn", before=60):
            yield Finding(start, end, "bsn", "bsn: in words")
        elif digits.startswith(("0", "316", "32")) and 9 <= len(digits) <= 13 and not _SERVICE.match(digits):
            yield Finding(start, end, "phone", "phone: in words")
        elif len(digits) >= _FEW - 1 and (
            near(text, start, end, "number_said", before=60, after=40)
            if words > 2
            else near(text, start, end, "number_said", before=25)
        ):
            head, tail = pattern("number_head").search(text[:start]), pattern("number_tail").match(text, end)
            whole = (head.start() if head else start, tail.end() if tail else end)
            yield Finding(*whole, "number", "number: in words")
        elif 8 <= len(digits) <= 13 and words > 2:
            yield Finding(start, end, "phone", "phone: in words", sure=False)
        elif len(digits) > _FEW and len(digits) == words and digits not in "0123456789":
            yield Finding(start, end, "number", "number: digit after digit, in words", sure=False)


def _plate(text: str) -> Iterator[Finding]:
    for match in _PLATE_WITH.finditer(text):
        spaced = " " in match.group()
        if not spaced or near(text, *match.span(), "plate", before=60, after=30):
            yield Finding(*match.span(), "plate", "plate: sidecode")
        elif (match.group().isupper() and not re.search(r"\b[A-Z]\b", match.group())) or _NEW_PLATE.fullmatch(
            match.group()
        ):
            yield Finding(*match.span(), "plate", "plate: sidecode with spaces", sure=False)
    for match in _PLATE_WITHOUT.finditer(text):
        named = near(text, *match.span(), "plate", before=80, after=20)
        if named or _NEW_PLATE.fullmatch(match.group()):
            yield Finding(*match.span(), "plate", "plate: named" if named else "plate: sidecode", sure=named)


def _postcode(text: str) -> Iterator[Finding]:
    for match in _POSTCODE.finditer(text):
        letters = match["letters"]
        named = near(text, *match.span(), "postcode", before=30)
        housed = re.search(r"\d[A-Za-z]?\s?,?\s$", text[: match.start()]) is not None
        if letters.lower() in lists()["postcode_not"] and not named and not (housed and letters.isupper()):
            continue
        if letters.lower() in lists()["short_words"] and match["space"] and not letters.isupper():
            continue
        if letters.isupper() or named or housed or not match["space"]:
            yield Finding(*match.span(), "postcode", "postcode")
        elif letters.islower():
            yield Finding(*match.span(), "postcode", "postcode: small letters", sure=False)


def _number(text: str) -> Iterator[Finding]:
    if not _digits(text):
        return
    found = [*_numbers_named(text), *_numbers_named_behind(text)]
    found += [
        Finding(*match.span(), "number", "number: code of letters and digits", sure=False)
        for match in pattern("number_code").finditer(text)
        if match.group().isupper() and not near(text, *match.span(), "product")
    ]
    for match in pattern("number_long").finditer(text):
        behind = pattern("unit").match(text[match.end() :][:14])
        if (
            not behind
            and not near(text, *match.span(), "product", before=30)
            and _is_code(text, match.start(), match.group(), True)
        ):
            found.append(Finding(*match.span(), "number", "number: many digits", sure=False))
    yield from found
    shapes = {_shape(text[f.start : f.end]) for f in found}
    for code in _CODE.finditer(text) if shapes else ():
        if _shape(code.group().rstrip(" ./-")) in shapes and _digits(code.group()) > _FEW:
            yield Finding(*code.span(), "number", "number: of the form of another", sure=False)


def _numbers_named(text: str) -> Iterator[Finding]:
    """The first code behind a word for a number: close by any, farther off one of many digits."""
    for noun in chain(pattern("number").finditer(text), pattern("number_generic").finditer(text)):
        called = bool(pattern("number_word").search(noun.group()))
        generic = noun.re is pattern("number_generic")
        for code in _CODE.finditer(text, noun.end(), noun.end() + _FAR):
            said = code.group().rstrip(" ./-")
            between = text[noun.end() : code.start()]
            gap = pattern("number_gap").fullmatch(between)
            mixed = re.search(r"[A-Z]", said) is not None
            if gap:
                enough = (
                    _FEW + 1 if generic else 2 if mixed and len(said) > _FEW else 3 if called or mixed else _FEW + 1
                )
            elif generic or len(between) > _GAP or not called or re.search(r"[.?!]\s", between):
                enough = _FEW + 1 - mixed if called or (mixed and len(between) <= _GAP) else 99
            else:
                enough = _FEW
            if _digits(said) < enough or not _is_code(text, code.start(), said, called and gap is not None):
                continue
            if pattern("number").search(between) and not gap:
                break
            rule = f"number: {noun.group().strip().lower()}"
            yield Finding(code.start(), code.start() + len(said), "number", rule, sure=gap is not None)
            break


def _numbers_named_behind(text: str) -> Iterator[Finding]:
    """A code before its word: "3381902 is mijn lidnummer"."""
    for match in pattern("number_behind").finditer(text):
        if _digits(match["code"]) >= _FEW:
            yield Finding(*match.span("code"), "number", "number: named behind it")


def _is_code(text: str, start: int, said: str, named: bool) -> bool:
    """Whether a code is no amount, service number, date or time."""
    if _SERVICE_OR_MUNICIPAL.fullmatch(said) or text[:start].rstrip().endswith(("€", "$")):
        return False
    if pattern("unit").match(text[start + len(said) :][:14]):
        return False
    return not _DATE_OR_TIME.fullmatch(said) or (named and said.isdecimal() and len(said) != len("2024"))


def _digits(code: str) -> int:
    return sum(c.isdigit() for c in code)


def _shape(code: str) -> str:
    """Form of a code: "KV-22" and "AB-19" are alike."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", code))
