"""open_model_dir: whole and unchanged, or not at all."""

import json
import shutil
from dataclasses import replace

import pytest

from piiguard.errors import ModelError
from piiguard.labels import LABELS
from piiguard.model_dir import (
    MANIFEST,
    ONNX_FILE,
    default_model_dir,
    file_sha256,
    open_model_dir,
    write_manifest,
)
from tests import tiny_model


def edit(model_dir, **changes):
    data = json.loads((model_dir / MANIFEST).read_text())
    data.update(changes)
    (model_dir / MANIFEST).write_text(json.dumps(data))


def test_a_whole_directory_opens_and_says_what_it_is(model_dir):
    manifest = open_model_dir(model_dir)

    assert manifest.name == tiny_model.NAME
    assert manifest.labels == tuple(LABELS)
    assert set(manifest.sha256) == {"tokenizer.json", ONNX_FILE}
    assert manifest.path == model_dir


def test_a_copy_opens_like_the_original(model_dir, tmp_path):
    shutil.copytree(model_dir, tmp_path / "copy")

    assert open_model_dir(tmp_path / "copy") == open_model_dir(model_dir)


@pytest.mark.parametrize("name", ["tokenizer.json", ONNX_FILE])
def test_one_changed_byte_is_refused(model_dir, name):
    content = bytearray((model_dir / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model_dir / name).write_bytes(bytes(content))

    with pytest.raises(ModelError, match=rf"{name} differs"):
        open_model_dir(model_dir)


@pytest.mark.parametrize("name", ["tokenizer.json", ONNX_FILE, MANIFEST])
def test_a_missing_file_is_refused(model_dir, name):
    (model_dir / name).unlink()

    with pytest.raises(ModelError, match=rf"{name} is missing"):
        open_model_dir(model_dir)


@pytest.mark.parametrize(
    "name", ["extra.txt", "onnx/model.onnx", "onnx/model.onnx.data", "a/b/c.pkl"]
)
def test_a_file_that_is_not_listed_is_refused(model_dir, name):
    (model_dir / name).parent.mkdir(parents=True, exist_ok=True)
    (model_dir / name).write_text("x")

    with pytest.raises(ModelError, match=rf"{name} is not listed"):
        open_model_dir(model_dir)


@pytest.mark.parametrize("name", ["tokenizer.json", "onnx"])
def test_a_link_is_refused_even_to_the_same_bytes(model_dir, tmp_path, name):
    (model_dir / name).rename(tmp_path / "elsewhere")
    (model_dir / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ModelError, match="is a link"):
        open_model_dir(model_dir)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": [*LABELS][:-1]},
        {"labels": [*LABELS, "SHOE_SIZE"]},
        {"labels": [*LABELS][::-1]},
        {"labels": None},
        {"thresholds": {"PERSON": 0}},
        {"thresholds": {"PERSON": 1.0}},
        {"thresholds": {"PERSON": "high"}},
        {"thresholds": [0.5]},
        {"encoder": {"max_tokens": "many"}},
        {"sha256": {}},
        {"sha256": {"tokenizer.json": "0" * 64}},
        {"seed": None},
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(model_dir, changes):
    edit(model_dir, **changes)

    with pytest.raises(ModelError, match=r"manifest\.json"):
        open_model_dir(model_dir)


def test_a_manifest_cannot_point_outside_its_directory(model_dir, tmp_path):
    (tmp_path / "outside").write_text("x")
    listed = json.loads((model_dir / MANIFEST).read_text())["sha256"]
    edit(model_dir, sha256={**listed, "../outside": file_sha256(tmp_path / "outside")})

    with pytest.raises(ModelError, match="is missing"):
        open_model_dir(model_dir)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "{}"])
def test_what_is_no_manifest_is_refused(model_dir, content):
    (model_dir / MANIFEST).write_text(content)

    with pytest.raises(ModelError, match="not a manifest"):
        open_model_dir(model_dir)


def test_a_directory_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no such model directory"):
        open_model_dir(tmp_path / "none")


def test_a_manifest_written_again_answers_for_the_files_as_they_are_now(model_dir):
    (model_dir / "README.md").write_text("a card")
    manifest = replace(open_model_dir_unchecked(model_dir), seed=7)

    write_manifest(model_dir, manifest)

    assert open_model_dir(model_dir).seed == 7
    assert "README.md" in open_model_dir(model_dir).sha256


def open_model_dir_unchecked(model_dir):
    card = model_dir / "README.md"
    text = card.read_text()
    card.unlink()
    manifest = open_model_dir(model_dir)
    card.write_text(text)
    return manifest


def test_the_default_model_is_the_one_that_current_names(model_dir, tmp_path, monkeypatch):
    package = tmp_path / "checkout" / "piiguard"
    models = tmp_path / "checkout" / "models"
    models.mkdir(parents=True)
    (models / "CURRENT").write_text(tiny_model.NAME + "\n")
    shutil.copytree(model_dir, models / tiny_model.NAME)
    monkeypatch.setattr("piiguard.model_dir.__file__", str(package / "model_dir.py"))

    assert default_model_dir() == models / tiny_model.NAME

    # in an installed package the models lie inside it, and go first
    (package / "_models").mkdir(parents=True)
    (package / "_models" / "CURRENT").write_text("other")
    assert default_model_dir() == package / "_models" / "other"


@pytest.mark.parametrize("name", ["", "\n", "..", ".", "../elsewhere", "/etc", "a/b", ".hidden"])
def test_current_names_a_directory_beside_it_and_nothing_else(tmp_path, monkeypatch, name):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "CURRENT").write_text(name)
    monkeypatch.setattr("piiguard.model_dir.__file__", str(tmp_path / "piiguard" / "model_dir.py"))

    with pytest.raises(ModelError, match="CURRENT"):
        default_model_dir()


def test_without_a_model_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("piiguard.model_dir.__file__", str(tmp_path / "piiguard" / "model_dir.py"))

    with pytest.raises(ModelError, match="--model"):
        default_model_dir()
