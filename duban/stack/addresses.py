"""Where the database is, and by which login it is entered."""

from urllib.parse import urlsplit

from duban.settings import Settings
from duban.stack import home, keys
from duban.store.pool import dsn_for


def database_of(settings: Settings) -> str:
    """Return the database's address: from the environment, or that of the running stack.

    Raises:
        StackError: `stack.not_running`.
    """
    found = settings if settings.database_url is not None else home.fill_in(settings)
    assert found.database_url is not None
    return found.database_url.get_secret_value()


def address_for(settings: Settings, login: str) -> str:
    """Return the database's address with a login.

    Where the stack is our own, every login is open to us. An address from the environment that
    names somebody is taken as it is; one that names nobody stands for every login, whose passwords
    are in PostgreSQL's password file (`PGPASSFILE`, `~/.pgpass`).

    Raises:
        StackError: `stack.not_running`.
    """
    address = database_of(settings)
    if settings.database_url is None:
        return dsn_for(address, login, keys.postgres_secret(settings.home))
    return address if urlsplit(address).username else dsn_for(address, login)
