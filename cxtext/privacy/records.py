"""What lies beside a result: the key, the review list and the log."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from cxtext.errors import ReadError
from cxtext.privacy import LOG, REVIEW, log_table, review_table
from cxtext.privacy.options import PrivacyOptions
from cxtext.privacy.pseudonymiser import Pseudonymiser
from cxtext.privacy.pseudonyms import Pseudonyms, write_private

_NO = {"no", "nee", "n", "refused", "0", "false", "onwaar"}


@dataclass(frozen=True)
class Records:
    """A pseudonymiser with the files that belong to it.

    Attributes
    ----------
    pseudonymiser : Pseudonymiser
    paths : dict of str to pathlib.Path
        Of ``key``, ``review`` and ``log``.
    """

    pseudonymiser: Pseudonymiser
    paths: dict[str, Path]

    def save(self) -> None:
        """Write key, review list and log, which only their owner can read.

        Raises
        ------
        WriteError
            One of them cannot be written.
        """
        self.pseudonymiser.key.save(self.paths["key"])
        write_private(self.paths["review"], REVIEW, review_table(self.pseudonymiser).to_numpy().tolist())
        write_private(self.paths["log"], LOG, log_table(self.pseudonymiser).to_numpy().tolist())


def open_records(
    output: Path,
    *,
    key: Path | None = None,
    names: Path | None = None,
    review: Path | None = None,
    options: PrivacyOptions | None = None,
) -> Records:
    """Make a pseudonymiser for a result.

    Parameters
    ----------
    output : pathlib.Path
        The result; key, review list and log come beside it, with ``.key.csv``, ``.review.csv`` and ``.log.csv`` added
        to its name.
    key : pathlib.Path, optional
        Another place for the key. Where it exists, it is gone on with.
    names : pathlib.Path, optional
        Names of people in this project, one per line.
    review : pathlib.Path, optional
        A review list with decisions.
    options : PrivacyOptions, optional
        What else to replace.

    Returns
    -------
    Records

    Raises
    ------
    ReadError
        A file cannot be read, or is something else.
    ModelError
        The back-end for names is not installed.
    """
    beside = {name: output.with_name(f"{output.name}.{name}.csv") for name in ("key", "review", "log")}
    beside["key"] = key or beside["key"]
    pseudonyms = Pseudonyms.load(beside["key"]) if beside["key"].exists() else Pseudonyms()
    pseudonymiser = Pseudonymiser(
        pseudonyms,
        names=read_names(names) if names else (),
        refused=_refused(review) if review else (),
        options=options,
    )
    return Records(pseudonymiser, beside)


def read_names(path: Path) -> list[str]:
    """Names of people in a project, from a text file with one per line.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of str

    Raises
    ------
    ReadError
        It cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise ReadError(
            str(path), f"it cannot be read ({error})", "Give a text file with one name per line."
        ) from error
    return [line.strip() for line in lines if line.strip()]


def _refused(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            rows = list(csv.DictReader(file, delimiter=";" if sample.count(";") > sample.count(",") else ","))
        return [(row["kind"], row["original"]) for row in rows if (row["decision"] or "").strip().casefold() in _NO]
    except (OSError, UnicodeError, KeyError, csv.Error) as error:
        reason = f"it is not a review list of cxtext ({type(error).__name__}: {error})"
        raise ReadError(
            str(path), reason, "Give the file that ends in .review.csv, with no or yes under decision."
        ) from error
