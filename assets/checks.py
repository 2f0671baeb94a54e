"""Asset checks on the region's own lists. They warn: a person has to look.

Contract and disclosure checks stand with the assets they guard, since they block what follows; those on the delivery
calendar in ``assets.calendar``, those on the contents of deliveries in ``assets.expectations``.
"""

import dagster as dg

from assets.bronnen import GROUP as SOURCES
from assets.guarded import guarded
from jos_pipeline.clock import today
from jos_pipeline.opendata import DUO_VESTIGINGEN
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource


def all_checks(region: Region) -> list[dg.AssetChecksDefinition]:
    return [
        _schools_check(region),
    ]


def _schools_check(region: Region) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=[SOURCES, DUO_VESTIGINGEN.name],
        name="scholenlijst_klopt",
        description="De gemeente van elke school in de lijst van de regio is die in het register van DUO. "
        "The region's schools lie where DUO says they lie.",
    )
    @guarded
    def scholenlijst_klopt(lake: LakeResource) -> dg.AssetCheckResult:
        duo = dict(
            lake.open().read_layer(SOURCES, DUO_VESTIGINGEN.name, "actueel").select("school", "gemeente").iter_rows()
        )
        listed = {school.school: school.gemeente for school in region.schools_on(today())}
        wrong = [school for school, gemeente in listed.items() if school in duo and duo[school] != gemeente]
        return dg.AssetCheckResult(
            passed=not wrong,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "scholen": len(listed),
                "niet_in_duo": ", ".join(sorted(set(listed) - set(duo))) or "geen",
                "andere_gemeente": ", ".join(wrong) or "geen",
            },
        )

    return scholenlijst_klopt
