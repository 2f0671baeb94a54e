"""Checking a frame against its schema at a boundary, without any of its values getting out.

pandera's own exceptions hold the values that failed; whatever lets them escape writes them into the event log.
Every validation outside the gate goes through here, and only names of rules and counts leave.
"""

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrors


class BrokenContractError(Exception):
    """A frame is not what its schema promises. The message names rules and counts, never values."""


def broken_rules(
    frame: pl.DataFrame, schema: pa.DataFrameSchema, proof: pa.DataFrameSchema | None = None
) -> pl.DataFrame:
    """The rules that a frame breaks: ``regel``, ``kolom`` and ``aantal``; empty when it breaks none.

    ``proof`` is the same schema as one yes or no; where it says yes ``schema``, which is asked rule by rule, has
    nothing to add.
    """
    empty = pl.DataFrame(schema={"regel": pl.String, "kolom": pl.String, "aantal": pl.UInt32})
    if proof is not None and _holds(frame, proof):
        return empty
    # a frame without rows can only break what is asked of its columns; most soorten of most runs have none
    depth = ValidationDepth.SCHEMA_ONLY if frame.is_empty() else ValidationDepth.SCHEMA_AND_DATA
    try:
        with config_context(validation_depth=depth):
            schema.validate(frame, lazy=True)
    except (SchemaErrors, SchemaError) as error:
        cases = error.failure_cases
        if not isinstance(cases, pl.DataFrame):
            return pl.DataFrame({"regel": ["schema"], "kolom": [None], "aantal": [1]}, schema=empty.schema)
        counted = cases.group_by(regel="check", kolom="column").agg(aantal=pl.len()).sort("regel", "kolom")
        return empty.vstack(counted.select(pl.col(name).cast(kind) for name, kind in empty.schema.items()))
    return empty


def _holds(frame: pl.DataFrame, proof: pa.DataFrameSchema) -> bool:
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            proof.validate(frame, lazy=True)
    except (SchemaErrors, SchemaError):
        return False
    return True


def checked(frame: pl.DataFrame, schema: pa.DataFrameSchema) -> pl.DataFrame:
    """The frame, when it is what the schema promises. Raises BrokenContractError otherwise."""
    broken = broken_rules(frame, schema)
    if broken.height:
        rules = ", ".join(f"{rule} on {column or 'rows'} ({count})" for rule, column, count in broken.iter_rows())
        raise BrokenContractError(f"{schema.name}: {rules}")
    return frame
