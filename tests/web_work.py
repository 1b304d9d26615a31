"""What the page can have done in another process, without a model."""

import os
import time
from pathlib import Path

from cxtext.errors import OptionError
from cxtext.project import Project
from cxtext.project.learned import Taught, decisions_so_far
from cxtext.tables import CODINGS, make_table


def endless(place, coder, *, progress):
    """Go on until the end; a file tells which process it is."""
    Path(f"{place}.pid").write_text(str(os.getpid()), encoding="utf-8")
    for at in range(10_000):
        progress("read", at, 10_000)
        time.sleep(0.05)


def refusing(place, coder, *, progress):
    """Find nothing to do."""
    raise OptionError("There is nothing to learn from.")


def dying(place, coder, *, progress):
    """End without a word."""
    progress("heads", 1, 2)
    os._exit(3)


def quick(place, coder, *, progress):
    """Suggest that every segment is about pain, and know that code better with every decision."""
    with Project.open(place, coder=coder) as project:
        decisions, segments = decisions_so_far(project), project.segments()
        version = project.codebook.version
    name = f"robot 2.{decisions}"
    rows = [
        {**{key: row[key] for key in ("document", "segment", "start", "end")}, "group": "kind", "code": "pain",
         "coder": name, "status": "suggested", "score": 0.7, "evidence": "alles"}
        for row in segments.to_dict("records")
    ]  # fmt: skip
    progress("suggest", len(rows), len(rows))
    pain = {"group": "kind", "code": "pain", "codings": decisions, "respondents": 2, "precision": 0.8, "recall": 0.5,
            "f1": decisions / 10, "f1_low": 0.1, "f1_high": 0.9, "people_f1": None, "verdict": "suggests"}  # fmt: skip
    lesson = {
        "codes": [pain], "curve": [], "next": segments["segment"].tolist()[::-1], "decisions": decisions,
        "segments": decisions, "whole": 0, "left": len(segments),
    }  # fmt: skip
    return Taught(name, version, make_table(rows, CODINGS), lesson)
