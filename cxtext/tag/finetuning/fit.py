"""Tuning: labelled segments in, a ``standard`` model out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from cxtext.codebook import Codebook, load_codebook
from cxtext.errors import OptionError
from cxtext.tag.calibration import finish, outputs_of, target_of
from cxtext.tag.encoder import Encoder
from cxtext.tag.examples import Examples
from cxtext.tag.finetuning.base import choose_pieces, prune_tokenizer, read_tokenizer, read_weights
from cxtext.tag.finetuning.batches import Batch, Text, batches
from cxtext.tag.finetuning.export import export
from cxtext.tag.finetuning.network import Network
from cxtext.tag.finetuning.recipe import Recipe
from cxtext.tag.lexical import fit_lexical
from cxtext.tag.model import Model
from cxtext.tag.neural import Heads, join
from cxtext.tag.windows import NOBODY

#: how much the groups count in the loss
WEIGHTS = {"kind": 3.0, "emotion": 2.5, "channel": 2.0, "principle": 0.7, "sentiment": 0.8, "phase": 0.8}
_OTHER_WEIGHT = 1.0
#: batches on which the heads are fitted before anything else is tuned, and how often these are seen
_PROBE_BATCHES, _PROBE_EPOCHS = 200, 15
_SMOOTHING, _DROPOUT, _DECAY, _WARM_UP = 0.05, 0.1, 0.02, 0.06
_RARE = 4.0
_AVERAGE, _AVERAGE_EVERY = 0.99, 4
_SAVE_EVERY = 200


def fit(
    examples: Examples,
    folder: Path,
    *,
    name: str = "standard",
    version: str = "1",
    codebook: Codebook | None = None,
    teachers: Sequence[Model] = (),
    recipe: Recipe,
    progress: Callable[[str, int, int], None] | None = None,
) -> Model:
    """See `cxtext.tag.finetuning.finetune`."""
    codebook = codebook or load_codebook()
    tell = progress or (lambda what, done, total: None)
    folder.mkdir(parents=True, exist_ok=True)
    tell("vocabulary", 0, 1)
    tokenizer = read_tokenizer()
    keep = choose_pieces(tokenizer)
    pruned = prune_tokenizer(tokenizer, keep)
    weights = read_weights().pruned(keep)
    held_out, train = examples.split(recipe.held_out, recipe.seed)
    tasks = outputs_of(examples, codebook)
    tell("teachers", 0, len(teachers))
    targets = _targets(train, tasks, teachers, recipe.taught)
    tuning = _Tuning(Network(weights), Text(train, Tokenizer.from_str(pruned)), targets, tasks, recipe)
    settings = {**asdict(recipe), "teachers": [_label(teacher) for teacher in teachers]}
    key = {"recipe": settings, "sources": examples.sources, "pieces": len(keep)}
    tuning.run(folder / "checkpoint.pt", json.dumps(key, sort_keys=True), tell)
    tell("export", 0, 1)
    (folder / "tokenizer.json").write_text(pruned, encoding="utf-8")
    export(tuning.network, weights, folder / "encoder.onnx")
    heads = tuning.heads()
    model = finish(
        join(Encoder(folder), heads, fit_lexical(train, tasks), held_out, tasks),
        train,
        held_out,
        tasks,
        name=name,
        version=version,
        codebook=codebook,
        recipe=settings,
    )
    model.save(folder)
    (folder / "checkpoint.pt").unlink(missing_ok=True)
    return model


def _label(model: Model) -> str:
    return f"{model.description['name']} {model.description['version']}"


def _targets(
    examples: Examples, tasks: Sequence[Sequence[str]], teachers: Sequence[Model], taught: float
) -> list[Tensor]:
    """How probable each output should be for each segment; shape (n, outputs) per task."""
    labels = [(target_of(examples, task), len(task)) for task in tasks]
    certain = 1 - taught if teachers else 1.0
    targets = [certain * (np.eye(codes)[own] if codes > 1 else own[:, None]) for own, codes in labels]
    for teacher in teachers:
        known = teacher.calibration.outputs
        if unknown := [output for task in tasks for output in task if output not in known]:
            msg = f"The teacher {_label(teacher)} does not know {', '.join(unknown)}: it was made for other codes."
            raise OptionError(msg)
        given = teacher.calibration.probabilities(teacher.engine.read(examples.segments).logits)
        for target, task in zip(targets, tasks, strict=True):
            target += taught / len(teachers) * given[:, [known.index(output) for output in task]]
    return [torch.from_numpy(target.astype(np.float32)) for target in targets]


def _has_bfloat16(device: str) -> bool:
    """Whether the device multiplies bfloat16 by instructions of its own: about one and a half times as fast."""
    if device == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    known = torch.cpu.get_capabilities()
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))


class _Tuning:
    """The state of a run: network, heads, optimiser and the running average of the weights."""

    def __init__(
        self, network: Network, text: Text, targets: Sequence[Tensor], tasks: Sequence[Sequence[str]], recipe: Recipe
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.set_flush_denormal(True)
        self.network = network.to(self.device)
        self.text, self.recipe = text, recipe
        self.parts = [len(task) for task in tasks]
        self.groups = [task[0].split("/")[0] for task in tasks]
        self.targets = targets
        self.rarity = [
            float(np.clip(np.sqrt(1 / max(target.mean().item(), 1e-3) - 1), 1, _RARE)) if part == 1 else 1.0
            for part, target in zip(self.parts, targets, strict=True)
        ]
        self.head = nn.Linear(network.width, sum(self.parts)).to(self.device)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.queries = nn.Parameter(torch.zeros(sum(self.parts), network.width, device=self.device))
        self.mean = torch.zeros(network.width, device=self.device)
        self.deviation = torch.ones(network.width, device=self.device)
        self.compiled = torch.compile(network, dynamic=False)
        self.precision = torch.autocast(self.device, torch.bfloat16, enabled=_has_bfloat16(self.device))
        self.tuned = [p for p in network.parameters() if p.requires_grad]
        every = [*self.tuned, *self.head.parameters(), self.queries]
        self.average = [p.detach().clone() for p in every]
        self.every = every
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for p in self.tuned if p.ndim > 1], "lr": recipe.rate, "weight_decay": _DECAY},
                {"params": [p for p in self.tuned if p.ndim <= 1], "lr": recipe.rate, "weight_decay": 0.0},
                {"params": list(self.head.parameters()), "lr": recipe.head_rate, "weight_decay": _DECAY},
                {"params": [self.queries], "lr": recipe.query_rate, "weight_decay": 0.0},
            ],
            fused=True,
        )
        self.step = 0

    def run(self, checkpoint: Path, key: str, tell: Callable[[str, int, int], None]) -> None:
        """Tune to the end; the network then holds the averaged weights."""
        epoch_steps = len(self._epoch(0))
        total = max(1, round(self.recipe.epochs * epoch_steps))
        digest = hashlib.sha256(f"{key} {total}".encode()).hexdigest()
        if not self._resume(checkpoint, digest):
            self._probe(tell)
        self.network.train()
        while self.step < total:
            epoch = self._epoch(self.step // epoch_steps)
            for at in range(self.step % epoch_steps, min(epoch_steps, self.step % epoch_steps + total - self.step)):
                self._set_rate(total)
                self._learn(epoch[at % len(epoch)])  # another cut of the text may give some batches fewer
                self.step += 1
                tell("tuning", self.step, total)
                if self.step % _SAVE_EVERY == 0:
                    self._save(checkpoint, digest)
        with torch.no_grad():
            for parameter, average in zip(self.every, self.average, strict=True):
                parameter.copy_(average)
        self.network.eval().cpu()

    def heads(self) -> Heads:
        """The heads for vectors of tokens as they come from the network."""
        weights = self.head.weight.detach() / self.deviation
        bias = self.head.bias.detach() - weights @ self.mean
        queries = self.queries.detach() / self.deviation
        return Heads(*(part.cpu().numpy() for part in (weights.T.contiguous(), bias, queries.T.contiguous())))

    def _epoch(self, number: int) -> list[Batch]:
        """Batches of one pass over the text; the same for the same number."""
        random = Random(f"{self.recipe.seed} {number}")
        windows = self.text.windows(random)
        random.shuffle(windows)
        return list(batches(windows, self.recipe.rows))

    def _tokens(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Vectors of the tokens of segments, the row of the segment of each, and the segments' numbers by row."""
        tokens, places, bias, owners = (
            torch.from_numpy(part).to(self.device) for part in (batch.tokens, batch.places, batch.bias, batch.owners)
        )
        with self.precision:
            states = self.compiled(tokens, places, bias).float().reshape(-1, self.network.width)
        own = owners.reshape(-1) != NOBODY
        numbers, row = torch.unique(owners.reshape(-1)[own], return_inverse=True)
        return states[own], row, numbers.cpu()

    def _logits(self, states: Tensor, row: Tensor, dropout: float) -> Tensor:
        """Logits of segments: each head weighs the tokens of a segment in its own way (`Encoded.pooled`)."""
        scaled = functional.dropout((states - self.mean) / self.deviation, dropout)
        scores, values = scaled @ self.queries.T, scaled @ self.head.weight.T
        none = scores.new_zeros(int(row.max()) + 1, scores.shape[1])
        place = row[:, None].expand_as(scores)
        highest = none.scatter_reduce(0, place, scores.detach(), "amax", include_self=False)
        weights = torch.exp(scores - highest[row])
        return none.index_add(0, row, weights * values) / none.index_add(0, row, weights) + self.head.bias

    def _loss(self, logits: Tensor, numbers: Tensor) -> Tensor:
        loss = torch.zeros((), device=self.device)
        single = {group: self.groups.count(group) for group in self.groups}
        for group, part, target, rarity in zip(
            self.groups, logits.split(self.parts, 1), self.targets, self.rarity, strict=True
        ):
            weight = WEIGHTS.get(group, _OTHER_WEIGHT)
            wanted = target[numbers].to(self.device)
            if part.shape[1] > 1:
                loss = loss + weight * functional.cross_entropy(part, wanted, label_smoothing=_SMOOTHING)
            else:
                more = torch.tensor(rarity, device=self.device)
                one = functional.binary_cross_entropy_with_logits(part, wanted, pos_weight=more)
                loss = loss + weight / single[group] * one
        return loss

    def _probe(self, tell: Callable[[str, int, int], None]) -> None:
        """Scale the vectors and fit the heads while the encoder is still what it was."""
        self.network.eval()
        chosen = self._epoch(-1)[:_PROBE_BATCHES]
        parts: list[tuple[Tensor, Tensor]] = []
        with torch.no_grad():
            for done, batch in enumerate(chosen):
                states, row, numbers = self._tokens(batch)
                sums = states.new_zeros(len(numbers), self.network.width).index_add(0, row, states)
                parts.append((sums / torch.bincount(row)[:, None], numbers))
                tell("probe", done + 1, len(chosen))
        means, numbers = torch.cat([m for m, _ in parts]), torch.cat([n for _, n in parts])
        self.mean, self.deviation = means.mean(0), means.std(0) + 1e-4
        optimizer = torch.optim.AdamW(self.head.parameters(), lr=3e-3, weight_decay=0.3)
        for _ in range(_PROBE_EPOCHS):
            for some in torch.randperm(len(numbers)).split(64):
                optimizer.zero_grad()
                rows = torch.arange(len(some), device=self.device)
                self._loss(self._logits(means[some.to(self.device)], rows, 0.2), numbers[some]).backward()
                optimizer.step()

    def _set_rate(self, total: int) -> None:
        warm = max(1, round(_WARM_UP * total))
        share = min((self.step + 1) / warm, max(0.01, (total - self.step) / max(1, total - warm)))
        rates = (self.recipe.rate, self.recipe.rate, self.recipe.head_rate, self.recipe.query_rate)
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share

    def _learn(self, batch: Batch) -> None:
        torch.manual_seed(self.step)
        states, row, numbers = self._tokens(batch)
        loss = self._loss(self._logits(states, row, _DROPOUT), numbers)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.every, 1.0)
        self.optimizer.step()
        if self.step % _AVERAGE_EVERY == 0:
            share = 1 - min(_AVERAGE, self.step / (self.step + 40))
            torch._foreach_lerp_(self.average, [p.detach() for p in self.every], share)

    def _save(self, checkpoint: Path, digest: str) -> None:
        state: dict[str, Any] = {
            "digest": digest,
            "step": self.step,
            "every": [p.detach() for p in self.every],
            "average": self.average,
            "scale": [self.mean, self.deviation],
            "optimizer": self.optimizer.state_dict(),
        }
        part = checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(checkpoint)

    def _resume(self, checkpoint: Path, digest: str) -> bool:
        """Take up a run of the same text and recipe."""
        if not checkpoint.is_file():
            return False
        state = torch.load(checkpoint, map_location=self.device, weights_only=True)
        if state["digest"] != digest:
            return False
        with torch.no_grad():
            for parameter, value in zip(self.every, state["every"], strict=True):
                parameter.copy_(value)
        self.average = state["average"]
        self.mean, self.deviation = state["scale"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step = state["step"]
        return True
