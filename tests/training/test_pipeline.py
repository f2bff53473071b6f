"""`python -m training all`: from carriers to a model directory that piiguard opens."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

import piiguard
from piiguard.examples import read_examples
from piiguard.model_dir import open_model_dir
from training.__main__ import main
from training.config import TrainConfig
from training.dataset import fingerprint
from training.recipe import build

CONFIG = """
seed = 3
base = "{base}"
n_examples = 240
epochs = 1.0
batch_size = 16
learning_rate = 2e-3
max_tokens = 96
max_context = 24
stride = 16
holdout = 0.15
"""


@pytest.fixture
def config_file(tmp_path, tiny_base):
    path = tmp_path / "test.toml"
    path.write_text(CONFIG.format(base=tiny_base), encoding="utf-8")
    return str(path)


@pytest.fixture
def no_corpora(monkeypatch):
    """As on a machine without the public sets."""
    from training import verbs

    for verb in (verbs.generate, verbs.train_all):
        [data] = [option for option in verb.params if option.name == "data"]
        monkeypatch.setattr(data, "default", None)


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.mark.slow
def test_all_verbs_in_a_row_make_a_model_that_opens_and_detects(tmp_path, config_file, no_corpora):
    out = tmp_path / "run"

    result = run("all", "--config", config_file, "--out", out, "--name", "piiguard-en-test")

    assert result.exit_code == 0, result.output[-2000:]
    assert "templates alone" in result.stderr
    model = out / "piiguard-en-test"
    guard = piiguard.load(model, threads=1)
    found = guard.detect("ask Priya Sharma, card 4242 4242 4242 4242", ["who pays?"])
    assert "CREDIT_CARD" in {span.label for span in found}

    manifest = open_model_dir(model)
    train = list(read_examples(out / "train.jsonl"))
    held = list(read_examples(out / "held.jsonl"))
    assert manifest.data_fingerprint == fingerprint(train)
    assert not {e.group for e in train} & {e.group for e in held}
    assert (len(train), len(held)) == (240, 60)

    report = json.loads((out / "report.json").read_text())
    assert report["datasets"]["held"]["messages"] == len(held)
    assert report == json.loads((model / "report.json").read_text())
    card = (model / "README.md").read_text()
    assert f"{report['datasets']['held']['strict']['f1']:.3f}" in card
    assert f"{len(train)} training examples" in card
    assert manifest.data_fingerprint[:16] in card

    # Each step can be done again on its own.
    again = run("calibrate", "--config", config_file, "--out", out, "--name", "piiguard-en-test")
    assert again.exit_code == 0, again.output[-2000:]
    assert open_model_dir(model).thresholds == manifest.thresholds


def test_the_same_seed_gives_the_same_data_and_another_one_other_data(
    tmp_path, config_file, no_corpora
):
    for name, seed in (("a", []), ("b", []), ("c", ["--seed", "4"])):
        assert (
            run("generate", "--config", config_file, "--out", tmp_path / name, *seed).exit_code == 0
        )

    first, second, third = ((tmp_path / n / "train.jsonl").read_bytes() for n in "abc")
    assert first == second != third


def test_public_sets_are_mixed_in_as_often_as_the_configuration_says(tmp_path):
    from training.verbs import CORPORA_DIR

    if not CORPORA_DIR.is_dir():
        pytest.skip("the public sets do not lie beside the checkout")
    config = TrainConfig(n_examples=50, mix={"secrets_gitleaks": 20, "secrets_noseyparker": 30})

    n_train, n_held = build(config, tmp_path, CORPORA_DIR)

    sources = [e.meta.get("source", "template") for e in read_examples(tmp_path / "train.jsonl")]
    assert (n_train, n_held) == (100, 12)
    assert sources.count("gitleaks/gitleaks") == 20
    assert sources.count("praetorian-inc/noseyparker") == 30


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["generate", "--config", "huge"],
            "no such configuration; there are: chat, chat2, chat3, polish, polish2, small, tiny",
        ),
        pytest.param(
            ["finetune", "--out", "nowhere"],
            "train.jsonl: cannot be read",
            marks=pytest.mark.slow,
        ),
        (["promote", ".", "--reason", "hope"], "manifest.json is missing"),
        (["evaluate", "nothing.jsonl"], "does not exist"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_a_mistake_at_the_door_is_one_line_and_exit_2(tmp_path, root, words, complaint):
    done = subprocess.run(
        [sys.executable, "-m", "training", *words],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(root),
            "PATH": "",
            "HOME": str(tmp_path),
            "TOKENIZERS_PARALLELISM": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2, done.stderr[-2000:]
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
