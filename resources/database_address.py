"""The address of a database: taken apart, shown without its password, and what people are told when it is no good.

Loads nothing that takes a second: ``jos doctor`` reads it too.
"""

import sqlite3

import sqlalchemy as sa

_NO_DATABASE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class UnreachableDatabaseError(Exception):
    """The database cannot be used. The message (Dutch) says what to do next, without a password."""


class NoDatabaseError(Exception):
    """The file of a warehouse is no database, or a broken one. The message (Dutch) says which and what to do next."""


def unusable(url: sa.URL, error: sa.exc.SQLAlchemyError) -> Exception | None:
    """What may be said of a database that gives no connection; None for an error of another kind."""
    if isinstance(error, sa.exc.OperationalError):
        return unreachable(url)
    if getattr(getattr(error, "orig", None), "sqlite_errorcode", None) in _NO_DATABASE:
        return NoDatabaseError(
            f"{url.database} is geen database, of is beschadigd: zet een back-up van dit bestand terug, "
            "of noem een ander in JOS_WAREHOUSE"
        )
    return None


def unreachable(url: sa.URL) -> UnreachableDatabaseError:
    return UnreachableDatabaseError(
        f"de database {shown(url)} is niet te bereiken: controleer JOS_WAREHOUSE, het netwerk en het wachtwoord"
    )


def shown(url: sa.URL) -> str:
    """An address as it may be told: an option may be a password too."""
    return url.set(query={}).render_as_string(hide_password=True)


def address(url: str) -> sa.URL:
    """A database URL, taken apart. Raises UnreachableDatabaseError, for a library would repeat it with its password."""
    try:
        parsed = sa.make_url(url)
        parsed.get_dialect()
    except (sa.exc.ArgumentError, ValueError):
        raise UnreachableDatabaseError(
            "JOS_WAREHOUSE is geen adres van een database: schrijf het als sqlite:///map/bestand.db "
            "of postgresql+psycopg://wie@server/naam"
        ) from None
    return parsed
