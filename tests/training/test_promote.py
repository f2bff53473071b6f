"""CURRENT changes in one step, to a whole model or not at all."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the workshop needs piiguard[train]")

import piiguard
from piiguard.errors import ModelError
from piiguard.model_dir import open_model_dir, write_manifest
from tests.tiny_model import NAME
from training.promote import promote


@pytest.fixture
def models(tmp_path):
    """A models directory in which an older model is in use."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "CURRENT").write_text("piiguard-en-old\n")
    (folder / "HISTORY").write_text("2026-01-02\tpiiguard-en-old\tthe first\n")
    return folder


def current(models):
    return (models / "CURRENT").read_text().strip()


def test_a_model_from_elsewhere_is_copied_whole_and_named(model_dir, models):
    assert promote(model_dir, models, "better") == NAME

    assert current(models) == NAME
    assert open_model_dir(models / NAME) == open_model_dir(model_dir)
    assert piiguard.load(models / NAME, threads=1).detect("ask priya")
    assert sorted(p.name for p in models.iterdir()) == ["CURRENT", "HISTORY", NAME]


def test_history_grows_by_a_line_and_keeps_what_it_holds(model_dir, models):
    promote(model_dir, models, "two\n words\t here")

    first, second = (models / "HISTORY").read_text().splitlines()
    assert first == "2026-01-02\tpiiguard-en-old\tthe first"
    day, name, reason = second.split("\t")
    assert (name, reason) == (NAME, "two words here")
    assert len(day) == len("2026-01-02")


def test_a_model_that_lies_there_is_named_in_its_place_and_so_undone(model_dir, models):
    promote(model_dir, models, "better")
    other = models / "piiguard-en-other"
    shutil.copytree(model_dir, other)
    write_manifest(other, replace(open_model_dir(other), name=other.name))

    promote(other, models, "better still")
    promote(models / NAME, models, "worse after all")

    assert current(models) == NAME
    names = [line.split("\t")[1] for line in (models / "HISTORY").read_text().splitlines()]
    assert names == ["piiguard-en-old", NAME, "piiguard-en-other", NAME]


def spoil_weights(folder):
    with open(folder / "onnx" / "model_quantized.onnx", "ab") as file:
        file.write(b"\0")


def leave_a_file(folder):
    (folder / "notes.txt").write_text("mine")


def lose_the_tokenizer(folder):
    (folder / "tokenizer.json").unlink()


def lose_the_manifest(folder):
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize(
    "spoil", [spoil_weights, leave_a_file, lose_the_tokenizer, lose_the_manifest]
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_directory_that_is_not_whole_is_refused_and_nothing_changes(
    model_dir, models, spoil, inside
):
    if inside:
        model_dir = Path(shutil.copytree(model_dir, models / NAME))
    spoil(model_dir)

    with pytest.raises(ModelError):
        promote(model_dir, models, "hope")

    assert current(models) == "piiguard-en-old"
    assert len((models / "HISTORY").read_text().splitlines()) == 1
    assert (models / NAME).exists() is inside


def test_another_model_of_that_name_is_not_overwritten(model_dir, models):
    promote(model_dir, models, "better")
    write_manifest(model_dir, replace(open_model_dir(model_dir), seed=9))

    with pytest.raises(ModelError, match="already there; give the new model another name"):
        promote(model_dir, models, "again")

    assert open_model_dir(models / NAME).seed == 0


def test_what_a_killed_promotion_left_is_no_obstacle(model_dir, models):
    left = models / f".{NAME}.part"
    left.mkdir()
    (left / "half").write_text("half")
    (models / "CURRENT.part").write_text("half")

    promote(model_dir, models, "better")

    assert current(models) == NAME
    assert not list(models.glob("*.part"))
    assert not list(models.glob(".*.part"))


#: Every step of a promotion that touches the disk.
STEPS = ("copytree", "open_model_dir", "rename", "write", "history", "swap")


@pytest.mark.parametrize("step", STEPS)
def test_a_promotion_killed_at_any_step_leaves_one_whole_model_in_use(
    model_dir, models, monkeypatch, step
):
    old = models / "piiguard-en-old"
    shutil.copytree(model_dir, old)
    write_manifest(old, replace(open_model_dir(old), name=old.name))
    _kill_at(step, monkeypatch)

    with pytest.raises(KeyboardInterrupt):
        promote(model_dir, models, "better")

    monkeypatch.undo()
    # the swap comes before the line in HISTORY: no promotion is on record that did not happen
    in_use = NAME if step == "history" else "piiguard-en-old"
    assert open_model_dir(models / current(models)).name == in_use
    # what was half done can be done again; once the copy stands, from where it stands
    promote(models / NAME if (models / NAME).exists() else model_dir, models, "better")
    assert open_model_dir(models / current(models)).name == NAME


def _kill_at(step, monkeypatch):
    """Let the process die as ``step`` begins."""

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    if step == "copytree":
        monkeypatch.setattr("training.promote.shutil.copytree", die)
    elif step == "open_model_dir":
        calls = iter([open_model_dir, die])
        monkeypatch.setattr("training.promote.open_model_dir", lambda path: next(calls)(path))
    elif step == "write":
        monkeypatch.setattr(Path, "write_text", die)
    elif step == "history":
        monkeypatch.setattr("builtins.open", die_for("HISTORY", open))
    else:
        name = "CURRENT.part" if step == "swap" else f".{NAME}.part"
        monkeypatch.setattr(Path, "replace", die_for(name, Path.replace))


def die_for(name, function):
    def call(path, *args, **kwargs):
        if Path(path).name == name:
            raise KeyboardInterrupt
        return function(path, *args, **kwargs)

    return call
