"""The encoder as a torch module: BERT with its weights from `cxtext.tag.finetuning.base`."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from cxtext.tag.finetuning.base import BaseWeights

_EPSILON = 1e-12


class Layer(nn.Module):
    """One layer of a transformer that normalises after each part."""

    def __init__(self, width: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.attended = (nn.Linear(width, width) for _ in range(4))
        self.first_norm, self.second_norm = (nn.LayerNorm(width, _EPSILON) for _ in range(2))
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """Shapes: x (batch, tokens, width); bias is added to the scores of attention."""
        batch, tokens, width = x.shape
        query, key, value = (
            part(x).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        weights = torch.softmax(scores if bias is None else scores + bias, -1)
        x = self.first_norm(x + self.attended((weights @ value).transpose(1, 2).reshape(batch, tokens, width)))
        return self.second_norm(x + self.outer(functional.gelu(self.inner(x))))


class Words(nn.Module):
    """Word vectors; they are not tuned."""

    def __init__(self, weights: BaseWeights) -> None:
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.from_numpy(weights.words), freeze=True)

    def forward(self, tokens: Tensor) -> Tensor:
        """Vectors of tokens."""
        return self.table(tokens)


class PackedWords(nn.Module):
    """The same word vectors, kept in 4 bits and unpacked within the graph: what is exported."""

    def __init__(self, weights: BaseWeights) -> None:
        super().__init__()
        self.register_buffer("nibbles", torch.from_numpy(weights.nibbles))
        self.register_buffer("scales", torch.from_numpy(weights.scales))

    def forward(self, tokens: Tensor) -> Tensor:
        """Vectors of tokens."""
        both = self.nibbles[tokens].float()
        high = torch.floor(both / 16)
        values = torch.cat([both - 16 * high, high], -1) - 8
        return (values * self.scales[tokens].float()[..., None]).flatten(-2)


class Network(nn.Module):
    """Tokens to vectors.

    Parameters
    ----------
    weights : BaseWeights
    """

    def __init__(self, weights: BaseWeights) -> None:
        super().__init__()
        tensors = weights.tensors
        width = len(tensors["emb.ln.w"])
        inner = len(tensors["l0.fi.b"])
        self.width = width
        self.words: nn.Module = Words(weights)
        self.place = nn.Parameter(torch.from_numpy(tensors["emb.pos"].reshape(-1, width).copy()), requires_grad=False)
        self.kind = nn.Parameter(torch.from_numpy(tensors["emb.type"][:width].copy()))
        self.norm = _fill(nn.LayerNorm(width, _EPSILON), tensors["emb.ln.w"], tensors["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(width, inner, weights.heads) for _ in range(weights.layers))
        names = {
            "query": "q", "key": "k", "value": "v", "attended": "ao", "first_norm": "aln", "inner": "fi",
            "outer": "fo", "second_norm": "oln",
        }  # fmt: skip
        for number, layer in enumerate(self.layers):
            for name, short in names.items():
                _fill(getattr(layer, name), tensors[f"l{number}.{short}.w"], tensors[f"l{number}.{short}.b"])

    def forward(self, tokens: Tensor, places: Tensor, bias: Tensor | None = None) -> Tensor:
        """Shapes: tokens and places (batch, tokens); bias (batch, 1, tokens, tokens). Gives (batch, tokens, width)."""
        x = self.norm(self.words(tokens) + self.place[places] + self.kind)
        for layer in self.layers:
            x = layer(x, bias)
        return x


def _fill(module: nn.Module, weight: np.ndarray, bias: np.ndarray) -> nn.Module:
    with torch.no_grad():
        for name, values in (("weight", weight), ("bias", bias)):
            parameter = getattr(module, name)
            parameter.copy_(torch.from_numpy(values).view_as(parameter))
    return module
