"""How fast the coding page is in Chromium, printed as rows for benchmarks/page.md; run by hand, on a quiet machine.

Run: ``python benchmarks/page.py [STUDY]`` in an environment with cxtext and playwright; CXTEXT_CHROMIUM names the
browser. A study of 500 small transcripts and one document of 1 MB with 5,000 codings, all invented; made anew where
STUDY is not there. Rows: the first paint of the whole page, opening the document, scrolling with what was not painted
in time, a code from the key to the paint that shows what the study has kept, and two people who code the same document
for a minute, with the study as the judge. PAGE_SECONDS=10 makes the last one shorter.
"""

from __future__ import annotations

import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from cxtext import Document, Turn
from cxtext.project import Project
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

WORDS = ["ik", "stond", "een", "uur", "in", "de", "wacht", "en", "dat", "was", "niet", "prettig", "want", "balie", "🙂"]
SIGNS, CODED, SMALL = 1_000_000, 5_000, 500
PAINTS, OPENINGS, TIMES = 7, 7, 200
SECONDS = int(os.environ.get("PAGE_SECONDS", "60"))
CHROMIUM = os.environ.get("CXTEXT_CHROMIUM") or shutil.which("chromium")
LARGE = "groot"

#: what a page notes: each key with what came of it, and every coding that the server acknowledged
NOTE = """
window.noted = { pressed: 0, took: [], acknowledged: [], refused: 0 };
addEventListener("keydown", event => { noted.pressed = event.timeStamp; }, true);
const ask = window.fetch;
window.fetch = async (...given) => {
    const response = await ask(...given);
    if (String(given[0]) === "/api/code") {
        const answer = await response.clone().json();
        if (!response.ok) noted.refused += 1;
        for (const row of Object.values(answer.codings ?? {})) if (row) noted.acknowledged.push([row.id, row.coder]);
    }
    return response;
};
window.next = null;
window.painted = () => new Promise(done => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
}));
window.coded = () => new Promise((done, fail) => {
    const chips = () => document.querySelectorAll(".block.here .chip").length;
    const before = chips();
    const gone = setTimeout(() => { watch.disconnect(); done(null); }, 5000);
    const watch = new MutationObserver(async () => {
        if (chips() <= before) return;
        watch.disconnect();
        clearTimeout(gone);
        done(await painted() - noted.pressed);
    });
    watch.observe(document.querySelector(".text"), { childList: true, subtree: true });
});
"""

#: from the change of the address to the paint of the first lines
OPEN = """() => new Promise(done => {
    const begun = performance.now();
    location.hash = "#/text/groot";
    const look = () => document.querySelector("h1").textContent === "groot" && document.querySelector(".said")
        ? painted().then(at => done(at - begun)) : requestAnimationFrame(look);
    look();
})"""

#: goes through the text in steps, a frame each, and counts the frames in which a line in sight was not drawn
SCROLL = """([step, most]) => new Promise(done => {
    const text = document.querySelector(".text");
    const counts = { frames: 0, gaps: 0, slowest: 0, long: 0 };
    let last = 0;
    const empty = () => {
        const { left, width } = text.getBoundingClientRect();
        for (let y = 80; y < innerHeight - 80; y += 60) {
            const at = document.elementFromPoint(left + width / 3, y);
            if (at?.classList.contains("chunk") && !at.firstChild) return true;
        }
        return false;
    };
    const frame = now => {
        if (last) {
            counts.slowest = Math.max(counts.slowest, now - last);
            if (now - last > 50) counts.long += 1;
        }
        last = now;
        counts.frames += 1;
        scrollTo(0, step > 0 ? scrollY + step : Math.random() * document.documentElement.scrollHeight);
        requestAnimationFrame(() => {
            counts.gaps += empty() ? 1 : 0;
            const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
            if (counts.frames >= most || (step > 0 && end)) return done(counts);
            requestAnimationFrame(frame);
        });
    };
    requestAnimationFrame(frame);
})"""

