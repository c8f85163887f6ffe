"""Refusals and errors as sentences: params that are codes are turned into words first."""

from collections.abc import Mapping

from duban.texts.catalogue import Language, known, shown, text

# The kinds of words a param may be a code of, in the order in which they are tried.
_STATES = (
    "task_state",
    "goal_state",
    "plan_state",
    "extension_state",
    "deadline_status",
    "stage",
    "wanted",
)
_WORDS_OF: Mapping[str, tuple[str, ...]] = {
    "action": ("action",),
    "decider": ("role",),
    "facts": ("fact",),
    "given": ("evidence",),
    "ground": ("clock_stop",),
    "heard": ("stage",),
    "held": ("role",),
    "kind": ("kind",),
    "missing": ("document", "detail", "plan_state"),
    "needed": ("evidence",),
    "role": ("role",),
    "stage": ("stage",),
    "state": _STATES,
    "wanted": _STATES,
}


def term(prefix: str, value: object, lang: Language) -> str:
    """Return the word for a value of the kind `prefix`; the value itself where there is none."""
    key = f"{prefix}.{value}"
    return text(key, lang) if known(key) else str(value)


def explain(code: str, params: Mapping[str, object], lang: Language) -> str:
    """Return the sentence of a refusal or error, which ends with what to do next.

    A code may have a sentence of its own for a param that is given (`CODE.PARAM`). One that the
    catalogue does not hold comes from a newer part; it is shown with its params.
    """
    if not known(code):
        return f"{code} {dict(params)}" if params else code
    key = next((f"{code}.{name}" for name in params if known(f"{code}.{name}")), code)
    return text(key, lang, **{name: _worded(name, value, lang) for name, value in params.items()})


def worded(name: str, value: object, lang: Language) -> str:
    """Return the value of a param in words, as it stands in a sentence."""
    return shown(_worded(name, value, lang), lang)


def _worded(name: str, value: object, lang: Language) -> object:
    if isinstance(value, list | tuple):
        return [_worded(name, each, lang) for each in value]
    if name == "unmet":
        return _condition(str(value), lang)
    for prefix in _WORDS_OF.get(name, ()):
        if known(f"{prefix}.{value}"):
            return text(f"{prefix}.{value}", lang)
    return value


def _condition(said: str, lang: Language) -> str:
    """Return `G1.6: T-01` with the condition's own sentence before what it lacks."""
    number, colon, lacks = said.partition(": ")
    if not colon or not known(f"gate.{number}"):
        return said
    return f"{number} {text(f'gate.{number}', lang)} ({lacks})"
