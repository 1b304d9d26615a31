"""Agreement of the coders of a study, on what all of them read."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.agreement.comparison import agreement
from cxtext.errors import OptionError
from cxtext.project.lessons import read_by

if TYPE_CHECKING:
    from cxtext.agreement.result import Agreement
    from cxtext.project import Project


def agreement_in(project: Project, coders: Collection[str] = (), **options: Any) -> Agreement:
    """Compare coders of a study on the segments that all of them read, by its own codebook.

    Segments count of documents that a coder finished, of what the coder read by itself (a blind sample), and of
    documents that the coder coded elsewhere.

    Parameters
    ----------
    project : Project
    coders : collection of str
        Whom to compare, the machine too; all people who coded something where there are none given.
    **options
        Those of `cxtext.agreement.agreement`: ``groups``, ``unit``, ``cluster``, ``n_resamples``, ``seed``.

    Returns
    -------
    Agreement

    Raises
    ------
    OptionError
        There is nothing that two of them read.

    Examples
    --------
    >>> agreement_in(study, ["Noor", "Bram"], groups=["kind"])  # doctest: +SKIP
    """
    codings, segments = project.codings(), project.segments()
    finished, seen = project.finished(), project.seen()
    active = set(codings["coder"])
    chosen = tuple(coders) or tuple(
        name for name, kind in project.coders.items() if kind == "person" and name in active
    )
    reads = [read_by(segments, finished, seen, codings, name) for name in chosen]
    common = segments[segments["segment"].isin(set.intersection(*reads) if reads else set())]
    if len(chosen) < 2 or common.empty:
        msg = (
            f"There is nothing that two coders read: {', '.join(chosen) or 'nobody'}. Let a second person code "
            f"the same (cxtext review {project.place} --blind --coder NAME), or compare others, such as the "
            f"machine. Coders of this study: {', '.join(project.coders)}."
        )
        raise OptionError(msg)
    pairs = [(document, name) for document in common["document"].unique() for name in chosen]
    coded = pd.DataFrame(pairs, columns=["document", "coder"])
    return agreement(codings, common, coders=chosen, codebook=project.codebook, coded=coded, **options)
