"""Segments to codings: rules, cues and trained heads, every code with its score and evidence."""

from cxtext.tag.tagger import Tagger, Tags

__all__ = ["Tagger", "Tags"]
