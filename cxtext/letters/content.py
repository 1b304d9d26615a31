"""What stands in a letter: somebody's own words, or words of several without anybody's data, and what is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from cxtext.coded import of_respondents
from cxtext.errors import OptionError
from cxtext.letters.layout import LetterKind, letter_texts
from cxtext.privacy.pseudonymiser import Pseudonymiser
from cxtext.privacy.pseudonyms import PLACEHOLDER
from cxtext.privacy.screening import needs_check
from cxtext.project.actions import ACTIONS
from cxtext.records import Notice
from cxtext.tables import make_table
from cxtext.themes import OUTLIERS

if TYPE_CHECKING:
    from cxtext.themes import Themes

#: a number, and a theme by its name, need so many respondents
LEAST = 3
_MOST_OWN, _MOST_THEME = 3, 4


@dataclass(frozen=True)
class Letter:
    """A letter before it is laid out.

    Attributes
    ----------
    kind : {"respondent", "theme"}
    to : str
        The respondent, or the name of the theme: of the name of the file, and for the register.
    values : Mapping[str, Any]
        What a template can fill in: ``study``, ``sender``, ``date``, ``general`` (actions for everybody), and for a
        respondent ``respondent`` and ``themes``, for a theme ``theme``. A theme has ``name``, ``quotes``, ``actions``
        and ``others`` (a number, or 0 where it is withheld), or ``respondents`` and ``of_respondents``; an action has
        ``text``, ``status``, ``status_text``, ``when``, ``owner`` and ``note``.
    """

    kind: LetterKind
    to: str
    values: Mapping[str, Any]


def make_letters(
    segments: pd.DataFrame,
    themes: Themes,
    actions: pd.DataFrame | None = None,
    *,
    kinds: Collection[LetterKind] = ("respondent", "theme"),
    names: Iterable[str] = (),
    least: int = LEAST,
    study: str = "",
    sender: str = "",
    language: str = "nl",
) -> tuple[list[Letter], tuple[Notice, ...]]:
    """Make a letter for each respondent and each theme: what was heard, what happens with it, and how far that is.

    Names and other personal data in what was said, and in actions, become ``[persoon]`` and the like. A respondent's
    letter has only their own words; how many others spoke of it is told from `least` others. A theme has a letter, and
    its name stands in one, from `least` respondents; quotes with a term of a special category are left out of it.

    Parameters
    ----------
    segments : pandas.DataFrame
        Table `cxtext.tables.SEGMENTS`.
    themes : Themes
    actions : pandas.DataFrame, optional
        Columns `cxtext.project.actions.ACTIONS`; their theme is the name or the id of one, or empty for everybody.
    kinds : collection of {"respondent", "theme"}
    names : iterable of str
        Names of people to replace wherever they stand, such as those of speakers.
    least : int
    study, sender : str
        Name of the study, and who signs.
    language : {"nl", "en"}

    Returns
    -------
    letters : list of Letter
    notices : tuple of Notice
        Actions of themes that there are not, themes without a letter, and what was replaced.

    Raises
    ------
    OptionError
        `least` is less than 2, or another language.

    Examples
    --------
    >>> from cxtext.tables import MEMBERS, SEGMENTS, THEMES
    >>> from cxtext.themes import Themes
    >>> make_letters(make_table([], SEGMENTS), Themes(make_table([], THEMES), make_table([], MEMBERS)))
    ([], ())
    """
    if least < 2:
        msg = f"Letters that tell of groups of {least} would tell of one person. Give 2 or more; {LEAST} is usual."
        raise OptionError(msg)
    texts = letter_texts(language)
    plain = _Plain(names)
    register = make_table([], ACTIONS) if actions is None else actions
    rows = [_action(row, plain, texts) for row in register.to_dict("records")]
    said = of_respondents(segments)
    told = themes.members.merge(said[["segment", "text"]], on="segment")
    told = told.assign(place=told["rank"].where(told["rank"] > 0, told["rank"].max() + 1))
    told = told.sort_values(["place", "similarity"], ascending=[True, False], kind="stable")
    heads = {str(row["theme"]): row for row in themes.table.to_dict("records") if row["theme"] != OUTLIERS}
    people = {str(theme): set(own["case"]) for theme, own in told.groupby("theme")}
    of_theme = {id: [row for row in rows if _answers(row, id, head["name"])] for id, head in heads.items()}
    shared = {
        "study": study, "sender": sender or texts["sender"], "date": _day(date.today().isoformat(), texts),
        "general": [row for row in rows if not row["theme"]],
    }  # fmt: skip
    known = {id: plain(str(head["name"])) for id, head in heads.items() if len(people.get(id, ())) >= least}
    letters: list[Letter] = []
    if "respondent" in kinds:
        for case, own in told.groupby("case", sort=True):
            parts = _own_themes(own, known, of_theme, people, plain, least)
            letters.append(Letter("respondent", str(case), {**shared, "respondent": str(case), "themes": parts}))
    if "theme" in kinds:
        total = said["case"].nunique()
        for id, name in known.items():
            theme = {
                "name": _headed(name), "respondents": len(people[id]), "of_respondents": total, "actions": of_theme[id],
                "quotes": _shared_quotes(told[told["theme"] == id], plain),
            }  # fmt: skip
            letters.append(Letter("theme", name, {**shared, "theme": theme}))
    return letters, tuple(_notices(rows, heads, known, plain, kinds, least))


class _Plain:
    """Texts without personal data: placeholders lose their number, which would tell the same person in two letters."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(name for name in names if name.strip())
        self.pseudonymiser = Pseudonymiser(names=self.names)
        self.known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        if text not in self.known:
            said = self.pseudonymiser.text(text, self.names)
            self.known[text] = PLACEHOLDER.sub(lambda found: f"{found[0].rsplit('-', 1)[0].lower()}]", said)
        return self.known[text]


