"""Sealed cells, wrapped keys, keyed fingerprints: AES-256-GCM and BLAKE2b. The only home of ``cryptography``.

A cell is ``0x01 | key id (16) | nonce (12) | ciphertext``. Its associated data names table, column, row and tenant, so
a cell that was moved to another place does not open.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.config import BotConfig
from bot.errors import ConfigError, KeyStoreError, SealError
from bot.logs import event

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 16
KEY_FILE: Final = "secret.key"
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_HEAD: Final = len(_VERSION) + KEY_ID_BYTES
#: Where in a cell its key is named.
KEY_ID_AT: Final = len(_VERSION)


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps the data keys. ``source`` says where it came from."""

    secret: bytes = field(repr=False)
    source: str = ""

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise KeyStoreError(
                f"The master key has {len(self.secret)} bytes, expected {KEY_BYTES}; "
                "make one: python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())'"
            )

    @classmethod
    def throw_away(cls) -> "MasterKey":
        """A key for a demo or a test; what it seals is lost with the process."""
        return cls(secrets.token_bytes(KEY_BYTES), "thrown away at the end")


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key that seals cells. ``id`` stands in each cell it made."""

    id: bytes
    secret: bytes = field(repr=False)
    aead: AESGCM = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "aead", AESGCM(self.secret))

    @classmethod
    def new(cls) -> "DataKey":
        return cls(secrets.token_bytes(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES))


def load_master_key(config: BotConfig, *, create: bool = True) -> MasterKey:
    """The master key: PIIGUARD_SECRET_KEY, else the key file of the data directory, made when absent.

    Raises: ConfigError when it cannot be read or when the file is open to others; KeyStoreError when there is none
    and ``create`` is False.
    """
    if config.secret_key is not None:
        return MasterKey(_decoded(config.secret_key.get_secret_value()), "PIIGUARD_SECRET_KEY")
    path = config.data_dir / KEY_FILE
    if path.exists():
        return _from_file(path)
    if not create:
        raise KeyStoreError(
            f"No master key: set PIIGUARD_SECRET_KEY (32 bytes in base64), or put one into {path}"
        )
    return _new_file(path)


def _from_file(path: Path) -> MasterKey:
    try:
        mode = path.stat().st_mode & 0o777
        written = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"The key file {path} cannot be read") from None
    if os.name == "posix" and mode & 0o077:
        raise ConfigError(f"The key file {path} has mode {mode:04o}; run: chmod 600 {path}")
    return MasterKey(_decoded(written), f"file {path}")


def _new_file(path: Path) -> MasterKey:
    secret = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # in one step: another process that starts now must not make a second key
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _from_file(path)
    except OSError:
        raise ConfigError(f"The key file {path} cannot be written") from None
    with os.fdopen(file, "wb") as stream:
        stream.write(base64.b64encode(secret) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    _sync_directory(path.parent)
    event("bot.crypto", "master_key_made", level=logging.WARNING, file=KEY_FILE)
    return MasterKey(secret, f"new file {path}")


def _sync_directory(path: Path) -> None:
    if os.name != "posix":
        return
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _decoded(written: str) -> bytes:
    try:
        return base64.b64decode(written.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(
            "The master key is not base64; expected 32 bytes, encoded as 44 characters"
        ) from None


def aad(table: str, column: str, row_id: str, tenant: str) -> bytes:
    """The place of a cell, as associated data."""
    pieces = (table, column, row_id, tenant)
    if any("|" in piece for piece in pieces):
        raise SealError(f"A cell of {table}.{column} has a place with '|' in its name")
    return "|".join(pieces).encode("utf-8", "surrogatepass")


def seal_cell(key: DataKey, plain: bytes, place: bytes) -> bytes:
    """``plain`` sealed for ``place`` (see ``aad``)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + key.id + nonce + key.aead.encrypt(nonce, plain, place)


def open_cell(key: DataKey, cell: bytes, place: bytes) -> bytes:
    """What was sealed. Raises: SealError when the key, the place or a byte differs."""
    if key_id_of(cell) != key.id:
        raise SealError("A sealed cell names another key")
    nonce, sealed = cell[_HEAD : _HEAD + _NONCE_BYTES], cell[_HEAD + _NONCE_BYTES :]
    try:
        return key.aead.decrypt(nonce, sealed, place)
    except (InvalidTag, ValueError):
        raise SealError("A sealed cell does not open: it was changed or moved") from None


def key_id_of(cell: bytes) -> bytes:
    """The id of the key that sealed a cell. Raises: SealError when it is no cell."""
    if len(cell) < _HEAD + _NONCE_BYTES + 16 or not cell.startswith(_VERSION):
        raise SealError("This is no sealed cell")
    return cell[len(_VERSION) : _HEAD]


def wrap(master: MasterKey, secret: bytes, place: bytes) -> bytes:
    """A secret under the master key: nonce and ciphertext."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(master.secret).encrypt(nonce, secret, place)


def unwrap(master: MasterKey, wrapped: bytes, place: bytes) -> bytes:
    """The secret. Raises: KeyStoreError when another master key wrapped it."""
    try:
        return AESGCM(master.secret).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise KeyStoreError(
            "A wrapped key does not open: it was made with another master key, or changed"
        ) from None


def fingerprint(key: bytes, value: str) -> str:
    """The keyed BLAKE2b-256 of a value, as hex. Equal values give equal fingerprints under one key."""
    return hashlib.blake2b(
        value.encode("utf-8", "surrogatepass"), key=key, digest_size=32
    ).hexdigest()


def mac(key: bytes, data: bytes) -> str:
    """HMAC-SHA256 as hex: the links of the audit chain."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """True when two codes are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
