"""How long it takes to read a REFI-QDA project of 600,000 characters, 300 selections and 150 codes; run by hand."""

from __future__ import annotations

import random
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from cxtext.exchange.refi import (
    QdaCode,
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
    QdaUser,
    read_qdpx,
    write_qdpx,
)

CHARACTERS, SELECTIONS, CODES = 600_000, 300, 150
WORDS = ("ik", "heb", "drie", "kwartier", "gewacht", "en", "niemand", "belde", "terug", "😀", "jammer", "wél", "goed\n")


def guid(number: int) -> str:
    """GUID with a number at its end."""
    return f"00000000-0000-4000-8000-{number:012x}"


def project(seed: int = 0) -> QdaProject:
    """A project of this size, seeded."""
    rng = random.Random(seed)
    text = " ".join(rng.choices(WORDS, k=CHARACTERS // 4))[:CHARACTERS].strip()
    starts = sorted(rng.sample([n + 1 for n, character in enumerate(text[:-200]) if character == " "], SELECTIONS))
    selections = tuple(
        QdaSelection(guid(1000 + n), start, text.index(" ", start + rng.randint(9, 150)), codings=(
            QdaCoding(guid(5000 + n), guid(100 + rng.randrange(CODES)), guid(1)),
        ))
        for n, start in enumerate(starts)
    )  # fmt: skip
    codes = tuple(QdaCode(guid(100 + n), f"Code {n}") for n in range(CODES))
    source = QdaSource(guid(2), "A", text=text, selections=selections)
    return QdaProject("Groot", users=(QdaUser(guid(1), "Anna"),), codes=codes, sources=(source,))


def as_nvivo(path: Path, written: QdaProject) -> None:
    """Write it as NVivo does: UTF-16 units, ``CR LF`` as two, byte order mark."""
    text = written.sources[0].text or ""
    crlf = text.replace("\n", "\r\n")
    write_qdpx(written, path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    xml = entries.pop("project.qde").decode().replace('origin="cxtext"', 'origin="NVivo"')
    for selection in written.sources[0].selections:
        old = f'startPosition="{selection.start}" endPosition="{selection.end}"'
        units = [len(text[:n].replace("\n", "\r\n").encode("utf-16-le")) // 2 for n in (selection.start, selection.end)]
        xml = xml.replace(old, f'startPosition="{units[0]}" endPosition="{units[1]}"')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        for name in entries:
            archive.writestr(name, crlf.encode("utf-8-sig"))


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Fastest of some runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def main() -> None:
    """Measure and print."""
    written = project()
    with tempfile.TemporaryDirectory() as folder:
        path, nvivo = Path(folder, "a.qdpx"), Path(folder, "b.qdpx")
        print(f"write_qdpx: {seconds(lambda: write_qdpx(written, path)):.2f} s")
        print(f"read_qdpx: {seconds(lambda: read_qdpx(path)):.2f} s")
        as_nvivo(nvivo, written)
        print(f"read_qdpx, as NVivo writes it: {seconds(lambda: read_qdpx(nvivo)):.2f} s")
        found, report = read_qdpx(nvivo)
        places = [[(s.start, s.end) for s in p.sources[0].selections] for p in (found, written)]
        print(f"the same places: {places[0] == places[1]}; {report.lines()[1]}")
        try:
            from pyrefiqda import RefiProject
        except ImportError:
            return
        theirs = seconds(lambda: RefiProject.load(str(path), extract_dir=str(Path(folder, "unpacked"))))
        print(f"pyrefiqda, without texts and positions: {theirs:.2f} s")


if __name__ == "__main__":
    main()
