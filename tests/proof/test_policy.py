"""Policy files: what they say, what a quorum is, and what is wrong with them on which line."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof.errors import PolicyError
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, SignerKey, VerifierKey
from duban.proof.policy import Group, Policy, PolicyFault

ORIGIN = "duban.example/trail"
TEXT = f"{ORIGIN}\n1\nroot\n"


def log_key(number: int = 0, name: str = ORIGIN) -> SignerKey:
    return SignerKey(name, ED25519, bytes([1, number] * 16))


def witness_key(number: int) -> SignerKey:
    return SignerKey(f"witness.example/w{number}", COSIGNATURE, bytes([2, number] * 16))


def key_of(public: bytes, algorithm: int = ED25519) -> str:
    return VerifierKey("w.example", algorithm, public).format()


LOG = f"log {log_key().public.format()}"
X1, X2, X3, Y1, Y2, Y3 = (
    f"{n} {witness_key(i).public.format()}"
    for i, n in enumerate(("X1", "X2", "X3", "Y1", "Y2", "Y3"))
)
# The example of C2SP tlog-policy, with keys.
EXAMPLE = f"""{LOG}

witness X1 {X1[3:]}
witness X2 {X2[3:]}
witness X3 {X3[3:]}
group X-witnesses 2 X1 X2 X3

