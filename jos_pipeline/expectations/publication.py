"""The rows of a publication as the few numbers that the expectations are about."""

import polars as pl

from jos_pipeline.expectations.measures import Measure

SILENT = ("onderdrukt", "niet_geleverd", "geen_waarnemingen", "niet_van_toepassing")
"""Every waarde_status without a figure."""


def publication_measures(rows: pl.DataFrame) -> list[Measure]:
    """The measures of the table to be published."""
    shares = pl.col("waarde").filter(pl.col("eenheid") == "aandeel")
    too_large = (pl.col("eenheid") == "aandeel") & (pl.col("teller") > pl.col("noemer"))
    filled = pl.sum_horizontal(pl.col("waarde", "teller", "noemer", "rang").is_not_null().cast(pl.Int64))
    counted = rows.select(
        rijen_te_publiceren=pl.len(),
        kleinste_aandeel=shares.min(),
        grootste_aandeel=shares.max(),
        aandelen_met_te_grote_teller=too_large.sum(),
        grootste_dekking=pl.col("dekking").max(),
        gevulde_cellen_zonder_cijfer=filled.filter(pl.col("waarde_status").is_in(SILENT)).sum(),
    ).row(0, named=True)
    return [Measure(name, None if value is None else float(value)) for name, value in counted.items()]
