"""The command line. Each command lives in its own module, which is loaded when the command is used."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword

import click

from cxtext import __version__
from cxtext.errors import CxtextError

#: command to its line in the overview
COMMANDS = {
    "run": "Do everything: read files, tag, find themes, map the journey, write a report.",
    "tag": "Tag files of any size, one row per segment.",
    "inspect": "Show what is recognised in files, before anything is done.",
    "pseudonymise": "Replace names, numbers and addresses in files by placeholders.",
    "evaluate": "Compare a tagging with human codings.",
    "learn": "Learn your own codes from rows, or a study, that you coded.",
    "init": "Make a study: a file in which people and the machine code together.",
    "add": "Add transcripts and answers to a study.",
    "status": "Show what is in a study, and who coded how much.",
    "report": "Write the report of a study, from the codings in it.",
    "map": "Draw the journey map of a study: page, picture or slides.",
    "code": "Open the coding page: read, code and review in a browser on this machine.",
    "accounts": "Let a team in: names, roles and passwords for cxtext code --host.",
    "search": "Find words, patterns and codes in a study, with what stands around them.",
    "themes": "Find themes, see whether they hold, and rename, merge, split, move or drop them.",
    "codes": "Count codes: by attribute, and which stand together.",
    "next": "Show the segments of a study that are most worth coding.",
    "sample": "Draw a sample of a study for blind double coding.",
    "review": "Go over suggestions in the terminal, code blind, or settle disagreements.",
    "blind": "Have a study coded blind, or no longer.",
    "bias": "See whether the machine codes some groups of respondents worse.",
    "check": "Look for damage in a study.",
    "codebook": "Show and change the codes of a study.",
    "agreement": "Show where coders differ, and how far they agree.",
    "actions": "Keep the register of what is done with what respondents said.",
    "letters": "Write letters that tell respondents what was heard and what happens with it.",
    "export": "Write a study for ATLAS.ti, MAXQDA, NVivo, QualCoder, Excel, spaCy and others.",
    "import": "Take a project of another program, or corrected codings, into a study.",
    "log": "Show who changed what in a study.",
    "undo": "Take back the last change of a study.",
    "redo": "Make the change again that was undone last.",
    "models": "List the models that can tag.",
    "train": "Train a tagger on labelled text.",
}


class _LazyGroup(click.Group):
    """Knows the names of the commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = f"{name}_" if iskeyword(name) else name
        command: click.Command = import_module(f"cxtext.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CxtextError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cxtext")
def main() -> None:
    """Needs, pains, emotions, themes and the journey in interviews and open survey answers.

    Everything happens on this machine. Dutch and English.

    \b
    Examples:
      cxtext run interviews/ answers.xlsx -o results/
      cxtext tag answers.csv -o tagged.csv
      cxtext evaluate tagged.jsonl --gold gold.jsonl

    \b
    Completion of commands and options by the Tab key, for bash (zsh and fish alike):
      eval "$(_CXTEXT_COMPLETE=bash_source cxtext)"
    """
