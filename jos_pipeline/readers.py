"""Who may read what in a warehouse on PostgreSQL, as SQL: made from the tables, and from the suppliers of the region.

    jos_lezer               the figures that are for everybody, and their views
    jos_partij_<supplier>   those, and of the deliveries and findings the supplier's own alone (row-level security)
    jos_beheer              every table

They cannot log in: the accounts of people become members. Nobody but the pipeline's own account writes. SQLite knows no
roles: there the file is readable or it is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from jos_pipeline.export.content import PUBLIC
from schemas import warehouse as tables
from schemas.views import publication_overview, views

FOR_READERS = (
    *(table.name for table in (*PUBLIC, tables.monitor_indicator_historie, tables.data_woordenboek)),
    *(view.name for view in (*views({}), publication_overview())),
)
FOR_PARTIES = (tables.levering.name, tables.bevinding.name)
"""Of these a supplier sees its own rows."""

_OWN = (
    "EXISTS (SELECT FROM pg_catalog.pg_roles role WHERE role.rolname = {prefix} || leverancier"
    " AND pg_has_role(role.oid, 'MEMBER'))"
)
_OF_OWN_DELIVERY = "EXISTS (SELECT FROM levering WHERE levering.id = bevinding.levering_id)"
"""Row-level security of ``levering`` holds within it."""
_DIALECT: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_MAKE = "DO $$ BEGIN CREATE ROLE {role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


@dataclass(frozen=True)
class Readers:
    """The roles of one warehouse. Roles belong to a whole server: two warehouses on it differ in ``prefix``."""

    prefix: str = "jos"

    @property
    def reader(self) -> str:
        return f"{self.prefix}_lezer"

    @property
    def steward(self) -> str:
        return f"{self.prefix}_beheer"

    @property
    def party(self) -> str:
        """What all suppliers have in common."""
        return f"{self.prefix}_partij"

    def party_of(self, supplier: str) -> str:
        return f"{self.party}_{supplier}"

    def statements(self, suppliers: Iterable[str]) -> list[str]:
        """The SQL, for the owner of the tables with CREATEROLE. Harmless when run again."""
        parties = [self.party_of(supplier) for supplier in suppliers]
        return [
            *(_MAKE.format(role=_name(role)) for role in (self.reader, self.steward, self.party, *parties)),
            f"GRANT USAGE ON SCHEMA public TO {_name(self.reader)}",
            f"GRANT {_name(self.reader)} TO {_name(self.steward)}, {_name(self.party)}",
            *(f"GRANT {_name(self.party)} TO {_name(role)}" for role in parties),
            self._select(FOR_READERS, self.reader),
            self._select(FOR_PARTIES, self.party),
            self._select((table.name for table in tables.metadata.sorted_tables), self.steward),
            *(f"ALTER TABLE {_name(table)} ENABLE ROW LEVEL SECURITY" for table in FOR_PARTIES),
            *self._policy("levering", self.party, _OWN.format(prefix=_text(f"{self.party}_"))),
            *self._policy("bevinding", self.party, _OF_OWN_DELIVERY),
            *(line for table in FOR_PARTIES for line in self._policy(table, self.steward, "true")),
        ]

    def _select(self, names: Iterable[str], role: str) -> str:
        return f"GRANT SELECT ON {', '.join(_name(name) for name in names)} TO {_name(role)}"

    def _policy(self, table: str, role: str, condition: str) -> list[str]:
        name = _name(f"{role}_ziet")
        return [
            f"DROP POLICY IF EXISTS {name} ON {_name(table)}",
            f"CREATE POLICY {name} ON {_name(table)} FOR SELECT TO {_name(role)} USING ({condition})",
        ]


def script(suppliers: Iterable[str]) -> str:
    """The SQL as one script: all of it, or nothing."""
    return "".join(f"{line};\n" for line in ("BEGIN", *Readers().statements(suppliers), "COMMIT"))


def _name(name: str) -> str:
    return _DIALECT.identifier_preparer.quote(name)


def _text(value: str) -> str:
    return str(sa.literal(value).compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
