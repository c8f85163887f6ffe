"""Why a sequencer refuses to sign; each code has its sentence in `duban.texts`.

| code | params | meaning |
|---|---|---|
| log.key_missing | variable | there is no key to sign with |
| log.key_invalid | reason | what was given is not a log's key |
| log.key_unknown | key, signed_by | another key has signed this log, and nothing names it |
| log.key_retired | key | it signed this log once and was changed for another |
| log.key_name | name, origin | a key of another name would be another log |
| log.not_in_policy | origin, file | the policy of the witnesses does not know this log |
| log.rolled_back | witness, seen, size | a witness has seen more than the database holds |
| log.forked | witness, size | a witness holds another tree of that size, which this log signed |
"""

from duban.errors import DubanError


class LogError(DubanError):
    """The log is not signed until a person has looked; the code says why."""

    code = "log.key_invalid"
