"""The tables of a study file. Every table that people change has one text column `id` as its key."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()


def _text(name: str, *, default: str = "") -> Column[str]:
    return Column(name, Text, nullable=False, default=default)


def _key() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _of_document() -> Column[str]:
    return Column("document", Text, ForeignKey("documents.id"), nullable=False)


#: what the file is: the number of its format, the id and the time of making of the study
meta = Table("meta", metadata, Column("key", Text, primary_key=True), _text("value"))

#: name, language, processing record, saved searches; each one JSON value
settings = Table("settings", metadata, _key(), Column("value", JSON, nullable=False))

coders = Table("coders", metadata, _key(), _text("kind"), _text("created"))

documents = Table(
    "documents", metadata, _key(),
    Column("position", Integer, nullable=False),
    _text("name"), _text("kind"), _text("source"), _text("language"), _text("prompt"), _text("sha256"),
    Column("attributes", JSON, nullable=False), Column("columns", JSON, nullable=False),
    _text("added"), _text("text"),  # last, as SQLite reads through a long text to what comes after it
)  # fmt: skip

turns = Table(
    "turns", metadata, Column("row", Integer, primary_key=True), Column("id", Text, unique=True, nullable=False),
    _of_document(),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False), Column("end", Integer, nullable=False),
    _text("speaker"), _text("role"), _text("case"),
    Column("time_start", Float), Column("time_end", Float),
    Column("attributes", JSON, nullable=False),
    Index("turns_of_document", "document"),
)  # fmt: skip

segments = Table(
    "segments", metadata, _key(), _of_document(),
    Column("position", Integer, nullable=False), Column("turn", Integer, nullable=False),
    Column("start", Integer, nullable=False), Column("end", Integer, nullable=False),
    _text("prompt"),
    Index("segments_of_document", "document"),
)  # fmt: skip

#: respondents, with what is known of them beside the documents
cases = Table("cases", metadata, _key(), Column("attributes", JSON, nullable=False))

#: every version of the codebook, whole, as YAML; the highest one holds
codebooks = Table("codebooks", metadata, _key(), Column("version", Integer, nullable=False), _text("content"))

codings = Table(
    "codings", metadata, _key(), _of_document(), _text("segment"),
    Column("start", Integer, nullable=False), Column("end", Integer, nullable=False),
    _text("group"), _text("code"),
    Column("coder", Text, ForeignKey("coders.id"), nullable=False),
    _text("status"), Column("score", Float), Column("uncertain", Boolean, nullable=False, default=False),
    _text("evidence"), _text("run"), _text("created"), _text("decided_by"), _text("decided"),
    Index("codings_of_document", "document"), Index("codings_of_coder", "coder"),
)  # fmt: skip

#: which documents a coder has finished: until then others' codings are hidden from them in blind coding
finished = Table(
    "finished", metadata, _key(), _of_document(),
    Column("coder", Text, ForeignKey("coders.id"), nullable=False), _text("at"),
)  # fmt: skip

#: which segments a coder has read with all codes in mind, where the coder has not finished the document
seen = Table(
    "seen", metadata, _key(), _of_document(), _text("segment"),
    Column("coder", Text, ForeignKey("coders.id"), nullable=False), _text("at"),
)  # fmt: skip

#: a note on a document, a coding, a code or the study
memos = Table(
    "memos", metadata, _key(), _text("about"), _text("target"),
    Column("coder", Text, ForeignKey("coders.id"), nullable=False), _text("text"), _text("created"),
)  # fmt: skip

runs = Table("runs", metadata, _key(), _text("coder"), Column("settings", JSON, nullable=False), _text("started"))

#: who did what and when; rows are only ever added
log = Table(
    "log", metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    _text("at"), _text("coder"), _text("action"), _text("summary"),
    _text("batch"),
    Column("target", Integer),
    sqlite_autoincrement=True,
)  # fmt: skip

#: what each entry of the log did to one table: compressed JSON ``[[id, before, after], ...]``
changes = Table(
    "changes", metadata,
    Column("log", Integer, ForeignKey("log.number"), primary_key=True),
    Column("place", Integer, primary_key=True),
    _text("table"),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip

#: who may come in where a study is served to a team; not in the log, where the hash of a password would stay for ever
accounts = Table("accounts", metadata, _key(), _text("role"), _text("password"), _text("created"))

#: tables whose rows people change, from those that are pointed at to those that point
CHANGING = {
    table.name: table
    for table in (
        settings, coders, documents, cases, turns, segments, codebooks, runs, codings, finished, seen, memos,
    )
}  # fmt: skip

_WORDS = """SELECT turns.row, substr(documents.text, turns.start + 1, turns."end" - turns.start)
            FROM turns JOIN documents ON documents.id = turns.document WHERE true"""

#: without accents, and with a space for all that is no letter or digit, as SQLite's tokenizer has it
_PLAIN = """regexp_replace(normalize(regexp_replace(normalize(text, NFD), '[\\u0300-\\u0331]', '', 'g'), NFC),
              '[^[:alnum:]]+', ' ', 'g')"""

#: the words of every turn for `cxtext.project.search`, kept by the database itself; `row` is that of the turn
SEARCH_INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'unicode61 remove_diacritics 2')",
        f"""CREATE TRIGGER words_come AFTER INSERT ON turns BEGIN
             INSERT INTO words (rowid, text) {_WORDS} AND turns.row = new.row; END""",
        "CREATE TRIGGER words_go AFTER DELETE ON turns BEGIN DELETE FROM words WHERE rowid = old.row; END",
    ),
    "postgresql": (
        f"""CREATE TABLE words (row integer PRIMARY KEY REFERENCES turns (row) ON DELETE CASCADE, text text NOT NULL,
             vector tsvector GENERATED ALWAYS AS (to_tsvector('simple', {_PLAIN})) STORED)""",
        "CREATE INDEX words_vector ON words USING gin (vector)",
        f"""CREATE FUNCTION words_come() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO words (row, text) {_WORDS} AND turns.row = new.row; RETURN new; END $$""",
        "CREATE TRIGGER words_come AFTER INSERT ON turns FOR EACH ROW EXECUTE FUNCTION words_come()",
    ),
}


def create_format_1(connection: Connection) -> None:
    """Make the tables of the first format."""
    metadata.create_all(connection, tables=[table for table in metadata.tables.values() if table is not accounts])
    for statement in SEARCH_INDEX[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def create_format_2(connection: Connection) -> None:
    """Make the table of accounts."""
    accounts.create(connection)


def fill_words(connection: Connection) -> None:
    """Make the index of words again."""
    key = "rowid" if connection.dialect.name == "sqlite" else "row"
    connection.exec_driver_sql("DELETE FROM words")
    connection.exec_driver_sql(f"INSERT INTO words ({key}, text) {_WORDS}")