def _own_themes(
    own: pd.DataFrame, known: Mapping[str, str], of_theme: Mapping[str, list[dict[str, str]]],
    people: Mapping[str, set[str]], plain: Callable[[str], str], least: int,
) -> list[dict[str, Any]]:  # fmt: skip
    """Parts of a respondent's letter: named themes first, and then all else in one part."""
    parts, rest, rest_actions = [], list[str](), list[dict[str, str]]()
    for theme, rows in own.groupby("theme", sort=True):
        quotes = [plain(text) for text in dict.fromkeys(rows["text"])][:_MOST_OWN]
        actions = of_theme.get(str(theme), [])
        if theme not in known:
            rest += quotes
            rest_actions += actions
            continue
        others = len(people[str(theme)]) - 1
        parts.append({
            "name": _headed(known[str(theme)]), "quotes": quotes, "actions": actions,
            "others": others if others >= least else 0,
        })  # fmt: skip
    if rest:
        parts.append({"name": "", "quotes": rest[:_MOST_OWN], "actions": rest_actions, "others": 0})
    return parts


def _shared_quotes(told: pd.DataFrame, plain: Callable[[str], str]) -> list[str]:
    """Words of different respondents that need no second look."""
    quotes: dict[str, str] = {}
    for row in told.to_dict("records"):
        text = plain(row["text"])
        if row["case"] not in quotes and text not in quotes.values() and not needs_check(text):
            quotes[row["case"]] = text
    return list(quotes.values())[:_MOST_THEME]


def _action(row: Mapping[Any, Any], plain: Callable[[str], str], texts: Mapping[str, Any]) -> dict[str, str]:
    done = row["status"] == "done"
    day = _day(row["done"] if done else row["date"], texts)
    when = day if done or not day else f"{texts['by']} {day}"
    return {
        "theme": row["theme"], "text": plain(row["text"]), "status": row["status"], "owner": row["owner"],
        "status_text": texts["statuses"].get(row["status"], row["status"]), "note": plain(row["note"]),
        "when": "" if row["status"] == "declined" else when,
        "number": row["action"],
    }  # fmt: skip


def _answers(action: Mapping[str, str], theme: str, name: Any) -> bool:
    return bool(action["theme"]) and action["theme"].casefold() in (theme.casefold(), str(name).casefold())


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]


def _day(iso: str, texts: Mapping[str, Any]) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {texts['months'].split()[day.month - 1]} {day.year}"


def _notices(
    rows: Iterable[Mapping[str, str]], heads: Mapping[str, Mapping[Any, Any]], known: Mapping[str, str],
    plain: _Plain, kinds: Collection[LetterKind], least: int,
) -> Iterator[Notice]:  # fmt: skip
    for row in rows:
        if row["theme"] and not any(_answers(dict(row), id, head["name"]) for id, head in heads.items()):
            there = "; ".join(str(head["name"]) for head in heads.values()) or "none"
            yield Notice("actions", f"Action {row['number']} is in no letter: there is no theme {row['theme']!r}. "
                                    f"There are: {there}.")  # fmt: skip
    small = [str(head["name"]) for id, head in heads.items() if id not in known]
    if small and "theme" in kinds:
        yield Notice("themes", f"No letter, as fewer than {least} respondents spoke of it: {'; '.join(small)}.")
    if replaced := sum(1 for one in plain.pseudonymiser.replacements if one.placeholder):
        yield Notice(
            "letters", f"{replaced} pieces of personal data were replaced. Read the letters before you send them."
        )
