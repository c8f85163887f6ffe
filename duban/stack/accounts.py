"""Which system account PostgreSQL runs under: ours, unless we are root, whom it refuses.

A root user's checkout often lies in a folder only root may enter (`/root`, `mktemp -d`). Instead of
opening such folders to everybody, PostgreSQL is started as an ordinary account that keeps one right
of root: to pass closed folders. `setpriv` (util-linux) does that; without it the folders decide.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from duban.stack.errors import StackError

ROOT = 0
_SERVICE_ACCOUNT = "nobody"
_PASS_CLOSED_FOLDERS = (
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    # access(2) would otherwise judge by the ordinary account alone.
    "--securebits=+no_setuid_fixup",
)


@dataclass(frozen=True)
class Account:
    """The account to switch to and how; `user` None means: stay who we are."""

    user: int | None = None
    group: int | None = None
    setpriv: str | None = None

    def command(self, argv: Sequence[str]) -> list[str]:
        """Return the command line that runs `argv` under this account."""
        if self.setpriv is None:
            return list(argv)
        identity = (f"--reuid={self.user}", f"--regid={self.group}")
        return [self.setpriv, *identity, *_PASS_CLOSED_FOLDERS, *argv]

    @property
    def switch(self) -> tuple[int | None, int | None]:
        """User and group the parent must switch to itself, because no `setpriv` does it."""
        return (None, None) if self.setpriv else (self.user, self.group)

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group)

    def require_entry(self, path: Path) -> None:
        """Refuse a path this account could not reach.

        Raises:
            StackError: `stack.home_closed`, naming the first closed folder.
        """
        if self.user is None or self.setpriv is not None:
            return
        for folder in reversed(path.resolve().parents):
            if not folder.stat().st_mode & 0o001:
                raise StackError("stack.home_closed", path=str(folder))


def account_for(data_dir: Path) -> Account:
    """Return the account for a data directory: its owner if it has one, `nobody` for root."""
    if os.geteuid() != ROOT:
        return Account()
    entry = pwd.getpwnam(_SERVICE_ACCOUNT)
    user, group = entry.pw_uid, entry.pw_gid
    if data_dir.exists() and data_dir.stat().st_uid != ROOT:
        user, group = data_dir.stat().st_uid, data_dir.stat().st_gid
    return _able(Account(user, group, shutil.which("setpriv")))


def _able(account: Account) -> Account:
    """Do without `setpriv` where it is not allowed to work, as in a container without rights."""
    if account.setpriv is None:
        return account
    trial = subprocess.run(account.command(["true"]), capture_output=True, check=False)
    return account if trial.returncode == 0 else replace(account, setpriv=None)
