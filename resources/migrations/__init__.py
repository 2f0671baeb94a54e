"""The revisions of the warehouse's tables, for alembic. ``resources.revisions`` applies them."""
