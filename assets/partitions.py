"""How assets are partitioned: by school year, and deliveries by supplier and school year."""

import warnings

import dagster as dg

from jos_pipeline.region import Region

SUPPLIER, YEAR = "leverancier", "schooljaar"


def school_years(region: Region) -> dg.StaticPartitionsDefinition:
    return dg.StaticPartitionsDefinition(list(region.school_years))


def deliveries(region: Region, soort: str) -> dg.MultiPartitionsDefinition:
    """The grid that shows which supplier delivered a soort for which school year."""
    return dg.MultiPartitionsDefinition(
        {
            SUPPLIER: dg.StaticPartitionsDefinition([supplier.id for supplier in region.suppliers_of(soort)]),
            YEAR: school_years(region),
        }
    )


def by_school_year() -> dg.PartitionMapping:
    """From the grid of deliveries to a school year."""
    with warnings.catch_warnings():
        # Beta in 1.13; kept behind this one function so that a change of name is one line.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return dg.MultiToSingleDimensionPartitionMapping(YEAR)