witness Y1 {Y1[3:]}
witness Y2 {Y2[3:]}
witness Y3 {Y3[3:]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
NAMES = ("X1", "X2", "X3", "Y1", "Y2", "Y3")


def fault_of(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        Policy.parse(text)
    return caught.value


def test_the_example_of_the_specification_is_read() -> None:
    policy = Policy.parse(EXAMPLE)

    assert [each.key for each in policy.logs] == [log_key().public]
    assert tuple(each.name for each in policy.witnesses) == NAMES
    assert policy.witnesses[4].key == witness_key(4).public
    assert policy.groups == (
        Group("X-witnesses", 2, ("X1", "X2", "X3")),
        Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
        Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert (policy.quorum, policy.origin, policy.writers) == ("X-and-Y", ORIGIN, ())
    assert (policy.tolerance, policy.mmd, policy.stale) == (2, 60, 180)


def test_the_example_holds_for_two_of_the_one_and_one_of_the_other() -> None:
    policy = Policy.parse(EXAMPLE)

    for count in range(len(NAMES) + 1):
        for cosigners in combinations(NAMES, count):
            firsts = sum(each.startswith("X") for each in cosigners)
            expected = firsts >= 2 and count - firsts >= 1
            assert policy.satisfied(cosigners) is expected, cosigners


def test_names_of_groups_and_strangers_cosign_nothing() -> None:
    policy = Policy.parse(EXAMPLE)

    assert not policy.satisfied(["X-and-Y", "X-witnesses", "Y-witnesses", "none", "Z1"])
    assert not policy.satisfied(["X1", "X1", "Y1"])


def test_a_quorum_may_be_one_witness_or_nobody() -> None:
    one = Policy.parse(f"witness X1 {X1[3:]}\nwitness X2 {X2[3:]}\nquorum X2\n")
    nobody = Policy.parse("quorum none")

    assert one.satisfied(["X2"])
    assert not one.satisfied(["X1"])
    assert nobody.satisfied([])
    assert (nobody.logs, nobody.origin) == ((), None)


def test_own_lines_urls_comments_and_blanks() -> None:
    policy = Policy.parse(
        f"# 监督组\n\t {LOG}\thttps://log.example/ \n"
        f"witness 档案馆 {X1[3:]} http://w.example:8780\n  # quorum none\n"
        "writer duban_worker duban_sequencer\nquorum 档案馆\nwriter duban_keeper\n"
        "tolerance 0\nmmd 5\nstale 600"
    )

    assert policy.logs[0].url == "https://log.example/"
    assert policy.witnesses[0].url == "http://w.example:8780"
    assert policy.satisfied(["档案馆"])
    assert policy.writers == ("duban_worker", "duban_sequencer", "duban_keeper")
    assert (policy.tolerance, policy.mmd, policy.stale) == (0, 5, 600)


def test_the_origin_is_named_where_there_are_several() -> None:
    other = f"log {log_key(1, 'other.example').public.format()}"

    assert Policy.parse(f"{LOG}\n{other}\nquorum none").origin is None
    named = Policy.parse(f"origin {ORIGIN}\n{LOG}\n{other}\nquorum none")
    assert named.origin == ORIGIN
    assert named.log_keys("other.example") == (log_key(1, "other.example").public,)
    assert named.log_keys("nobody.example") == ()


WRONG: dict[str, tuple[str, PolicyFault, int, str]] = {
    "windows line ends": (f"{LOG}\r\nquorum none", PolicyFault.CONTROL_CHARACTER, 1, "U+000D"),
    "a form feed": ("quorum none\n\fx", PolicyFault.CONTROL_CHARACTER, 2, "U+000C"),
    "delete": ("# \x7f", PolicyFault.CONTROL_CHARACTER, 1, "U+007F"),
    "an unknown word": ("quorum none\n\nlogs x", PolicyFault.KEYWORD, 3, "logs"),
    "a byte order mark": ("\ufeffquorum none", PolicyFault.KEYWORD, 1, "\ufeffquorum"),
    "a capital": ("Quorum none", PolicyFault.KEYWORD, 1, "Quorum"),
    "a blank that is none": ("quorum\u3000none", PolicyFault.KEYWORD, 1, "quorum\u3000none"),
    "too few words": ("quorum", PolicyFault.WORDS, 1, "quorum"),
    "too many words": (f"{LOG} a b", PolicyFault.WORDS, 1, "log"),
    "a group of nobody": ("group g any", PolicyFault.WORDS, 1, "group"),
    "a cut key": (LOG[:-1], PolicyFault.KEY, 1, ORIGIN),
    "a witness's key for a log": (f"log {X1[3:]}", PolicyFault.KEY, 1, "witness.example/w0"),
    "a log's key for a witness": (f"witness w {LOG[4:]}", PolicyFault.KEY, 1, ORIGIN),
    "a private key": (f"log {log_key().format()}", PolicyFault.KEY, 1, "PRIVATE"),
    "a log twice": (f"{LOG}\n{LOG}", PolicyFault.KEY_TWICE, 2, ORIGIN),
    "a key under two names": (
        f"{LOG}\nlog {log_key(0, 'other.example').public.format()}",
        PolicyFault.KEY_TWICE,
        2,
        "other.example",
    ),
    "a witness's key twice": (
        f"witness a {X1[3:]}\nwitness b {X1[3:]}",
        PolicyFault.KEY_TWICE,
        2,
        "witness.example/w0",
    ),
    "a log's key for its witness as well": (
        f"{LOG}\nwitness w {key_of(log_key().public.public, COSIGNATURE)}",
        PolicyFault.KEY_TWICE,
        2,
        "w.example",
    ),
    "a key of small order": (
        f"witness w {key_of((1).to_bytes(32, 'little'), COSIGNATURE)}",
        PolicyFault.KEY_WEAK,
        1,
        "w.example",
    ),
    "a key that is no point": (
        f"log {key_of((2).to_bytes(32, 'little'))}",
        PolicyFault.KEY_WEAK,
        1,
        "w.example",
    ),
    "a key written in a second way": (
        f"log {key_of((2**255 - 19 + 3).to_bytes(32, 'little'))}",
        PolicyFault.KEY_WEAK,
        1,
        "w.example",
    ),
    "a name twice": (
        f"witness a {X1[3:]}\nwitness a {X2[3:]}",
        PolicyFault.NAME_TWICE,
        2,
        "a",
    ),
    "a group named as its member": (
        f"witness a {X1[3:]}\ngroup a any a",
        PolicyFault.NAME_TWICE,
        2,
        "a",
    ),
    "a witness named none": (f"witness none {X1[3:]}", PolicyFault.NAME_TWICE, 1, "none"),
    "a member from below": (
        f"group g any a\nwitness a {X1[3:]}",
        PolicyFault.NAME_UNKNOWN,
        1,
        "a",
    ),
    "none as a member": ("group g any none", PolicyFault.NAME_UNKNOWN, 1, "none"),
    "a quorum from below": (
        f"quorum a\nwitness a {X1[3:]}",
        PolicyFault.NAME_UNKNOWN,
        1,
        "a",
    ),
    "a member twice": (
        f"witness a {X1[3:]}\ngroup g all a a",
        PolicyFault.MEMBER_TWICE,
        2,
        "a",
    ),
    "a member of two groups": (
        f"witness a {X1[3:]}\ngroup g all a\ngroup h any a",
        PolicyFault.MEMBER_TWICE,
        3,
        "a",
    ),
    "a threshold of nothing": (
        f"witness a {X1[3:]}\ngroup g 0 a",
        PolicyFault.THRESHOLD,
        2,
        "0",
    ),
    "a threshold nobody reaches": (
        f"witness a {X1[3:]}\ngroup g 2 a",
        PolicyFault.THRESHOLD,
        2,
        "2",
    ),
    "a threshold in other digits": (
        f"witness a {X1[3:]}\ngroup g １ a",
        PolicyFault.THRESHOLD,
        2,
        "１",
    ),
    "a time with a unit": ("quorum none\nstale 3m", PolicyFault.NUMBER, 2, "3m"),
    "a negative time": ("mmd -1", PolicyFault.NUMBER, 1, "-1"),
    "an endless number": (f"mmd {'9' * 5000}", PolicyFault.NUMBER, 1, "9" * 5000),
    "two quorums": ("quorum none\nquorum none", PolicyFault.LINE_TWICE, 2, "quorum"),
    "two tolerances": ("tolerance 1\ntolerance 1", PolicyFault.LINE_TWICE, 2, "tolerance"),
    "no quorum": (f"{LOG}\n", PolicyFault.QUORUM_MISSING, 2, ""),
    "nothing": ("", PolicyFault.QUORUM_MISSING, 1, ""),
    "an origin without its log": (
        f"quorum none\norigin x\n{LOG}",
        PolicyFault.ORIGIN_UNKNOWN,
        2,
        "x",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_line(name: str) -> None:
    text, fault, line, found = WRONG[name]

    error = fault_of(text)

    assert (error.fault, error.line, error.found) == (fault, line, found)
    assert str(error).startswith(f"line {line}: {fault}")


def test_every_fault_is_shown_by_a_file() -> None:
    assert {fault for _, fault, _, _ in WRONG.values()} == set(PolicyFault)


def test_a_private_key_in_the_wrong_place_is_not_repeated() -> None:
    secret = log_key().format()

    error = fault_of(f"log {secret}")

    assert secret.rpartition("+")[2] not in str(error)


@st.composite
def policies(draw: st.DrawFn) -> str:
    """Return a sound policy of some witnesses and groups in groups."""
    free = [f"w{n}" for n in range(draw(st.integers(1, 6)))]
    lines = [f"witness {n} {witness_key(i).public.format()}" for i, n in enumerate(free)]
    number = 0
    while len(free) > 1 and draw(st.booleans()):
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        needed = draw(st.sampled_from(["any", "all", str(draw(st.integers(1, len(members))))]))
        number += 1
        lines.append(f"group g{number} {needed} {' '.join(members)}")
        free = [each for each in free if each not in members] + [f"g{number}"]
    lines.append(f"quorum {draw(st.sampled_from([*free, 'none']))}")
    lines += draw(st.sampled_from([[], ["writer a b"], ["stale 9", LOG], ["mmd 1", LOG + " u"]]))
    return "\n".join(lines)


@given(text=policies())
def test_a_policy_that_is_written_and_read_is_the_same(text: str) -> None:
    policy = Policy.parse(text)

    assert Policy.parse(policy.format()) == policy


@given(text=policies(), data=st.data())
def test_more_cosigners_never_undo_a_quorum(text: str, data: st.DataObject) -> None:
    policy = Policy.parse(text)
    names = [each.name for each in policy.witnesses]
    some = data.draw(st.lists(st.sampled_from(names)))
    more = data.draw(st.lists(st.sampled_from(names)))

    assert policy.satisfied([*some, *more]) or not policy.satisfied(some)
    assert policy.satisfied(names)


def test_who_signed_and_cosigned_a_note() -> None:
    old, new, stranger = log_key(0), log_key(1), log_key(2)
    policy = Policy.parse(
        f"{LOG}\nlog {new.public.format()}\nwitness X1 {X1[3:]}\nwitness X2 {X2[3:]}\nquorum X1"
    )
    signed = [old.sign(TEXT), new.sign(TEXT), stranger.sign(TEXT)]
    times = [witness_key(0).cosign(TEXT, at) for at in (7, 9, 8)]
    note = SignedNote(TEXT, (*signed, *times, witness_key(5).cosign(TEXT, 1)))
    changed = SignedNote(TEXT.replace("1", "2"), note.signatures)

    assert policy.signers(note) == (old.public, new.public)
    assert policy.cosigned(note) == {"X1": 9}
    assert policy.satisfied(policy.cosigned(note))
    assert policy.signers(changed) == ()
    assert policy.cosigned(changed) == {}


def test_a_log_cannot_sign_for_another() -> None:
    policy = Policy.parse(f"{LOG}\nquorum none")
    text = "other.example\n1\nroot\n"

    assert policy.signers(SignedNote(text, (log_key().sign(text),))) == ()
