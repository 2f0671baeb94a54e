"""What every table of the warehouse is made of: moments in UTC, and columns that say in Dutch what they hold.

The tables stand in ``schemas.warehouse`` and ``schemas.registered``; ``metadata`` is theirs together.
"""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

ALWAYS = date(1900, 1, 1)
"""``geldig_van`` of what has no first day: a primary key cannot be empty."""


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone, so it is put back on reading.

    Raises ValueError for a moment without a time zone.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the warehouse has a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def required(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def optional(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def key(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False, autoincrement=False, comment=comment)
