"""TCP ports on the loopback interface: is this one free, and which one is."""

import socket

from duban.stack.errors import StackError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, variable: str) -> None:
    """Refuse a port that is in use.

    Args:
        port: the port one of our servers is about to listen on.
        variable: the environment variable that would move it, for the message.

    Raises:
        StackError: `stack.port_taken`.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A port whose last connections are still in TIME_WAIT is free for a server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise StackError("stack.port_taken", port=port, variable=variable) from None
