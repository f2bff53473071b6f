"""Checkpoint -> ONNX -> int8, with a parity check against torch at each step."""

import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import AutoModelForTokenClassification

from piiguard.model_dir import ONNX_FILE
from training.quantize import quantize

#: fp32 ONNX against torch, in logits. int8 is judged by span F1 instead: logit gaps say nothing about it.
ATOL = 1e-3


class ParityError(RuntimeError):
    """The exported graph does not compute what the checkpoint does."""


class _Tagger(torch.nn.Module):
    """The checkpoint with its three inputs in order and its logits alone as output."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        logits: torch.Tensor = self.model(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).logits
        return logits


def export_onnx(checkpoint: Path, out: Path, *, int8: bool = True, atol: float = ATOL) -> Path:
    """Write ``out``/onnx/model_quantized.onnx (int8) or model.onnx (fp32); returns the file.

    Raises ParityError when the fp32 graph differs from torch by more than ``atol`` on a fixed batch.
    """
    # Eager attention exports to plain matrix products; the default one drags in NaN guards that cost 15 % of a run.
    model = AutoModelForTokenClassification.from_pretrained(
        str(checkpoint), dtype=torch.float32, attn_implementation="eager"
    )
    model.eval()
    tagger = _Tagger(model).eval()
    batch = _fixed_batch(model.config.vocab_size, model.config.type_vocab_size)
    target = out / ONNX_FILE if int8 else out / "onnx" / "model.onnx"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32 = Path(folder) / "model.onnx"
        rows, columns = torch.export.Dim("batch"), torch.export.Dim("tokens", max=512)
        shape = {0: rows, 1: columns}
        torch.onnx.export(
            tagger,
            batch,
            str(fp32),
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["logits"],
            dynamic_shapes=(shape, shape, shape),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        _check_parity(tagger, fp32, batch, atol)
        if not int8:
            target.write_bytes(fp32.read_bytes())
            return target
        quantize(fp32, target)
    return target


def _fixed_batch(n_words: int, n_types: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    ids = torch.randint(5, n_words, (3, 24), generator=rng)
    types = torch.randint(0, n_types, (3, 24), generator=rng)
    mask = torch.ones_like(ids)
    mask[2, 17:] = 0
    return ids, mask, types


def _check_parity(
    tagger: torch.nn.Module, file: Path, batch: tuple[torch.Tensor, ...], atol: float
) -> None:
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    names = [entry.name for entry in session.get_inputs()]
    # Another shape than the one it was traced with, so that a frozen axis shows.
    small = tuple(tensor[:2, :9].contiguous() for tensor in batch)
    for inputs in (batch, small):
        with torch.no_grad():
            expected = tagger(*inputs).numpy()
        found = session.run(None, dict(zip(names, (t.numpy() for t in inputs), strict=True)))[0]
        gap = float(np.abs(expected - found).max())
        if not gap <= atol:
            raise ParityError(f"logits differ by {gap:.2g}, allowed {atol:.2g}")
