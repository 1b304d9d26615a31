"""Addresses inside the report: every number leads to its quotes."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def quotes_link(**filters: str) -> str:
    """Address of the quotes that pass `filters`; the page's script reads it.

    Parameters
    ----------
    **filters : str
        ``group``, ``code``, ``phase``, ``theme``, ``file``, ``case``, ``lane``, ``item`` or ``q``; empty ones are
        left out.

    Returns
    -------
    str

    Examples
    --------
    >>> quotes_link(group="kind", code="pain", phase="service")
    '#codes?group=kind&code=pain&phase=service'
    """
    return f"#codes?{urlencode({k: v for k, v in filters.items() if v}, quote_via=quote)}"
