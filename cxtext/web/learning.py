"""Suggest, learn, next: a machine learns from what was coded, beside the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cxtext.project import Project
from cxtext.project.learned import Taught, decisions_so_far, keep_learned, learned_runs, take_back_learned
from cxtext.project.outline import changes_since
from cxtext.project.usage import still_to_read
from cxtext.web.answers import ConflictError, Given, Handler
from cxtext.web.jobs import Jobs, JobState, Progress, Work
from cxtext.web.telling import told

#: segments to code next that are shown
MOST_NEXT = 20
#: with so many new decisions of people it is worth learning again, or with this share of those before
_NEW, _SHARE = 15, 0.1
#: where each stage begins and ends, as a share of the whole
_STAGES = {
    "start": (0.0, 0.04), "read": (0.04, 0.35), "heads": (0.35, 0.5), "curve": (0.5, 0.62), "suggest": (0.62, 0.95),
    "next": (0.95, 1.0),
}  # fmt: skip


def learn(place: str, coder: str, *, progress: Progress) -> Taught:
    """Learn from a study, in a process of its own."""
    from cxtext.teaching import teach

    with Project.open(place, coder=coder) as project:
        return teach(project, progress=progress)


def unlearn(project: Project, given: Given) -> Mapping[str, Any]:
    """Take back what was learned last, at ``at``: as a change of the person who does it."""
    taken = take_back_learned(project, given.get("at", str))
    if taken is None:
        raise ConflictError("It was taken back already, or the machine learned again meanwhile. Look again.")
    return {**changes_since(project, given.get("since", int), seen_by=project.seen_by), "taken": taken}


class Learning:
    """What the page asks about learning, and has done.

    Parameters
    ----------
    project : Project
    work : Work
        What learns.
    """

    def __init__(self, project: Project, *, work: Work = learn) -> None:
        self.project = project
        self.jobs = Jobs(work, self._keep)
        #: with how many decisions of people it was tried last: what failed or was cancelled is not tried by itself
        self._tried = -1
        self.reads: dict[str, Handler] = {"learning": self.state, "lesson": self.lesson}
        self.writes: dict[str, Handler] = {"learn": self.start, "learn_cancel": self.cancel, "unlearn": unlearn}

    def state(self, project: Project, given: Given) -> Mapping[str, Any]:
        """How far the job is, how much there is to learn, and whether it is worth it."""
        job, decisions = self.jobs.state, decisions_so_far(project)
        last = learned_runs(project, last=1)
        before = int(last[0].lesson["decisions"]) if last else 0
        new = decisions - before
        enough = abs(new) >= max(_NEW, _SHARE * before)
        return {
            **asdict(job), "error": told(job.error, given.language),
            "busy": job.busy, "share": _share(job), "decisions": decisions, "new": new,
            "lesson": last[0].started if last else "", "due": enough and not job.busy and decisions != self._tried,
        }  # fmt: skip

    def start(self, project: Project, given: Given) -> Mapping[str, Any]:
        """Begin to learn; where it is learning already, it goes on."""
        tried = decisions_so_far(project)
        if self.jobs.start(project.place, project.coder):
            self._tried = tried
        return self.state(project, given)

    def cancel(self, project: Project, given: Given) -> Mapping[str, Any]:
        """Stop learning; nothing of it is kept."""
        self.jobs.cancel()
        return self.state(project, given)

    def lesson(self, project: Project, given: Given) -> Mapping[str, Any]:
        """What was learned last, what that changed, and what to code next."""
        runs = learned_runs(project, last=2)
        if not runs:
            return {"lesson": None}
        last = runs[-1]
        before = {f"{row['group']}/{row['code']}": row for row in (runs[0].lesson["codes"] if len(runs) > 1 else ())}
        codes = [
            {**row, "path": path, "was": before.get(path)}
            for row in last.lesson["codes"]
            for path in (f"{row['group']}/{row['code']}",)
        ]
        chosen = still_to_read(project, last.lesson["next"], seen_by=project.seen_by)
        kept = {name: last.lesson[name] for name in ("curve", "decisions", "segments", "whole", "left")}
        next_ = {"next": chosen[:MOST_NEXT], "coded": len(last.lesson["next"]) - len(chosen)}
        return {"lesson": {**kept, **next_, "codes": codes, "coder": last.coder, "at": last.started}}

    def _keep(self, taught: Taught) -> None:
        keep_learned(self.project, taught)


def _share(job: JobState) -> float:
    """How much of a job is done."""
    if job.state == "done":
        return 1.0
    begin, end = _STAGES.get(job.stage, (0.0, 0.0))
    return round(begin + (end - begin) * job.done / max(job.total, 1), 3)
