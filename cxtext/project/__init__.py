"""The study file: what a team of coders works in, with its log, undo and check."""

from cxtext.project.project import Project

__all__ = ["Project"]
