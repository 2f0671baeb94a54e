"""A refused file can be judged again: the same bytes and name may stand twice, but are accepted once.

A warehouse whose revision was forgotten may have all this; then nothing is done.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ACCEPTED = "oordeel IN ('geaccepteerd', 'geaccepteerd_met_afkeur')"


def upgrade() -> None:
    if "getoetst_aan" in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("levering")}:
        return
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    # the constraint was never given a name: PostgreSQL chose one, SQLite has none
    convention = {"uq": "uq_%(table_name)s"} if on_sqlite else None
    unique = "uq_levering" if on_sqlite else "levering_leverancier_sha256_bestand_key"
    with op.batch_alter_table("levering", naming_convention=convention) as changed:
        changed.drop_constraint(unique, type_="unique")
        changed.add_column(sa.Column("getoetst_aan", sa.String(length=64), nullable=True))
    op.create_index("levering_inhoud", "levering", ["leverancier", "sha256", "bestand"])
    op.create_index(
        "levering_aangenomen",
        "levering",
        ["leverancier", "sha256"],
        unique=True,
        sqlite_where=sa.text(ACCEPTED),
        postgresql_where=sa.text(ACCEPTED),
    )