#: a click on the first sentence in sight; asking every line where it is would lay out the whole text before each key
CLICK = """async () => {
    const { left, width } = document.querySelector(".text").getBoundingClientRect();
    const said = y => document.elementFromPoint(left + width / 3, y)?.closest(".said");
    let y = 120;
    while (!said(y)) {
        y = y < innerHeight - 200 ? y + 5 : 120;
        if (y === 120) await new Promise(requestAnimationFrame);
    }
    getSelection().removeAllRanges();
    getSelection().addRange(document.caretRangeFromPoint(left + width / 3, y));
    said(y).dispatchEvent(new MouseEvent("click", { bubbles: true }));
}"""

#: waits until the server has answered all that was changed in the page: its changes go out one after another
SETTLED = """async () => { const { change } = await import("/static/store.js"); await change("code", {}); }"""

#: ids of the codings that the page shows of a document
SHOWN = """async () => [...(await import("/static/store.js")).store.texts.get("groot").codings.keys()]"""


def said(rng: random.Random, sentences: int) -> str:
    """Some sentences."""
    return " ".join(" ".join(rng.choices(WORDS, k=rng.randint(6, 18))).capitalize() + "." for _ in range(sentences))


def transcript(rng: random.Random, name: str, signs: int) -> Document:
    """A conversation of about so many characters."""
    turns, parts, at = list[Turn](), list[str](), 0
    while at < signs:
        for speaker, role, most in (("I", "interviewer", 1), ("R", "respondent", 8)):
            part = said(rng, rng.randint(1, most))
            turns.append(Turn(at, at + len(part), speaker, role))  # type: ignore[arg-type]
            parts.append(part)
            at += len(part) + 1
    return Document(name, name, "interview", f"{name}.txt", "\n".join(parts), tuple(turns), "nl")


def make(place: Path) -> None:
    """The study."""
    rng = random.Random(0)
    documents = [transcript(rng, LARGE, SIGNS), *(transcript(rng, f"d{n:03d}", 500) for n in range(SMALL))]
    with Project.create(place, coder="Noor") as project:
        project.add(Corpus(tuple(documents)))
        rows = project.segments([LARGE]).sample(CODED, random_state=0).to_dict("records")
        codes = list(project.codebook)
        chosen = [(row, rng.choice(codes)) for row in rows]
        names = ("document", "segment", "start", "end")
        project.add_codings(
            make_table([{**{n: r[n] for n in names}, "group": c.group, "code": c.id} for r, c in chosen], CODINGS)
        )


@contextmanager
def served(place: Path, coder: str) -> Iterator[str]:
    """A server of the study for a coder, by the command that people type; gives its link."""
    command = [sys.executable, "-c", "from cxtext.cli import main; main()", "code", str(place), "--no-browser"]
    with subprocess.Popen([*command, "--coder", coder], stdout=subprocess.PIPE, text=True) as process:
        found = re.search(r"http://\S+", process.stdout.readline())  # type: ignore[union-attr]
        try:
            yield found[0] if found else ""
        finally:
            process.terminate()


