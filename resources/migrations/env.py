"""What alembic runs: the revisions, on the connection and in the transaction of whoever asked for them."""

from alembic import context

from resources.revisions import VERSION_TABLE
from schemas.warehouse import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite cannot change a table in place
)
with context.begin_transaction():
    context.run_migrations()
