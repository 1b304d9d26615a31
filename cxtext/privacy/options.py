"""What is replaced on request, beside what always is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cxtext.errors import OptionError

Postcodes = Literal["placeholder", "area"]


@dataclass(frozen=True, kw_only=True)
class PrivacyOptions:
    """What else is replaced or made coarser; all of it is off by default.

    Attributes
    ----------
    ages : bool
        Ages become classes: ``[40-49 JAAR]`` in a text, ``40-49`` in a column of ages.
    postcodes : {"placeholder", "area"}
        With ``area`` a postcode becomes its first two digits: ``[POSTCODE 35..]``, in a column ``35``.
    shift_dates : bool
        Dates with a day move by whole weeks, four at most, the same for everything of one respondent.
    employers : bool
        Names of employers become ``[WERKGEVER-1]``.
    places : bool
        Small places in the Netherlands and Flanders become ``[PLAATS-1]``; cities, regions and countries stay.
    backend : str
        What looks for names too: ``spacy``, ``deduce``, or the name or folder of a spaCy pipeline; none where empty.

    Raises
    ------
    OptionError
        A value is none of these.
    """

    ages: bool = False
    postcodes: Postcodes = "placeholder"
    shift_dates: bool = False
    employers: bool = False
    places: bool = False
    backend: str = ""

    def __post_init__(self) -> None:
        if self.postcodes not in get_args(Postcodes):
            msg = f"postcodes is {self.postcodes!r}; it can be {' or '.join(get_args(Postcodes))}."
            raise OptionError(msg)