def visit(browser: Browser, link: str) -> Page:
    """Come in, with the large document open and everything drawn."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.add_init_script(f"localStorage.setItem('cxtext-learning', 'off');{NOTE}")
    page.goto(link)
    page.wait_for_selector(".said")
    page.goto(f"{link.partition('?')[0]}#/text/{LARGE}")
    page.wait_for_selector(f"h1:text-is('{LARGE}')")
    return page


def row(what: str, times: Sequence[float]) -> None:
    """Print a row of times in milliseconds."""
    ranked = sorted(times)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    print(f"| {what} | {ranked[len(ranked) // 2]:.0f} | {p95:.0f} | {ranked[-1]:.0f} | {len(ranked)} |", flush=True)


def first_paint(page: Page) -> None:
    """The whole page anew, with the large document: until its first lines are painted."""
    until = "async () => { while (!document.querySelector('.said')) await painted(); return painted(); }"
    times = []
    for _ in range(PAINTS):
        page.reload(wait_until="commit")
        times.append(page.evaluate(until))
    row(f"first paint: 500 transcripts, 1 MB open with {CODED:,} codings", times)


def openings(page: Page) -> None:
    """From a small document to the large one."""
    times = []
    for _ in range(OPENINGS):
        page.evaluate("location.hash = '#/text/d001'")
        page.wait_for_selector("h1:text-is('d001')")
        times.append(page.evaluate(OPEN))
    row("opening the document of 1 MB from another one", times)


def scrolling(page: Page) -> None:
    """From its beginning to its end, and to places anywhere, right after it was opened."""
    for what, given in (("from top to end, 700 pixels a frame", [700, 9999]), ("to places anywhere", [0, 200])):
        page.reload()
        page.wait_for_selector(".said")
        found = page.evaluate(SCROLL, given)
        print(
            f"| scrolling {what}: frames with a line that was not drawn; frames over 50 ms; slowest, ms "
            f"| {found['gaps']} | {found['long']} | {found['slowest']:.0f} | {found['frames']} |",
            flush=True,
        )


def coding(page: Page) -> None:
    """A number key, until the paint that shows what the study has kept; here and there in the document."""
    rng, times = random.Random(1), []
    page.wait_for_timeout(3000)
    for _ in range(2 * TIMES):
        page.evaluate("at => scrollTo(0, at * document.documentElement.scrollHeight)", rng.random() * 0.95)
        page.wait_for_timeout(60)
        page.evaluate(CLICK)
        page.wait_for_timeout(60)
        page.evaluate("() => { document.querySelector('.text').focus({ preventScroll: true }); next = coded(); }")
        page.keyboard.press(str(rng.randint(1, 9)))
        if (took := page.evaluate("next")) is not None:  # it had that code already
            times.append(took)
        if len(times) == TIMES:
            break
    row("a code, from the key until it is seen and saved", times)


def together(browser: Browser, place: Path, page: Page, link: str) -> None:
    """Two people at the same document, each with a server of their own, as on a shared file.

    Keys come faster than changes can be kept, so that changes wait in the pages when the time is over. They are waited
    for, and what was acknowledged is asked before the study is read: a coding that is acknowledged between the two
    would be in the study, and count as lost.
    """
    pages = [page, visit(browser, link)]
    for at, one in enumerate(pages):
        one.evaluate("from => { noted.acknowledged = []; scrollTo(0, 4000 + from * 300); }", at)
        one.wait_for_timeout(300)
    with Project.open(place, coder="Noor") as project:
        before = set(project.codings()["coding"])
    rng, end, given = random.Random(2), time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        for one in pages:
            one.keyboard.press("ArrowDown")
            one.keyboard.press(str(rng.randint(1, 9)))
            given += 1
    over = time.monotonic()
    for one in pages:
        one.evaluate(SETTLED)
    late = time.monotonic() - over
    for one in pages:
        one.evaluate("async () => { const { refresh } = await import('/static/store.js'); await refresh(); }")
    told = {id: coder for one in pages for id, coder in one.evaluate("noted.acknowledged") if id not in before}
    with Project.open(place, coder="Noor") as project:
        codings = project.codings()
    fresh = codings[~codings["coding"].isin(before)]
    kept = dict(zip(fresh["coding"], fresh["coder"], strict=True))
    doubled = int(codings.duplicated(["document", "start", "end", "group", "code", "coder"]).sum())
    there = set(codings.loc[codings["document"] == LARGE, "coding"])
    unseen = [len(there - set(one.evaluate(SHOWN))) for one in pages]
    refused = sum(one.evaluate("noted.refused") for one in pages)
    shares = ", ".join(f"{name} {n}" for name, n in sorted(Counter(kept.values()).items()))
    print(
        f"\nTwo people, {SECONDS} s, the same document: {given} keys, the last acknowledged {late:.1f} s after it; "
        f"{len(told)} codings acknowledged, {len(kept)} kept ({shares}); lost {len(set(told) - set(kept))}, "
        f"doubled {doubled}, refused {refused}; codings that the two pages do not show at the end: {unseen[0]} and "
        f"{unseen[1]}."
    )


def main() -> None:
    """Make the study, serve it, measure."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "study.cxt"
        if not place.exists():
            make(place)
        with sync_playwright() as playwright, served(place, "Noor") as noor, served(place, "Sem") as sem:
            browser = playwright.chromium.launch(executable_path=CHROMIUM)
            print(f"{platform.machine()}, {os.cpu_count()} cores, Chromium {browser.version}\n")
            print("| what | median, ms | p95, ms | most, ms | n |\n|---|---|---|---|---|")
            page = visit(browser, noor)
            first_paint(page)
            openings(page)
            scrolling(page)
            coding(page)
            together(browser, place, page, sem)
            browser.close()


if __name__ == "__main__":
    main()
