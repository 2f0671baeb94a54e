"""What alembic runs: the revisions, on the connection and in the transaction of whoever asked for them."""

from typing import Any, Literal

from alembic import context

from resources.revisions import VERSION_TABLE
from schemas.parts import Moment
from schemas.warehouse import metadata


def _written(kind: str, item: object, _context: Any) -> str | Literal[False]:
    """How a new revision writes a type: a revision must not change with our own ones."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot change a table in place
    render_item=_written,
)
with context.begin_transaction():
    context.run_migrations()
