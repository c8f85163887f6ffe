"""What can go wrong with the servers; each code has its sentence in `duban.texts`.

| code | params | meaning |
|---|---|---|
| stack.port_taken | port, variable | somebody else listens there |
| stack.server_unreachable | server, address | a server named in the environment does not answer |
| stack.already_running | home, pid | `duban up` runs for this home already |
| stack.not_running | home | there is nothing to stop, or no address to tell |
| stack.start_failed | name, log | a server of ours did not come up; its log says why |
| stack.child_died | name, log | a server of ours ended by itself |
| stack.program_missing | name | the `embedded` extra is not installed |
| stack.home_closed | path | the account PostgreSQL runs under may not enter its folder |
| stack.trail_key_missing | variable | with one's own database the trail key must be given |
| stack.payload_keys_missing | variable | with servers of one's own a key file must be named |
"""

from duban.errors import DubanError


class StackError(DubanError):
    """A server could not be started, reached or stopped; the code says which and what to do."""

    code = "stack.start_failed"
