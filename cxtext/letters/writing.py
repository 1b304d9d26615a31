"""Letters as files: html that fetches nothing, and Word."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from cxtext.errors import OptionError
from cxtext.files import make_folder, write_file
from cxtext.letters.content import Letter
from cxtext.letters.layout import Block, LetterKind, render_letter

FORMATS = ("html", "docx")

_FOLDERS: dict[LetterKind, str] = {"respondent": "respondents", "theme": "themes"}
_LONGEST_NAME = 60
_STYLE = (
    "body{font:1.05rem/1.6 Georgia,serif;color:#1c2731;max-width:38rem;margin:3rem auto;padding:0 1.2rem}"
    "h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem}"
    "blockquote{margin:.6rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid #1b5a63}"
    "@media print{body{margin:0 auto}h2{break-after:avoid}blockquote,li{break-inside:avoid}}"
)
_TAGS = {"title": "h1", "heading": "h2", "quote": "blockquote", "item": "li", "text": "p"}
_STYLES = {"title": "Title", "heading": "Heading 2", "quote": "Quote", "item": "List Bullet", "text": "Normal"}
_LOCALES = {"nl": "nl-NL", "en": "en-GB"}


def write_letters(
    letters: Iterable[Letter],
    folder: str | Path,
    *,
    templates: Mapping[LetterKind, str],
    formats: Collection[str] = FORMATS,
    language: str = "nl",
) -> list[Path]:
    """Write letters, each in a file of its own: ``respondents/r01.html``, ``themes/wachttijd.docx``.

    Parameters
    ----------
    letters : iterable of Letter
    folder : str or pathlib.Path
        New or empty, so that no older letter is sent along.
    templates : Mapping
        Text of the template for each kind of letter; see `cxtext.letters.template_text`.
    formats : collection of {"html", "docx"}
    language : {"nl", "en"}
        Of the letters, for screen readers and spelling.

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    OptionError
        The folder holds files, there is no such format, or a template cannot be filled in; nothing is written then.
    WriteError
        A file cannot be written.
    """
    folder = Path(folder)
    if unknown := [name for name in formats if name not in FORMATS]:
        raise OptionError(f"There is no letter format {unknown[0]!r}. Choose from: {', '.join(FORMATS)}.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} is not empty, and an older letter in it might be sent along. Name a new folder."
        raise OptionError(msg)
    filled = [(letter, render_letter(templates[letter.kind], letter.values)) for letter in letters]
    written, taken = [], set[str]()
    for letter, blocks in filled:
        place = folder / _FOLDERS[letter.kind]
        make_folder(place)
        name = _free_name(letter.to, f"{letter.kind}/", taken)
        for suffix in formats:
            page = letter_html(blocks, language=language)
            write = (
                (lambda path, page=page: path.write_text(page, encoding="utf-8", newline="\n"))
                if suffix == "html"
                else (lambda path, blocks=blocks: _write_docx(blocks, path, language))
            )
            written.append(write_file(place / f"{name}.{suffix}", write))
    return written


def letter_html(blocks: Sequence[Block], *, language: str = "nl") -> str:
    """Write a letter as a page whose content security policy allows nothing but its style.

    Parameters
    ----------
    blocks : sequence of Block
    language : {"nl", "en"}

    Returns
    -------
    str
        Every text is escaped.

    Examples
    --------
    >>> "<p>1 &lt; 2</p>" in letter_html([Block("text", "1 < 2")])
    True
    """
    title = next((block.text for block in blocks if block.kind == "title"), "")
    style_hash = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'"
    lines = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
    ]
    before = ""
    for block in [*blocks, Block("text", "")]:
        if "item" in (block.kind, before) and block.kind != before:
            lines.append("<ul>" if block.kind == "item" else "</ul>")
        before = block.kind
        if block.text:
            lines.append(f"<{_TAGS[block.kind]}>{escape(block.text)}</{_TAGS[block.kind]}>")
    return "\n".join([*lines, "</main>\n</body>\n</html>\n"])


def _write_docx(blocks: Sequence[Block], path: Path, language: str) -> None:
    """Write a letter for Word, without the name of whoever made it."""
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = next((block.text for block in blocks if block.kind == "title"), "")
    properties.language = _LOCALES[language]
    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), _LOCALES[language])
    for block in blocks:
        document.add_paragraph(block.text, style=_STYLES[block.kind])
    document.save(str(path))


def _free_name(name: str, kind: str, taken: set[str]) -> str:
    """A file name that every system takes, and that no other letter of this kind has."""
    plain = re.sub(r"[^\w.-]+", "_", name).strip("._")[:_LONGEST_NAME] or "letter"
    free, number = plain, 1
    while kind + free.casefold() in taken:
        number += 1
        free = f"{plain}_{number}"
    taken.add(kind + free.casefold())
    return free
