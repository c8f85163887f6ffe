"""The checker's own Ed25519 and SHA-256 trees against RFC 8032, RFC 9162 and the other library."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from duban.bundle import verify
from duban.proof import merkle

# RFC 8032 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493
ABC_KEY, ABC, ABC_SIGNATURE = (bytes.fromhex(each) for each in VECTORS[2])


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_rfc_8032_vectors(key: str, message: str, signature: str) -> None:
    public, said, signed = (bytes.fromhex(each) for each in (key, message, signature))

    assert verify.ed25519(public, said, signed)
    assert not verify.ed25519(public, said + b"x", signed)


@given(st.integers(0, 511))
def test_a_signature_with_one_bit_changed_does_not_fit(bit: int) -> None:
    altered = bytearray(ABC_SIGNATURE)
    altered[bit // 8] ^= 1 << bit % 8

    assert not verify.ed25519(ABC_KEY, ABC, bytes(altered))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=300))
def test_it_agrees_with_the_library(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()

    assert verify.ed25519(public, message, private.sign(message))


def test_a_second_writing_of_the_same_signature_is_refused() -> None:
    scalar = int.from_bytes(ABC_SIGNATURE[32:], "little") + ORDER
    second = ABC_SIGNATURE[:32] + scalar.to_bytes(32, "little")

    assert not verify.ed25519(ABC_KEY, ABC, second)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(31),
        b"\xff" * 32,  # y is not below the field's prime
        (2**255 - 19).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),  # x is 0 and said to be odd
        (2).to_bytes(32, "little"),  # no x belongs to it
    ],
)
def test_what_is_no_point_is_no_key(key: bytes) -> None:
    assert not verify.ed25519(key, ABC, ABC_SIGNATURE)


def test_a_signature_of_another_length_is_none() -> None:
    assert not verify.ed25519(ABC_KEY, ABC, ABC_SIGNATURE[:63])
    assert not verify.ed25519(ABC_KEY, ABC, ABC_SIGNATURE + b"\0")
    assert not verify.ed25519(ABC_KEY, ABC, b"")


HASHES = [merkle.leaf_hash(bytes([number])) for number in range(70)]


def test_peaks_give_the_root_of_any_size() -> None:
    for size in range(len(HASHES)):
        nodes = verify.peaks(b"".join(HASHES[:size]))

        assert verify.bagged(nodes) == merkle.root_of(HASHES[:size])


@given(st.data())
def test_proofs_as_the_log_makes_them(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(HASHES)))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root = merkle.root_of(HASHES[:size])

    def at(level: int, place: int) -> bytes:
        return merkle.root_of(HASHES[place << level : (place + 1) << level])

    path = merkle.inclusion_proof(index, size, at)
    assert verify.included(index, size, HASHES[index], path, root)
    assert not verify.included(index, size, HASHES[index], [*path, root], root)
    assert not verify.included(index, size, merkle.EMPTY_ROOT, path, root)
    way = merkle.consistency_proof(old, size, at)
    before = merkle.root_of(HASHES[:old])
    assert verify.consistent((old, before), (size, root), way)
    assert not verify.consistent((old, merkle.EMPTY_ROOT), (size, root), way)
    assert not verify.consistent((old, before), (size, root), [*way, root])
