"""Where data files and models lie: in the installed package, or in the repository of an editable install."""

from __future__ import annotations

from pathlib import Path

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


def model_path(name: str = "default") -> Path:
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
    for base in (_PACKAGE / "models", _PACKAGE.parent / "models"):
        if (base / name / "model.json").is_file():
            return base / name
    msg = f"There is no model named {name!r}. Name a model that comes with cxtext, or a folder with a model.json."
    raise ModelError(msg)
