"""cxtext: qualitative analysis of interviews and open survey answers, offline, Dutch first.

Names are loaded when they are first used, so that ``import cxtext`` is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxtext.lazy import lazily

__version__ = "0.1.0"

_LAZY = {
    "Codebook": "cxtext.codebook",
    "Corpus": "cxtext.records",
    "CxtextError": "cxtext.errors",
    "Document": "cxtext.records",
    "Project": "cxtext.project",
    "Study": "cxtext.study",
    "Tagger": "cxtext.tag",
    "Turn": "cxtext.records",
    "analyse": "cxtext.study",
    "evaluate": "cxtext.evaluation",
    "load_codebook": "cxtext.codebook",
    "map_journey": "cxtext.journey",
    "find_themes": "cxtext.themes",
    "inspect_files": "cxtext.inspection",
    "pseudonymise": "cxtext.privacy",
    "read_coded": "cxtext.tag",
    "read_corpus": "cxtext.ingest",
    "segment": "cxtext.segmentation",
    "write_report": "cxtext.report",
}

__all__ = ["__version__", *sorted(_LAZY)]

if TYPE_CHECKING:
    from cxtext.codebook import Codebook, load_codebook
    from cxtext.errors import CxtextError
    from cxtext.evaluation import evaluate
    from cxtext.ingest import read_corpus
    from cxtext.inspection import inspect_files
    from cxtext.journey import map_journey
    from cxtext.privacy import pseudonymise
    from cxtext.project import Project
    from cxtext.records import Corpus, Document, Turn
    from cxtext.report import write_report
    from cxtext.segmentation import segment
    from cxtext.study import Study, analyse
    from cxtext.tag import Tagger, read_coded
    from cxtext.themes import find_themes


__getattr__ = lazily(__name__, _LAZY)


def __dir__() -> list[str]:
    return __all__
