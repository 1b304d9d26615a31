"""The main job in one call: from documents to codings, themes and the journey."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxtext import __version__
from cxtext.codebook import load_codebook
from cxtext.errors import OptionError
from cxtext.records import Corpus
from cxtext.tables import documents_table

if TYPE_CHECKING:
    import pandas as pd

    from cxtext.journey import Journey
    from cxtext.privacy.processing import ProcessingRecord
    from cxtext.tag import Tagger
    from cxtext.themes import Themes

#: told to the caller before each stage: the name of the stage, and how many of how many stages are done
Progress = Callable[[str, int, int], None]

STAGES = ("segment", "tag", "themes", "journey")


@dataclass(frozen=True)
class Study:
    """Everything that one analysis found; each part is a frame, or shows itself in a notebook.

    Attributes
    ----------
    corpus : Corpus
        The documents, with what was skipped or left out.
    documents, segments, codings : pandas.DataFrame
        Tables `cxtext.tables.DOCUMENTS` (with attributes), `SEGMENTS` and `CODINGS`.
    scores : pandas.DataFrame
        Column ``segment``, a calibrated probability per ``group/code``, and ``valence`` in [-2, 2].
    themes : Themes
    journey : Journey
    method : Mapping[str, Any]
        What a reader needs to repeat it: version, model, thresholds, seed, counts.
    record : ProcessingRecord, optional
        Why the personal data are processed, on which ground, how long and by whom; the report prints it.
    """

    corpus: Corpus
    documents: pd.DataFrame
    segments: pd.DataFrame
    codings: pd.DataFrame
    scores: pd.DataFrame
    themes: Themes
    journey: Journey
    method: Mapping[str, Any] = field(default_factory=dict)
    record: ProcessingRecord | None = None

    @property
    def pseudonymised(self) -> bool:
        """Whether personal data were replaced before the analysis: here, or as the processing record says."""
        return bool(self.method.get("pseudonymised") or (self.record and self.record.pseudonymised))

    @property
    def respondents(self) -> int:
        """Number of respondents who said something that was segmented."""
        return int(self.segments["case"].nunique())

    @property
    def n_themes(self) -> int:
        """Number of themes, without the group of segments apart."""
        return int((self.themes.table["theme"] != "outliers").sum())

    @property
    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """What the functions of `cxtext.journey` count from: segments, codings, scores, documents."""
        return self.segments, self.codings, self.scores, self.documents

    def quotes(self, ids: str, *, n: int = 10) -> pd.DataFrame:
        """Texts behind a figure.

        Parameters
        ----------
        ids : str
            Segments joined by ``;``, as columns ``quotes`` have them.
        n : int
            The first so many.

        Returns
        -------
        pandas.DataFrame
            Columns ``case``, ``prompt``, ``text``, by segment, in the order of the ids.
        """
        chosen = [id for id in ids.split(";") if id][:n]
        return self.segments.set_index("segment").loc[chosen, ["case", "prompt", "text"]]

    def __repr__(self) -> str:
        return (
            f"Study({len(self.documents)} documents, {self.respondents} respondents, {len(self.segments)} segments, "
            f"{len(self.codings)} codings, {self.n_themes} themes)"
        )

    def _repr_html_(self) -> str:
        return f"<p><code>{self!r}</code></p>{self.journey._repr_html_()}{self.themes._repr_html_()}"


def analyse(
    corpus: Corpus,
    *,
    tagger: Tagger | None = None,
    phases: str | Path = "default",
    n_themes: int | None = None,
    language: str = "nl",
    seed: int = 0,
    codings: pd.DataFrame | None = None,
    themes: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Study:
    """Segment, tag, find themes and map the journey.

    Parameters
    ----------
    corpus : Corpus
        From `cxtext.read_corpus`.
    tagger : Tagger, optional
        That of the ``standard`` model where it is left out.
    phases : str or pathlib.Path
        ``"default"``, ``"four"``, ``"government"``, or a YAML file with phases.
    n_themes : int, optional
        Number of themes; chosen from the data where it is left out.
    language : {"nl", "en"}
        Of the names in the journey map.
    seed : int
        For everything that draws at random.
    codings : pandas.DataFrame, optional
        Those to count, such as `cxtext.project.Project.codings_that_count`; those of the tagger where it is left out.
        With them nothing is tagged, and the emotion curve follows from the codes of sentiment and emotion.
    themes : Mapping[str, Any], optional
        Those that a study keeps (`cxtext.themes.themes_state`), brought up to date; found anew where it is left out.
    progress : callable, optional
        Called before each stage as ``progress(stage, done, total)``.

    Returns
    -------
    Study

    Raises
    ------
    OptionError
        The tagger has another codebook than the default one.

    Examples
    --------
    >>> study = cxtext.analyse(cxtext.read_corpus("corpus_samples/"))  # doctest: +SKIP
    >>> study.codings.head()  # doctest: +SKIP
    """
    from cxtext.journey import map_journey
    from cxtext.segmentation import segment
    from cxtext.tag import Tagger
    from cxtext.themes import find_themes, restore_themes

    def tell(stage: str) -> None:
        if progress:
            progress(stage, STAGES.index(stage), len(STAGES))

    if codings is None:
        reader = tagger or Tagger.load()
        _check_groups(reader)
    tell("segment")
    documents = documents_table(corpus)
    segments = segment(corpus)
    tell("tag")
    if codings is None:
        tags = reader.tag(segments)
        scores, codings = tags.scores, tags.codings
        model = {"model": reader.name, "model_version": reader.version, "engine": reader.engine,
                 "thresholds": dict(reader.thresholds)}  # fmt: skip
    else:
        scores = scores_of(segments, codings)
        model = {"model": ", ".join(sorted(codings.loc[codings["status"] == "suggested", "coder"].unique())) or "–"}
    tell("themes")
    if themes is None:
        found = find_themes(segments, codings, n_themes=n_themes, seed=seed)
    else:
        found = restore_themes(themes, segments, codings).themes
    tell("journey")
    journey = map_journey(
        segments, codings, scores, documents=documents, themes=found, phases=phases, language=language
    )
    method = {
        "cxtext": __version__,
        "python": platform.python_version(),
        **model,
        "seed": seed,
        "themes": found.method,
        "phases": str(phases),
    }
    return Study(corpus, documents, segments, codings, scores, found, journey, method)


def scores_of(segments: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Scores of each segment from its codings, where no tagger reads it again.

    Parameters
    ----------
    segments, codings : pandas.DataFrame
        Tables `cxtext.tables.SEGMENTS` and `cxtext.tables.CODINGS`. The coding of a person is sure; rejected codings
        do not count.

    Returns
    -------
    pandas.DataFrame
        Column ``segment``, a score per ``group/code``, and ``valence`` in [-2, 2]; NaN where nobody judged the
        sentiment.

    Examples
    --------
    >>> from cxtext.tables import CODINGS, SEGMENTS, make_table
    >>> scores_of(make_table([], SEGMENTS), make_table([], CODINGS)).columns.tolist()
    ['segment', 'valence']
    """
    import pandas as pd

    from cxtext.coded import codes_of
    from cxtext.tag.tagger import valence_of

    parts = {}
    for group in codings["group"].unique():
        for code, own in codes_of(codings, str(group)).groupby("code"):
            parts[f"{group}/{code}"] = own.set_index("segment")["score"].fillna(1.0)
    ids = segments["segment"].tolist()
    table = pd.DataFrame({path: score.reindex(ids) for path, score in parts.items()}, index=ids)
    judged = table.reindex(columns=[path for path in table if str(path).startswith("sentiment/")]).notna().any(axis=1)
    valence = pd.Series(valence_of(table.fillna(0.0)), index=ids).where(judged)
    return pd.DataFrame({"segment": ids, "valence": valence.to_numpy(), **{p: table[p].to_numpy() for p in table}})


def _check_groups(tagger: Tagger) -> None:
    """Refuse a tagger that cannot fill the journey."""
    if missing := [group.id for group in load_codebook().groups if group.id not in tagger.groups]:
        msg = (
            f"The model {tagger.name} does not know the groups {', '.join(missing)} of the default codebook, of which "
            "the journey is made. Tag with it (cxtext tag), or analyse with standard or fast."
        )
        raise OptionError(msg)
