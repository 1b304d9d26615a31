"""Cells that a spreadsheet program takes for what they are: no formulas, no control characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


#: Excel holds no more characters in a cell, and no more rows on a sheet
MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_576

#: what no cell may hold
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def safe_cell(value: Any) -> Any:
    r"""Make text harmless: no illegal characters, and an apostrophe before what would be run as a formula.

    Parameters
    ----------
    value : object
        Everything but text stays what it is; so does text that is only a number.

    Returns
    -------
    object

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell(-5), safe_cell("a\x00b")
    ("'=1+1", '-5', -5, 'ab')
    """
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("", value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def original_cell(text: str) -> str:
    """Take off the apostrophe that `safe_cell` put before a text.

    Examples
    --------
    >>> original_cell("'=1+1"), original_cell("'s avonds")
    ('=1+1', "'s avonds")
    """
    return text[1:] if _GUARDED.match(text) else text


def safe_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Make every text of a frame harmless, its column names too.

    Parameters
    ----------
    frame : pandas.DataFrame

    Returns
    -------
    pandas.DataFrame
        A new frame.
    """
    import pandas as pd

    safe = pd.DataFrame(
        {
            i: frame.iloc[:, i]
            if pd.api.types.is_numeric_dtype(frame.iloc[:, i])
            else frame.iloc[:, i].astype(object).map(safe_cell)
            for i in range(frame.shape[1])
        },
        index=frame.index,
    )
    return safe.set_axis([safe_cell(str(name)) for name in frame.columns], axis=1)
