"""Codebooks: what codes are, files of them, changes that codings follow, and what differs between two versions."""

from cxtext.codebook.changes import (
    CodebookChange,
    add_code,
    describe_code,
    free_id,
    merge_codes,
    move_code,
    remove_code,
    rename_code,
    split_code,
)
from cxtext.codebook.checks import check_codebook
from cxtext.codebook.codings import ChangedCodings, apply_to_codings
from cxtext.codebook.comparison import compare, matched_codes
from cxtext.codebook.files import load_codebook, save_codebook
from cxtext.codebook.groups import add_group, remove_group, rename_group
from cxtext.codebook.records import Code, Codebook, Group

__all__ = [
    "ChangedCodings",
    "Code",
    "Codebook",
    "CodebookChange",
    "Group",
    "add_code",
    "add_group",
    "apply_to_codings",
    "check_codebook",
    "compare",
    "describe_code",
    "free_id",
    "load_codebook",
    "matched_codes",
    "merge_codes",
    "move_code",
    "remove_code",
    "remove_group",
    "rename_code",
    "rename_group",
    "save_codebook",
    "split_code",
]
