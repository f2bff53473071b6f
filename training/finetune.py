"""Examples in, a checkpoint out: Hugging Face's Trainer over the base encoder."""

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from piiguard.bio import IGNORED
from piiguard.examples import Example
from training.base_encoder import base_encoder_dir, load_for_tagging, save_tokenizer
from training.config import TrainConfig
from training.dataset import encode_examples, fingerprint, make_encoder


def finetune(
    config: TrainConfig,
    train: list[Example],
    dev: list[Example],
    out: Path,
    *,
    start_from: str = "",
) -> Path:
    """Fine-tune and save the checkpoint to ``out``; returns it.

    A run that was cut off goes on from its last checkpoint in ``out``/checkpoints. bf16 on CPU and GPU alike. The
    loss of a token is weighted by its example's weight.
    """
    set_seed(config.seed)
    source = start_from or base_encoder_dir(config.base)
    model = load_for_tagging(source, config.dropout)
    encoder = make_encoder(str(Path(source) / "tokenizer.json"), config)
    started = time.monotonic()
    rows = encode_examples(train, encoder, context_dropout=config.context_dropout, seed=config.seed)
    dev_rows = encode_examples(dev, encoder)
    print(
        f"{len(train)} examples -> {len(rows)} windows, {sum(rows['length'])} tokens, "
        f"encoded in {time.monotonic() - started:.0f} s"
    )
    on_gpu = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=config.epochs,
        per_device_train_batch_size=config.batch_size,
        per_device_eval_batch_size=128,
        learning_rate=config.learning_rate,
        warmup_steps=config.warmup,
        lr_scheduler_type="linear",
        weight_decay=config.weight_decay,
        max_grad_norm=1.0,
        seed=config.seed,
        data_seed=config.seed,
        bf16=True,
        use_cpu=not on_gpu,
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        remove_unused_columns=False,
        logging_steps=50,
        eval_strategy="no",
        save_steps=1000,
        save_total_limit=2,
        report_to=[],
        dataloader_num_workers=0,
        dataloader_pin_memory=on_gpu,
        disable_tqdm=True,
    )
    trainer = _WeightedTrainer(
        model=model,
        args=arguments,
        train_dataset=rows,
        eval_dataset=dev_rows,
        data_collator=_collate,
        callbacks=[_Progress()],
    )
    trainer.remove_callback(_printer())
    last = _checkpoint_of(out / "checkpoints", fingerprint(train) + repr(config))
    trainer.train(resume_from_checkpoint=last)
    if len(dev_rows):
        print(f"held-out loss {trainer.evaluate()['eval_loss']:.4f}")
    checkpoint = out / "checkpoint"
    model.save_pretrained(str(checkpoint))
    save_tokenizer(source, checkpoint)
    return checkpoint


def _checkpoint_of(folder: Path, run: str) -> str | None:
    """The last checkpoint of this very run; those of another run, with other data or settings, are removed."""
    mark = folder / "run.sha256"
    digest = hashlib.sha256(run.encode()).hexdigest()
    if folder.is_dir() and (not mark.is_file() or mark.read_text() != digest):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest)
    last: str | None = get_last_checkpoint(str(folder))  # type: ignore[no-untyped-call]
    return last


class _WeightedTrainer(Trainer):
    """Cross entropy over the tags of message tokens, each token with its example's weight."""

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        labels, weight = inputs.pop("labels"), inputs.pop("weight")
        outputs = model(**inputs)
        loss = torch.nn.functional.cross_entropy(
            outputs.logits.float().transpose(1, 2), labels, ignore_index=IGNORED, reduction="none"
        )
        weights = (labels != IGNORED) * weight[:, None]
        loss = (loss * weights).sum() / weights.sum().clamp(min=1e-6)
        return (loss, outputs) if return_outputs else loss

    def prediction_step(
        self, model: Any, inputs: Any, prediction_loss_only: bool, ignore_keys: Any = None
    ) -> Any:
        inputs = self._prepare_inputs(inputs)
        with torch.no_grad(), self.compute_loss_context_manager():
            return self.compute_loss(model, inputs).detach(), None, None


class _Progress(TrainerCallback):
    """One line every now and then: step, loss, speed, time left."""

    def __init__(self) -> None:
        self._started, self._first = time.monotonic(), 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        self._started, self._first = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
        if logs and "loss" in logs:
            elapsed = time.monotonic() - self._started
            rate = (state.global_step - self._first) / max(elapsed, 1e-6)
            left = (state.max_steps - state.global_step) / max(rate, 1e-6) / 60
            print(
                f"step {state.global_step}/{state.max_steps} loss {float(logs['loss']):.4f} "
                f"{rate:.2f} steps/s {left:.0f} min left",
                flush=True,
            )


def _printer() -> Any:
    from transformers import PrinterCallback

    return PrinterCallback


def _collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    length = max(len(row["input_ids"]) for row in rows)
    # Multiples of eight keep the number of shapes, and with it the allocator's work, small.
    length = (length + 7) // 8 * 8

    def stack(name: str, fill: int) -> torch.Tensor:
        padded = [row[name] + [fill] * (length - len(row[name])) for row in rows]
        return torch.tensor(padded, dtype=torch.long)

    return {
        "input_ids": stack("input_ids", 0),
        "token_type_ids": stack("token_type_ids", 0),
        "attention_mask": torch.tensor(
            [[1] * len(row["input_ids"]) + [0] * (length - len(row["input_ids"])) for row in rows]
        ),
        "labels": stack("labels", IGNORED),
        "weight": torch.tensor([float(row["weight"]) for row in rows]),
    }


def limit_threads() -> None:
    """Use the cores there are; forks of tokenizers only warn."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    torch.set_num_threads(max(1, len(os.sched_getaffinity(0))))
