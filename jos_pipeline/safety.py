"""A second look at what is about to be published, sharing no code with the suppressor.

It knows the internal counts and counts the visible figures that rest on too few people. What can be derived by
combining figures is the auditor's work; here is the plain rule, checked apart.
"""

import polars as pl

KEYS = ["indicator", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]


def small_and_visible(cube: pl.DataFrame, rows: pl.DataFrame, k: int) -> int:
    """How many rows show a value, teller or noemer although fewer than ``k`` pupils, or fewer than two
    professionals, stand behind it. ``cube`` holds the internal counts of the same rows; raises ValueError for a row
    of which it holds none."""
    if strangers := rows.join(cube, on=KEYS, how="anti").height:
        raise ValueError(f"{strangers} rows to publish are not in the cube")
    shown = pl.any_horizontal(pl.col(f"{name}_zichtbaar").is_not_null() for name in ("waarde", "teller", "noemer"))
    visible = rows.select(*KEYS, *(pl.col(name).alias(f"{name}_zichtbaar") for name in ("waarde", "teller", "noemer")))
    joined = cube.join(visible, on=KEYS, how="inner", validate="1:1").filter(shown)
    too_small = (
        (pl.col("teller_personen") < k).fill_null(value=False)
        | (pl.col("noemer_personen") < k).fill_null(value=False)
        | (pl.col("teller_medewerkers") < 2).fill_null(value=False)
    )
    return joined.filter(too_small).height
