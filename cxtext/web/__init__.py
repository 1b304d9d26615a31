"""The coding page: a local web page over a study. The library does the work; this is a thin layer over it."""

from cxtext.web.app import make_app
from cxtext.web.guard import Door

__all__ = ["Door", "make_app"]
