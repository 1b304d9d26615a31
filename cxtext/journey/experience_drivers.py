"""Experience drivers of the researcher: what the experience should be like, with the words that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import yaml

from cxtext.errors import ReadError
from cxtext.journey.wording import word_pattern

_ADVICE = (
    "Write a list under 'drivers', each with a name and the words that tell of it, such as: "
    "drivers: [{name: zonder gedoe, words: [wacht*, terugbel*]}]"
)


def load_experience_drivers(path: str | Path, *, language: str = "nl") -> dict[str, tuple[str, ...]]:
    """Read experience drivers: what a customer should feel or be able to do, with words.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML file with a list ``drivers``; each has a ``name`` (a text, or one per language) and ``words``, in which
        ``*`` stands for any letters.
    language : {"nl", "en"}

    Returns
    -------
    dict of str to tuple of str
        Words by name.

    Raises
    ------
    ReadError
        The file is missing, or not of this form.

    Examples
    --------
    >>> load_experience_drivers("drivers.yaml")  # doctest: +SKIP
    {'zonder gedoe': ('wacht*', 'terugbel*')}
    """
    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        found = {}
        for entry in data["drivers"]:
            name = entry["name"]
            name = name.get(language) or next(iter(name.values())) if isinstance(name, Mapping) else name
            if not isinstance(entry["words"], list) or not entry["words"]:
                raise ReadError(str(path), f"the experience driver {str(name)!r} has no list of words", _ADVICE)
            found[str(name)] = tuple(map(str, entry["words"]))
        return found
    except OSError as error:
        raise ReadError(str(path), f"the experience drivers cannot be read ({error.strerror})", _ADVICE) from error
    except (UnicodeError, yaml.YAMLError, LookupError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise ReadError(str(path), f"it is no list of experience drivers ({reason})", _ADVICE) from error


def fitting_themes(themes: pd.DataFrame, drivers: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Find which themes tell of which experience driver, by the words of their names and terms.

    Parameters
    ----------
    themes : pandas.DataFrame
        Table `cxtext.tables.THEMES`.
    drivers : Mapping[str, tuple of str]
        From `load_experience_drivers`.

    Returns
    -------
    dict of str to tuple of str
        Themes (ids) by driver.

    Examples
    --------
    >>> themes = pd.DataFrame({"theme": ["t1"], "name": ["wachten"], "terms": ["bellen, uur"]})
    >>> fitting_themes(themes, {"zonder gedoe": ("wacht*",), "veilig": ("veilig*",)})
    {'zonder gedoe': ('t1',), 'veilig': ()}
    """
    texts = (themes["name"] + " " + themes["terms"]).str.casefold().tolist()
    return {
        name: tuple(
            theme
            for theme, text in zip(themes["theme"].tolist(), texts, strict=True)
            if word_pattern(words).search(text)
        )
        for name, words in drivers.items()
    }
