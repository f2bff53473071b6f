"""Crypto: wallet addresses with the checksums of their chains."""

from hashlib import sha256

from training.generators.draw import Maker, Mix, Random, chance, pick, shaped

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_ROUND_CONSTANTS = (
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
)  # fmt: skip
_MASK = (1 << 64) - 1


def base58check(payload: bytes, alphabet: str = _BASE58) -> str:
    """``payload`` and the first four bytes of its double SHA-256, in base 58."""
    return base58(payload + sha256(sha256(payload).digest()).digest()[:4], alphabet)


def base58(data: bytes, alphabet: str = _BASE58) -> str:
    """A leading zero byte is a leading first letter."""
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = alphabet[rest] + out
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + out


def bech32(prefix: str, values: list[int], constant: int = 1) -> str:
    """BIP 173 of five-bit ``values``; ``constant`` 0x2BC830A3 makes it the bech32m of BIP 350."""
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    total = _polymod([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ constant
    checksum = [(total >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(_BECH32[value] for value in [*values, *checksum])


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> i) & 1 else 0
    return check


def _five_bits(data: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in data)
    return [int(bits[i : i + 5].ljust(5, "0"), 2) for i in range(0, len(bits), 5)]


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it (the padding before SHA-3 changed it), for up to 135 bytes."""
    block = data + b"\x01" + bytes(134 - len(data)) + b"\x80" if len(data) < 135 else data + b"\x81"
    lanes = [[0] * 5 for _ in range(5)]
    for i in range(17):
        lanes[i % 5][i // 5] = int.from_bytes(block[8 * i : 8 * i + 8], "little")
    for constant in _ROUND_CONSTANTS:
        parity = [
            lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)
        ]
        for x in range(5):
            shift = parity[(x + 4) % 5] ^ _rotate(parity[(x + 1) % 5], 1)
            lanes[x] = [lane ^ shift for lane in lanes[x]]
        x, y, current = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], _rotate(current, (step + 1) * (step + 2) // 2 % 64)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & _MASK)
        lanes[0][0] ^= constant
    return b"".join(lanes[i][0].to_bytes(8, "little") for i in range(4))


def _rotate(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _MASK


def checksum_case(address: str) -> str:
    """EIP-55: a letter is a capital where the hash of the lower-case address has a nibble of 8 or more."""
    digest = keccak256(address.encode()).hex()
    return "".join(
        c.upper() if int(nibble, 16) >= 8 else c for c, nibble in zip(address, digest, strict=False)
    )


def _bitcoin(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.3:
        return base58check(b"\0" + rng.randbytes(20))
    if draw < 0.5:
        return base58check(b"\5" + rng.randbytes(20))
    if draw < 0.62:
        return bech32("bc", [1, *_five_bits(rng.randbytes(32))], 0x2BC830A3)
    address = bech32("bc", [0, *_five_bits(rng.randbytes(20 if draw < 0.95 else 32))])
    return address.upper() if chance(rng, 0.03) else address


def _ethereum(rng: Random) -> str:
    address = rng.randbytes(20).hex()
    draw = rng.random()
    if draw < 0.45:
        return "0x" + checksum_case(address)
    return "0x" + (address.upper() if draw > 0.97 else address)


def _other(rng: Random) -> str:
    return pick(rng, _OTHERS)(rng)


_OTHERS: tuple[Maker, ...] = (
    lambda rng: base58check(b"\x30" + rng.randbytes(20)),  # Litecoin
    lambda rng: bech32("ltc", [0, *_five_bits(rng.randbytes(20))]),
    lambda rng: base58check(b"\0" + rng.randbytes(20), _RIPPLE),  # XRP
    lambda rng: base58check(b"\x41" + rng.randbytes(20)),  # TRON
    lambda rng: base58check(b"\x41" + rng.randbytes(20)),
    lambda rng: base58(rng.randbytes(32)),  # Solana
    lambda rng: base58(rng.randbytes(32)),
    lambda rng: base58check(b"\x1e" + rng.randbytes(20)),  # Dogecoin
    lambda rng: base58check(b"\x4c" + rng.randbytes(20)),  # Dash
    lambda rng: base58check(b"\x1c\xb8" + rng.randbytes(20)),  # Zcash
    lambda rng: base58check(b"\x06\xa1\x9f" + rng.randbytes(20)),  # Tezos
    shaped("4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}", "8[1-9A-HJ-NP-Za-km-z]{94}"),  # Monero
    shaped("G[A-Z2-7]{55}", "[A-Z2-7]{58}"),  # Stellar, Algorand
    shaped("1[1-9A-HJ-NP-Za-km-z]{46,47}"),  # Polkadot
    shaped("<bitcoincash:|>q[02-9ac-hj-np-z]{41}"),
    lambda rng: bech32("addr", _five_bits(b"\1" + rng.randbytes(56))),  # Cardano
    lambda rng: bech32(pick(rng, ("cosmos", "osmo", "celestia")), _five_bits(rng.randbytes(20))),
)

WALLETS = Mix({"btc": (42, _bitcoin), "eth": (36, _ethereum), "other": (22, _other)})
