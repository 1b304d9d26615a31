"""Segments to codings: rules, cues and trained heads, every code with its score and evidence."""

from cxtext.tag.coded_rows import CodedRows, read_coded
from cxtext.tag.tagger import Tagger, Tags

__all__ = ["CodedRows", "Tagger", "Tags", "read_coded"]
