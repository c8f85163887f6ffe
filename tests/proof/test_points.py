"""Keys that bind: points of the curve written in their one way, none of them of small order."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from duban.bundle import verify
from duban.proof.notes import ED25519, Signature, VerifierKey
from duban.proof.points import binds

P = 2**255 - 19
EIGHTH = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
"""The y of a point of order eight, from the list that libsodium keeps."""
SMALL = [y | sign << 255 for y in (0, 1, P - 1, EIGHTH, P - EIGHTH) for sign in (0, 1)]
NEUTRAL = (1).to_bytes(32, "little")


def test_under_a_key_of_small_order_anybody_signs_anything() -> None:
    key = VerifierKey("w", ED25519, NEUTRAL)

    assert key.verifies("whatever\n", Signature("w", key.key_id, NEUTRAL + bytes(32)))


@pytest.mark.parametrize("encoded", [*SMALL, *(y + P for y in range(19))])
def test_small_orders_and_second_writings_do_not_bind(encoded: int) -> None:
    public = encoded.to_bytes(32, "little")

    assert not binds(public)
    assert not verify.binds(public)


@given(seed=st.binary(min_size=32, max_size=32))
def test_the_key_of_any_seed_binds(seed: bytes) -> None:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    assert binds(public)
    assert verify.binds(public)


@given(public=st.binary(min_size=32, max_size=32))
def test_both_checkers_agree_on_what_is_a_point(public: bytes) -> None:
    assert binds(public) is verify.binds(public)
