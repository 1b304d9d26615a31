"""Broken, hostile and odd files: a clear message or a right import, never a traceback, a hang or a lot of memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from broken_files import write_broken

from cxtext import read_corpus
from cxtext.ingest.options import ReadOptions
from cxtext.ingest.registry import load_readers
from cxtext.testing import check_reader

_MOST_MEGABYTES = 512


def test_broken_files(tmp_path: Path) -> None:
    """Of a folder with more than sixty such files each is read, or named with a reason and an advice."""
    good, bad = write_broken(tmp_path)
    assert len(good) + len(bad) >= 60
    corpus = read_corpus(tmp_path)
    read = {Path(document.source) for document in corpus}
    refused = {Path(notice.source): notice.message for notice in corpus.skipped}
    assert sorted(read) == sorted(good)
    assert set(refused) <= set(bad) <= {*refused, *(Path(notice.source) for notice in corpus.notices)}
    for message in refused.values():
        assert "reader failed" not in message
        assert message.count(".") >= 1
        assert len(message) > 30
    for path in good:
        check_reader(load_readers()[path.suffix], path, ReadOptions(language="nl"))


def test_memory_and_time(tmp_path: Path) -> None:
    """The whole folder is read within 512 MB and two minutes."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of the memory is read from /proc")
    write_broken(tmp_path)
    code = (
        "import sys; from cxtext import read_corpus; read_corpus(sys.argv[1]);"
        "print(*(int(line.split()[1]) // 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < _MOST_MEGABYTES
