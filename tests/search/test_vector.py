"""The words of an entry as the database sends them."""

import asyncpg
import pytest

from duban.store.grams import vector


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["防汛"],
        ["b", "a", "ab", "04", "督办", "办", "督", "\U00020000", "for:P-1", "é", "~", "ｚ"],
        ["消防", "防通", "通道", "道"] + [f"w{n}" for n in range(300)],
    ],
)
async def test_words_are_sent_as_the_verifier_expects_them(
    postgres_dsn: str, words: list[str]
) -> None:
    connection = await asyncpg.connect(postgres_dsn)
    try:
        sent = await connection.fetchval("SELECT tsvectorsend(array_to_tsvector($1))", words)
    finally:
        await connection.close()
    assert vector(set(words)) == sent
