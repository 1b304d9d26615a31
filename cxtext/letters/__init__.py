"""Closing the loop: letters that tell respondents what was heard, and what happens with it."""

from cxtext.letters.content import Letter, make_letters
from cxtext.letters.layout import Block, render_letter, template_text
from cxtext.letters.writing import write_letters

__all__ = ["Block", "Letter", "make_letters", "render_letter", "template_text", "write_letters"]
