"""What can be wrong with a rehearsal."""

from duban.errors import DubanError


class ScriptInvalid(DubanError):
    """The script cannot be read; `reason` names the place. Correct it and rehearse again."""

    code = "script.invalid"
