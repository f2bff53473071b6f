"""Fine-tuning learns, repeats itself, and goes on where it was cut off."""

from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

import torch
from safetensors.torch import load_file
from transformers import TrainingArguments

from piiguard.bio import IGNORED
from piiguard.labels import TAGS
from training import finetune as room
from training.config import TrainConfig
from training.finetune import _collate, _WeightedTrainer, finetune

NAMES = ["priya", "mei", "okonkwo", "lopez", "dana"]


@pytest.fixture(autouse=True)
def one_thread():
    """A network this small loses by every further thread, most of all beside another run."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def examples(labelled):
    """120 invented messages of a few shapes."""
    found = []
    for number in range(120):
        name = NAMES[number % len(NAMES)]
        text, values = [
            (f"please ask {name} about the form", [(name, "PERSON")]),
            (f"the password is {name}{number}", [(f"{name}{number}", "PASSWORD")]),
            (f"can we move the meeting to {number}", []),
        ][number % 3]
        found.append(labelled(text, *values, id=str(number), group=str(number), context=("hi",)))
    return found


@pytest.fixture
def config(tiny_base):
    return TrainConfig(
        base=str(tiny_base), epochs=2.0, batch_size=8, learning_rate=3e-3, max_tokens=64,
        stride=12, max_context=16, context_dropout=0.2,
    )  # fmt: skip


@pytest.fixture
def every_step(monkeypatch):
    """Let the trainer log each step and keep a checkpoint every five; returns the logged losses, in order."""
    losses = []
    on_log = room._Progress.on_log

    def arguments(**options):
        return TrainingArguments(**{**options, "logging_steps": 1, "save_steps": 5})

    def log(self, args, state, control, logs=None, **kwargs):
        if logs and "loss" in logs:
            losses.append(float(logs["loss"]))
        on_log(self, args, state, control, logs=logs, **kwargs)

    monkeypatch.setattr(room, "TrainingArguments", arguments)
    monkeypatch.setattr(room._Progress, "on_log", log)
    return losses


def weights(checkpoint):
    return load_file(str(checkpoint / "model.safetensors"))


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


@pytest.mark.slow
def test_the_loss_falls_and_the_same_seed_gives_the_same_weights(
    tmp_path, config, examples, every_step, capsys
):
    first = finetune(config, examples[:100], examples[100:], tmp_path / "a")
    n_steps = len(every_step)
    second = finetune(config, examples[:100], examples[100:], tmp_path / "b")

    assert n_steps == len(every_step) / 2 == 2 * 13
    assert sum(every_step[n_steps - 5 : n_steps]) < 0.7 * sum(every_step[:5])
    assert same(weights(first), weights(second))
    assert sorted(p.name for p in first.iterdir()) == [
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    printed = capsys.readouterr().out
    assert "100 examples -> 100 windows" in printed
    assert "held-out loss" in printed
    assert "okonkwo" not in printed


@pytest.mark.slow
def test_another_seed_gives_other_weights_and_a_run_may_start_from_a_checkpoint(
    tmp_path, config, examples, every_step
):
    short = replace(config, epochs=1.0)
    first = finetune(short, examples, [], tmp_path / "a")
    n_steps = len(every_step)
    second = finetune(replace(short, seed=14), examples, [], tmp_path / "b", start_from=str(first))
    third = finetune(replace(short, seed=14), examples, [], tmp_path / "c")

    assert every_step[n_steps] < 0.8 * every_step[0]
    assert weights(second).keys() == weights(first).keys()
    assert not same(weights(first), weights(third))


@pytest.mark.slow
def test_a_run_that_was_cut_off_goes_on_from_its_checkpoint_to_the_same_weights(
    tmp_path, config, examples, every_step, monkeypatch
):
    config = replace(config, epochs=1.0)
    whole = finetune(config, examples, [], tmp_path / "whole")
    n_steps = len(every_step)
    log = room._Progress.on_log

    def pull_the_plug(self, args, state, control, logs=None, **kwargs):
        log(self, args, state, control, logs=logs, **kwargs)
        if state.global_step == 12:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room._Progress, "on_log", pull_the_plug)
        with pytest.raises(KeyboardInterrupt):
            finetune(config, examples, [], tmp_path / "cut")
    assert not (tmp_path / "cut" / "checkpoint").exists()
    del every_step[:]

    resumed = finetune(config, examples, [], tmp_path / "cut")

    # from step 10 on, not from the start
    assert len(every_step) == n_steps - 10
    assert same(weights(resumed), weights(whole))


def rows():
    return [
        {"input_ids": [2, 9, 3], "token_type_ids": [0, 2, 0], "labels": [IGNORED, 1, IGNORED], "weight": 1.0},
        {"input_ids": [2, 8, 9, 7, 3], "token_type_ids": [0, 1, 1, 1, 0],
         "labels": [IGNORED, 0, 0, 5, IGNORED], "weight": 0.25},
    ]  # fmt: skip


def test_a_batch_is_padded_to_eight_and_padding_is_neither_seen_nor_judged():
    batch = _collate(rows())

    assert {name: tuple(t.shape) for name, t in batch.items() if name != "weight"} == dict.fromkeys(
        ("input_ids", "token_type_ids", "attention_mask", "labels"), (2, 8)
    )
    assert batch["attention_mask"].sum(1).tolist() == [3, 5]
    assert bool((batch["labels"][batch["attention_mask"] == 0] == IGNORED).all())
    assert batch["weight"].tolist() == [1.0, 0.25]


class _Fixed(torch.nn.Module):
    """Says the given logits."""

    def __init__(self, logits):
        super().__init__()
        self.logits = logits

    def forward(self, **inputs):
        return self


def test_the_loss_is_the_mean_over_tokens_each_with_its_examples_weight():
    batch = _collate(rows())
    logits = torch.randn(2, 8, len(TAGS), generator=torch.Generator().manual_seed(0))
    losses = -logits.log_softmax(-1)

    found = _WeightedTrainer.compute_loss(None, _Fixed(logits), dict(batch))  # type: ignore[arg-type]

    light = losses[1, 1, 0] + losses[1, 2, 0] + losses[1, 3, 5]
    expected = (losses[0, 1, 1] + 0.25 * light) / (1 + 3 * 0.25)
    assert float(found) == pytest.approx(float(expected), abs=1e-5)


def test_a_batch_in_which_all_abstain_has_no_loss():
    batch = _collate([{**row, "labels": [IGNORED] * len(row["labels"])} for row in rows()])

    loss = _WeightedTrainer.compute_loss(None, _Fixed(torch.ones(2, 8, len(TAGS))), dict(batch))  # type: ignore[arg-type]

    assert float(loss) == 0.0
