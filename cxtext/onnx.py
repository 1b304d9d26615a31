"""Open an ONNX graph and a tokenizer of a model that comes with cxtext."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cxtext.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer


def load_session(path: Path) -> InferenceSession:
    """Open a graph on the CPU, one thread a run: run several at a time instead.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    onnxruntime.InferenceSession

    Raises
    ------
    ModelError
        The file cannot be read.
    """
    from onnxruntime import InferenceSession, SessionOptions, disable_telemetry_events

    disable_telemetry_events()
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own for each kind of damage
        msg = f"{path}: the encoder cannot be read ({str(error)[:200]}). Install cxtext again."
        raise ModelError(msg) from error


def load_tokenizer(path: Path) -> Tokenizer:
    """Read a tokenizer.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    tokenizers.Tokenizer

    Raises
    ------
    ModelError
        The file cannot be read.
    """
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare exceptions
        msg = f"{path}: the tokenizer cannot be read ({str(error)[:200]}). Install cxtext again."
        raise ModelError(msg) from error
