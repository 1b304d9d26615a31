"""The tuned encoder as an ONNX graph: word vectors in 4 bits as they came, everything else in 8 bits per channel."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from torch import Tensor, nn
from torch.nn import functional

from cxtext.tag.finetuning.base import BaseWeights
from cxtext.tag.finetuning.network import Network, PackedWords

_OPSET = 17
#: onnx's number for float32: what a graph holds where the quantiser cannot tell
_FLOAT = 1


class _PerToken(nn.Module):
    """A linear layer that divides each token by its largest value first, and multiplies by it afterwards.

    Eight bits are shared out over all tokens of a window: where a few have values that are many times larger than
    those of the others, little is left for these. Vectors are off by .04 of their length in this way, by .09 without.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, x: Tensor) -> Tensor:
        largest = x.abs().amax(-1, keepdim=True)
        return functional.linear(x / largest, self.linear.weight) * largest + self.linear.bias


class _Exported(nn.Module):
    """Tokens of one window to their vectors."""

    def __init__(self, network: Network, weights: BaseWeights) -> None:
        super().__init__()
        self.network = deepcopy(network)
        self.network.words = PackedWords(weights)
        for layer in self.network.layers:
            layer.inner, layer.outer = _PerToken(layer.inner), _PerToken(layer.outer)

    def forward(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1])[None]
        return self.network(tokens, places)


def export(network: Network, weights: BaseWeights, path: Path) -> None:
    """Write a tuned encoder.

    Parameters
    ----------
    network : Network
        On the CPU, not in training.
    weights : BaseWeights
        With its word vectors.
    path : pathlib.Path
    """
    with TemporaryDirectory() as folder:
        plain, optimized = Path(folder, "plain.onnx"), Path(folder, "optimized.onnx")
        torch.onnx.export(
            _Exported(network, weights).eval(),
            (torch.tensor([[0, 5, 6, 2]]),),
            str(plain),
            input_names=["tokens"],
            output_names=["vectors"],
            dynamic_axes={"tokens": {0: "windows", 1: "tokens"}, "vectors": {0: "windows", 1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        heads = network.layers[0].heads
        fused = optimizer.optimize_model(
            str(plain), model_type="bert", num_heads=heads, hidden_size=network.width, opt_level=0
        )
        fused.save_model_to_file(str(optimized))
        quantize_dynamic(
            optimized,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"DefaultTensorType": _FLOAT},
        )
