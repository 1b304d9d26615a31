"""Where data files and models lie: in the installed package, or in the repository of an editable install."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxtext.errors import ModelError

_PACKAGE = Path(__file__).parent


def data_path(*parts: str) -> Path:
    """Path of a data file of the package.

    Parameters
    ----------
    *parts : str
        Names below ``cxtext/data``.

    Returns
    -------
    pathlib.Path
    """
    return _PACKAGE.joinpath("data", *parts)


def read_data(*parts: str) -> Any:
    """Read a YAML file of the package, with the parser in C where PyYAML has it: that is ten times as fast.

    Parameters
    ----------
    *parts : str
        Names below ``cxtext/data``.

    Returns
    -------
    object
        What the file holds, read anew at each call.

    Examples
    --------
    >>> sorted(read_data("stop_words.yaml"))
    ['en', 'nl']
    """
    import yaml

    text = data_path(*parts).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def model_path(name: str) -> Path:
    """Folder of a model that comes with cxtext.

    Parameters
    ----------
    name : str
        Name of the model.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ModelError
        There is no such model.
    """
    models = models_path()
    if (models / name / "model.json").is_file():
        return models / name
    msg = (
        f"There is no model named {name!r}. Name one that comes with cxtext ({', '.join(model_names())}), or a folder "
        "with a model.json."
    )
    raise ModelError(msg)


def model_names() -> list[str]:
    """Names of the models that come with cxtext."""
    return sorted(file.parent.name for file in models_path().glob("*/model.json"))


def models_path() -> Path:
    """Folder of the models: within the package, or in the repository of an editable install."""
    inside = _PACKAGE / "models"
    return inside if inside.is_dir() else _PACKAGE.parent / "models"
