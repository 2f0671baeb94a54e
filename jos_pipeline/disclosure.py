"""temp"""
import polars as pl
def protect(cube, areas, k):
    small=(pl.col("teller_personen")<k).fill_null(False)|(pl.col("noemer_personen")<k).fill_null(False)|(pl.col("teller_medewerkers")<2).fill_null(False)
    c=cube.with_columns(h=small)
    cols=[x for x in cube.columns if x not in ("teller_maat","noemer_maat","teller_personen","noemer_personen","teller_medewerkers","publiek_totaal","personen")]
    return c.with_columns(waarde_status=pl.when("h").then(pl.lit("onderdrukt")).otherwise("waarde_status"),**{x:pl.when("h").then(None).otherwise(x) for x in("waarde","teller","noemer","rang")}).select(cols)
