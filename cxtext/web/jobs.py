"""Long work beside the page: in a process of its own, one at a time, and gone without a trace when it is cancelled."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from cxtext.errors import CxtextError

#: told the stage, and how much of how much of it is done
Progress = Callable[[str, int, int], None]
#: done in another process: an importable function that gets some texts and a `Progress`; its result is pickled
Work = Callable[..., Any]
#: keeps the result, in one piece
Keep = Callable[[Any], None]
_STOPPED = "The work ended by itself, perhaps for lack of memory. Nothing was changed; try again."


@dataclass(frozen=True)
class JobState:
    """How far a job is.

    Attributes
    ----------
    number : int
        How many jobs there have been.
    state : str
        ``idle``, ``running``, ``keeping`` (too late to cancel), ``done``, ``failed`` or ``cancelled``.
    stage : str
    done, total : int
        Of the stage.
    error : str
        Why it failed.
    """

    number: int = 0
    state: str = "idle"
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def busy(self) -> bool:
        """Whether it goes on."""
        return self.state in ("running", "keeping")


class Jobs:
    """Does one job at a time.

    Parameters
    ----------
    work : Work
    keep : Keep
    """

    def __init__(self, work: Work, keep: Keep) -> None:
        self.work = work
        self.keep = keep
        self.state = JobState()
        self._lock = threading.Lock()
        self._process: Any = None
        self._watcher: threading.Thread | None = None

    def start(self, *given: str) -> bool:
        """Begin a job; returns whether it began: not while another goes on."""
        with self._lock:
            if self.state.busy:
                return False
            self.state = JobState(self.state.number + 1, "running", "start")
            spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
            ours, theirs = spawn.Pipe(duplex=False)
            self._process = spawn.Process(target=_run, args=(self.work, given, theirs), daemon=True)
            self._process.start()
            theirs.close()
            self._watcher = threading.Thread(target=self._watch, args=(ours, self._process), daemon=True)
            self._watcher.start()
        return True

    def cancel(self) -> bool:
        """End the job; returns whether there was one that could be ended. Nothing of it is kept then."""
        with self._lock:
            if self.state.state != "running":
                return False
            self.state = replace(self.state, state="cancelled")
            self._process.terminate()
        return True

    def wait(self, seconds: float) -> JobState:
        """State when the job is over, or when so many seconds have passed."""
        if self._watcher:
            self._watcher.join(seconds)
        return self.state

    def _watch(self, pipe: Connection, process: Any) -> None:
        """Hear what the process tells, and keep its result."""
        try:
            while (message := pipe.recv())[0] == "at":
                self._turn("running", stage=message[1], done=message[2], total=message[3])
        except (EOFError, OSError):
            message = ("failed", _STOPPED)
        pipe.close()
        process.join()
        if message[0] == "failed":
            self._turn("failed", error=message[1])
        elif self._turn("keeping"):
            try:
                self.keep(message[1])
            except CxtextError as error:
                self._turn("failed", error=str(error))
            except BaseException:
                self._turn("failed", error=_STOPPED)
                raise
            else:
                self._turn("done")

    def _turn(self, state: str, **values: Any) -> bool:
        """Go on to a state, unless the job was cancelled."""
        with self._lock:
            if self.state.busy:
                self.state = replace(self.state, state=state, **values)
            return self.state.busy


def _run(work: Work, given: tuple[str, ...], pipe: Connection) -> None:
    """Work in the other process, which gives way to everything else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    if hasattr(os, "nice"):
        os.nice(5)
    try:
        result = ("done", work(*given, progress=lambda *at: pipe.send(("at", *at))))
    except CxtextError as error:
        result = ("failed", str(error))
    except BrokenPipeError:  # the server is gone
        return
    pipe.send(result)
