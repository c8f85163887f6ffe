"""Which 32 bytes are an Ed25519 key that binds its holder (RFC 8032 5.1.3)."""

from typing import Final

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_EIGHTH: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL: Final = frozenset({0, 1, _P - 1, _EIGHTH, _P - _EIGHTH})
"""The y of the eight points whose order divides eight."""


def binds(public: bytes) -> bool:
    """Say whether this is a point of the curve, written in its one way, and not of small order.

    Under a key of small order one signature fits many texts, and nobody need hold a private key.
    """
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if y >= _P or y in _SMALL:
        return False
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(square, (_P - 1) // 2, _P) == 1
