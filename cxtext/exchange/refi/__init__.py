"""REFI-QDA: projects (``.qdpx``) and codebooks (``.qdc``) of ATLAS.ti, MAXQDA, NVivo, QualCoder and others."""

from __future__ import annotations

from cxtext.exchange.refi.attachments import QdaAttachment
from cxtext.exchange.refi.codebooks import read_qdc, write_qdc
from cxtext.exchange.refi.model import (
    QdaCase,
    QdaCode,
    QdaCodebook,
    QdaCoding,
    QdaLink,
    QdaProject,
    QdaRegion,
    QdaSelection,
    QdaSet,
    QdaSource,
    QdaSyncPoint,
    QdaUser,
    QdaValue,
    QdaVariable,
)
from cxtext.exchange.refi.projects import read_qdpx, write_qdpx
from cxtext.exchange.refi.report import Counting, ExchangeReport, ReportRow

__all__ = [
    "Counting",
    "ExchangeReport",
    "QdaAttachment",
    "QdaCase",
    "QdaCode",
    "QdaCodebook",
    "QdaCoding",
    "QdaLink",
    "QdaProject",
    "QdaRegion",
    "QdaSelection",
    "QdaSet",
    "QdaSource",
    "QdaSyncPoint",
    "QdaUser",
    "QdaValue",
    "QdaVariable",
    "ReportRow",
    "read_qdc",
    "read_qdpx",
    "write_qdc",
    "write_qdpx",
]
