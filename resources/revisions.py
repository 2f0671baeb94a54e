"""Which revision the tables of a warehouse have, and bringing them to the newest one.

Part of the transaction of the caller, who holds the lock of whoever writes: a crash leaves the old tables, and of two
processes at once the second finds nothing to do. There is no way back but a copy from before.

    python -m resources.revisions "what changes"

writes a revision for what ``schemas.warehouse`` has and no revision makes: to be read, and to be kept.
"""

import sys
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from schemas.warehouse import schema_revisie

VERSION_TABLE = schema_revisie.name
"""Not alembic's own name for it: Dagster has a table by that name, and may share a database with the warehouse."""
_SCRIPTS = Path(__file__).parent / "migrations"


class NewerWarehouseError(Exception):
    """The warehouse was made by a newer version of the program. The message (Dutch) says what to do."""


def is_behind(connection: sa.Connection) -> bool:
    """Whether ``upgrade`` has anything to do.

    A warehouse without a revision is new, or from before there were any. Raises NewerWarehouseError.
    """
    present = revision_of(connection)
    if present is not None and present not in _known():
        raise NewerWarehouseError(
            f"het warehouse heeft revisie {present} en dit programma kent die niet: installeer de nieuwste versie"
        )
    return present != _known()[-1]


def upgrade(connection: sa.Connection) -> None:
    """Brings the tables to the newest revision (``Database.rebuild``). Raises NewerWarehouseError."""
    if is_behind(connection):  # asked again: another process may have been first
        from alembic import command  # noqa: PLC0415 - only when there is something to do

        command.upgrade(_config(connection), "head")


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of the tables; None when none was recorded."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(sa.select(schema_revisie.c.version_num)).scalar()


@cache
def _known() -> list[str]:
    """The numbers of all revisions, in order."""
    return sorted(path.name.partition("_")[0] for path in (_SCRIPTS / "versions").glob("[0-9]*.py"))


def _config(connection: sa.Connection):  # noqa: ANN202 - alembic is imported late
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _write(message: str) -> None:
    """Writes the revision that brings the newest one to ``schemas.warehouse``."""
    from alembic import command  # noqa: PLC0415

    from resources.database import Database  # noqa: PLC0415 - for whoever writes a revision only

    with Database("sqlite://").rebuild() as connection:
        upgrade(connection)
        number = f"{int(_known()[-1]) + 1:04}"
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    _write(sys.argv[1])
