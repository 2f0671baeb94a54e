"""How assets are partitioned: by school year, and deliveries by supplier and school year."""

import warnings

import dagster as dg
import pandas as pd

from jos_pipeline.ledger import years_with_deliveries
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


def year_of_check(context: dg.AssetCheckExecutionContext, known: pd.DataFrame) -> str:
    """The school year of the run; of a check that is started by itself, the latest with deliveries."""
    execution = context.op_execution_context
    if execution.has_partition_key:
        return str(execution.partition_key)
    years = years_with_deliveries(known)
    if not years:
        raise dg.Failure("Er is nog niets geleverd. Start de job 'verwerk'.", allow_retries=False)
    return years[-1]
