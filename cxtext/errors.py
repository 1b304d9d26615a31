"""The errors of cxtext: every message says what, where, what was expected and what to do next."""

from __future__ import annotations


class CxtextError(Exception):
    """Root of all errors that cxtext raises on purpose; its text is meant for the user."""


class ReadError(CxtextError):
    """A file could not be read.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    reason : str
        What is wrong, and where in the file.
    advice : str
        What the user can do about it.

    Examples
    --------
    >>> print(ReadError("a.docx", "it is not a Word file", "Save it again as .docx."))
    a.docx: it is not a Word file. Save it again as .docx.
    """

    def __init__(self, source: str, reason: str, advice: str) -> None:
        super().__init__(f"{source}: {reason.rstrip('.')}. {advice}")
        self.source = source
        self.reason = reason
        self.advice = advice


class WriteError(CxtextError):
    """A result could not be written."""


class OptionError(CxtextError, ValueError):
    """An option has a value that cannot be used."""


class ModelError(CxtextError):
    """A model or another resource is missing or does not fit this version."""


class MissingExtraError(CxtextError, ImportError):
    """A feature needs a package that is not installed.

    Parameters
    ----------
    feature : str
        What was asked for.
    extra : str
        The name of the extra that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs a package that is not installed. Run: pip install "cxtext[{extra}]"')
