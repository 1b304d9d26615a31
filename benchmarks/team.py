"""Two members of a team code one document for a minute; the database is the judge. Printed for benchmarks/README.md.

Run: ``python benchmarks/team.py [postgresql://user:password@host/EMPTY_DATABASE]``; without a server, in a file. Each
member is a process of its own that codes, recodes, undoes, and decides about suggestions that the other one sees too.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cxtext import Document, Turn
from cxtext.project import Project
from cxtext.project.accounts import add_account
from cxtext.records import Corpus
from cxtext.tables import CODINGS, make_table

SITE, PASSWORD, MEMBERS, SECONDS = "https://study.example.org", "paard batterij nietje", ("Noor", "Sem"), 60
TEXT = "Dit is een zin van tien woorden die wordt gecodeerd. " * 2000
CODES = ("kind/pain", "kind/need", "kind/gain")
SEEN = ("start", "end", "group", "code", "status")


class Member:
    """A browser without a page, which knows of the document what the server told it."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        form = re.search(r'name="form" value="(\w+)"', self.ask("GET", "/sign-in")[1])
        assert form
        given = urlencode({"form": form[1], "name": name, "password": PASSWORD})
        assert self.ask("POST", "/sign-in", given, "application/x-www-form-urlencoded")[0] == 303
        self.times: list[float] = []
        self.done: Counter[str] = Counter()
        self.decided: dict[str, str] = {}
        self.read()

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/json") -> tuple[int, str]:
        """Send one request; gives status and text."""
        headers = {"Host": SITE.partition("//")[2], "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"Origin": SITE, "Content-Type": kind} if method == "POST" else {}
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("set-cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def read(self) -> None:
        """Read the document anew."""
        answer = json.loads(self.ask("GET", "/api/texts?document=lang")[1])
        self.number: int = answer["number"]
        self.codings: dict[str, Any] = {row["id"]: row for row in answer["documents"][0]["codings"]}

    def hear(self, answer: dict[str, Any]) -> None:
        """Take in what changed."""
        if answer.get("everything"):
            self.read()
            return
        self.number = answer["number"]
        for id, row in answer["codings"].items():
            self.codings.pop(id, None) if row is None else self.codings.update({id: row})

    def change(self, name: str, **values: Any) -> bool:
        """Make a change; returns whether it was kept."""
        begun = time.perf_counter()
        status, text = self.ask("POST", f"/api/{name}", json.dumps({"since": self.number, **values}))
        self.times.append(time.perf_counter() - begun)
        self.done[name if status == 200 else f"refused: {status}"] += 1
        if status == 200:
            self.hear(json.loads(text))
        return status == 200

    def work(self, rng: random.Random) -> None:
        """Do one thing."""
        own = [row for row in self.codings.values() if row["coder"] == self.name]
        waiting = [row for row in self.codings.values() if row["status"] == "suggested"]
        what = rng.random()
        if what < 0.2 and waiting:
            row = waiting[0]  # the one that the other member goes for too
            status = rng.choice(("accepted", "rejected"))
            if self.change("decide", codings=[_seen(row)], status=status):
                self.decided[row["id"]] = status
            else:
                self.hear(json.loads(self.ask("GET", f"/api/changes?since={self.number}")[1]))
        elif what < 0.35 and own:
            self.change("change", codings=[{**_seen(rng.choice(own)), "path": rng.choice(CODES)}])
        elif self.change("code", **_anywhere(rng)) and what > 0.9:
            self.change("undo")


def _seen(row: dict[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "was": [row[name] for name in SEEN]}


def _anywhere(rng: random.Random) -> dict[str, Any]:
    start = rng.randrange(len(TEXT) - 30)
    stretch = {"document": "lang", "start": start, "end": start + rng.randint(1, 30)}
    return {"stretches": [stretch], "codes": [rng.choice(CODES)]}


def code(name: str, port: int, seed: int, told: Any) -> None:
    """Code for a minute, and tell what was done and what this browser knows in the end."""
    member, rng, end = Member(name, port), random.Random(seed), time.monotonic() + SECONDS
    while time.monotonic() < end:
        member.work(rng)
    time.sleep(2)
    member.hear(json.loads(member.ask("GET", f"/api/changes?since={member.number}")[1]))
    told.put((name, member.done, member.times, member.decided, member.codings))


def make_study(place: str) -> None:
    """A study of one document with 300 suggestions, and two members."""
    document = Document("lang", "lang", "interview", "lang.txt", TEXT, (Turn(0, len(TEXT), "An", "respondent"),), "nl")
    with Project.create(place, coder="Lea") as project:
        project.add(Corpus((document,)))
        rows = [
            {"document": "lang", "start": 53 * at, "end": 53 * at + 50, "group": "kind", "code": "pain", "score": 0.5}
            for at in range(300)
        ]
        run = project.start_run("robot", {})
        project.suggest(make_table(rows, CODINGS), ["lang"], coder="robot", run=run)
        for name in MEMBERS:
            add_account(project, name, "coder", PASSWORD)


def main() -> None:
    """Serve, code, and compare with what is kept."""
    with tempfile.TemporaryDirectory() as folder:
        place = sys.argv[1] if len(sys.argv) > 1 else str(Path(folder) / "study.cxt")
        make_study(place)
        command = [sys.executable, "-c", "from cxtext.cli import main; main()", "code", place, "--behind-proxy", SITE]
        with subprocess.Popen([*command, "--port", "28790"], stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout
            server.stdout.readline()
            context = get_context("spawn")
            told = context.Queue()
            for seed, name in enumerate(MEMBERS):
                context.Process(target=code, args=(name, 28790, seed, told)).start()
            found = [told.get() for _ in MEMBERS]
            server.terminate()
        with Project.open(place, coder="Lea") as project:
            kept = project.codings().set_index("coding")
            same = kept.duplicated(["document", "start", "end", "group", "code", "coder"]).sum()
            print(f"{len(kept)} codings, {same} of them doubled; check: {project.check() or 'all is well'}")
            columns = ["start", "end", "group", "code", "coder", "status", "decided_by"]
            now = {id: tuple(row) for id, row in zip(kept.index, kept[columns].to_numpy().tolist(), strict=True)}
        for name, done, times, decided, codings in found:
            times.sort()
            known = {id: tuple(row[column] for column in columns) for id, row in codings.items()}
            right = sum(now[id][-2:] == (status, name) for id, status in decided.items())
            print(
                f"{name}: {dict(done)}; knows what is kept: {known == now}; decisions: {right} of {len(decided)} stand"
            )
            middle, slow = (1000 * times[len(times) * share // 100] for share in (50, 95))
            print(f"  a change: median {middle:.0f} ms, 95 % in {slow:.0f} ms")


if __name__ == "__main__":
    main()
