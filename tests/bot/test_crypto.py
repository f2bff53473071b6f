"""Keys and cells without a database, and the master key's file."""

import base64
import hashlib
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import BotConfig
from bot.crypto import (  # fmt: skip
    DataKey,
    MasterKey,
    aad,
    fingerprint,
    key_id_of,
    load_master_key,
    mac,
    open_cell,
    same,
    seal_cell,
    unwrap,
    wrap,
)
from bot.errors import ConfigError, KeyStoreError, SealError

KEY = DataKey.new()
PLACE = aad("flags", "text_ct", "r1", "T1")


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_and_shows_nothing(plain):
    cell = seal_cell(KEY, plain, PLACE)

    assert open_cell(KEY, cell, PLACE) == plain
    assert len(plain) < 6 or plain not in cell
    assert (cell[:1], key_id_of(cell)) == (b"\x01", KEY.id)
    assert cell != seal_cell(KEY, plain, PLACE)  # a nonce of its own


@pytest.mark.parametrize("place", [aad("flags", "text_ct", "r2", "T1"), aad("flags", "text_ct", "r1", "T2"), aad("x", "text_ct", "r1", "T1"), b""])  # fmt: skip
def test_another_place_does_not_open(place):
    with pytest.raises(SealError):
        open_cell(KEY, seal_cell(KEY, b"x", PLACE), place)


def test_another_key_does_not_open():
    other = DataKey.new()
    with pytest.raises(SealError):
        open_cell(other, seal_cell(KEY, b"x", PLACE), PLACE)
    with pytest.raises(SealError):
        open_cell(DataKey(KEY.id, other.secret), seal_cell(KEY, b"x", PLACE), PLACE)


@pytest.mark.parametrize("pieces", [("a|b", "c", "d", "e"), ("a", "b", "c|", "d")])
def test_two_places_never_share_a_name(pieces):
    with pytest.raises(SealError):
        aad(*pieces)


@pytest.mark.parametrize(
    "cell", [b"", b"\x01", b"\x02" + bytes(80), bytes(80), b"\x01" + bytes(43)]
)
def test_what_is_no_cell_is_refused(cell):
    with pytest.raises(SealError):
        open_cell(KEY, cell, PLACE)


def test_a_wrapped_key_opens_with_its_master_key_only(master_key):
    wrapped = wrap(master_key, b"k" * 32, b"place")

    assert unwrap(master_key, wrapped, b"place") == b"k" * 32
    for master, place in ((MasterKey.throw_away(), b"place"), (master_key, b"other")):
        with pytest.raises(KeyStoreError):
            unwrap(master, wrapped, place)


def test_a_fingerprint_is_the_keyed_blake2b_of_the_value():
    key = bytes(range(32))

    assert fingerprint(key, "ana") == hashlib.blake2b(b"ana", key=key, digest_size=32).hexdigest()
    assert fingerprint(key, "ana") != fingerprint(key, "Ana")
    assert fingerprint(key, "ana") != fingerprint(bytes(32), "ana")
    assert len(fingerprint(key, "\ud800")) == 64


def test_codes_are_compared_as_a_whole():
    assert same(mac(b"k", b"x"), mac(b"k", b"x"))
    assert not same(mac(b"k", b"x"), mac(b"k", b"y"))


def test_no_key_shows_in_a_repr():
    assert repr(KEY.secret)[2:8] not in repr(KEY)
    assert "secret" not in repr(MasterKey.throw_away())


@pytest.mark.parametrize("n", [0, 16, 31, 33])
def test_a_master_key_has_32_bytes(n):
    with pytest.raises(KeyStoreError, match="32"):
        MasterKey(bytes(n))


def config(tmp_path, **environ):
    return BotConfig.read({"PIIGUARD_DATA_DIR": str(tmp_path / "data"), **environ})


def test_the_master_key_comes_from_the_environment(tmp_path):
    written = base64.b64encode(b"m" * 32).decode()

    key = load_master_key(config(tmp_path, PIIGUARD_SECRET_KEY=written))

    assert (key.secret, key.source) == (b"m" * 32, "PIIGUARD_SECRET_KEY")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("written", ["not base64!", "aGVsbG8=", "é" * 44])
def test_a_crooked_master_key_is_refused_and_not_shown(tmp_path, written):
    with pytest.raises((ConfigError, KeyStoreError)) as caught:
        load_master_key(config(tmp_path, PIIGUARD_SECRET_KEY=written))

    assert written not in str(caught.value)


def test_a_key_file_is_made_once_for_its_owner_only_with_a_warning(tmp_path, caplog):
    first = load_master_key(config(tmp_path))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    caplog.clear()

    again = load_master_key(config(tmp_path))

    path = tmp_path / "data" / "secret.key"
    assert (path.stat().st_mode & 0o777, again.secret) == (0o600, first.secret)
    assert caplog.records == []
    assert base64.b64decode(path.read_text()) == first.secret


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    load_master_key(config(tmp_path))
    (tmp_path / "data" / "secret.key").chmod(0o644)

    with pytest.raises(ConfigError, match="chmod 600"):
        load_master_key(config(tmp_path))


def test_without_leave_to_make_a_key_none_is_made(tmp_path):
    with pytest.raises(KeyStoreError, match="PIIGUARD_SECRET_KEY"):
        load_master_key(config(tmp_path), create=False)

    assert not (tmp_path / "data").exists()


def test_two_processes_that_start_together_make_one_key(tmp_path, root):
    code = (
        "from bot.config import BotConfig; from bot.crypto import load_master_key;"
        f"print(load_master_key(BotConfig.read({{'PIIGUARD_DATA_DIR': {str(tmp_path)!r}}})).secret.hex())"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(root)})
        for _ in range(2)
    ]  # fmt: skip

    assert len({run.communicate(timeout=60)[0] for run in runs}) == 1
