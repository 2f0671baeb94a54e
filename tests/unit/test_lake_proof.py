"""The one question that is asked of the deliveries in force says yes exactly when every rule of the contract holds."""

import polars as pl
import pytest

from jos_pipeline.boundary import broken_rules
from jos_pipeline.pseudonym import with_leerling_id
from schemas.columns import Kind
from schemas.contract import PRECISION, Contract
from schemas.contracts import CONTRACTS
from tests.records import accepted_frame

KEY = bytes(range(32))
WRONG = {
    Kind.CODE: "geen code",
    Kind.SCHOOL: "kort",
    Kind.MUNICIPALITY: "1",
    Kind.PSEUDONYM: "kort",
    Kind.TEXT: "\n;",
    Kind.INTEGER: -10_000_000,
    Kind.DECIMAL: -10_000_000.0,
    Kind.MASKED: -10_000_000,
}


def _frame(contract: Contract) -> pl.DataFrame:
    rows = with_leerling_id(accepted_frame(contract.soort), KEY)
    return rows.with_columns(leverancier=pl.lit("groeimee"))


def _variants(contract: Contract) -> dict[str, pl.DataFrame]:
    """The frame with one thing changed, by what it is; not every change breaks a rule. Of each kind one column is."""
    frame = _frame(contract)
    first = pl.int_range(pl.len()) == 0
    found = {
        "as it is": frame,
        "no rows": frame.clear(),
        "a row twice": pl.concat([frame, frame.head(1)]),
        "a row of another supplier": pl.concat([frame, frame.head(1).with_columns(leverancier=pl.lit("GM0375"))]),
        "a column too few": frame.drop(frame.columns[0]),
        "a column of another type": frame.with_columns(pl.lit(None, pl.Duration).alias(frame.columns[1])),
        "a column too many": frame.with_columns(onbekend=pl.lit(1)),
        "another order of columns": frame.select(reversed(frame.columns)),
    }
    for name, dtype in frame.schema.items():
        found[f"{name} is empty once"] = frame.with_columns(pl.when(~first).then(pl.col(name)).cast(dtype).alias(name))
    for field in {field.column.kind: field for field in contract.fields}.values():
        name = "leerling_id" if field.name == "pseudoniem" else field.name
        if field.column.kind in WRONG:
            wrong = pl.lit(WRONG[field.column.kind], frame.schema[name])
        elif field.column.kind is Kind.DATE:
            wrong = pl.date(1989, 12, 31)
            found[f"{name} is in no precision"] = frame.with_columns(pl.lit("uur").alias(name + PRECISION))
            last = pl.when(first).then(pl.date(2999, 1, 1)).otherwise(pl.col(name)).alias(name)
            found[f"{name} is far away once"] = frame.with_columns(last)
        else:
            continue
        found[f"{name} is wrong once"] = frame.with_columns(pl.when(first).then(wrong).otherwise(name).alias(name))
    return found


@pytest.mark.parametrize("soort", CONTRACTS)
def test_the_proof_says_no_exactly_where_a_rule_is_broken(soort):
    contract = CONTRACTS[soort]
    other = CONTRACTS["trajecten" if soort == "tlv" else "tlv"].lake_schema  # refuses everything, when it is asked
    variants = _variants(contract)
    holds = {what: broken_rules(frame, contract.lake_schema).is_empty() for what, frame in variants.items()}
    proved = {what: broken_rules(frame, other, contract.lake_proof).is_empty() for what, frame in variants.items()}
    assert proved == holds
    assert proved["as it is"]
    assert proved["no rows"]
    assert len([one for one in proved.values() if not one]) > len({field.column.kind for field in contract.fields})


def test_what_the_proof_refuses_is_told_by_the_rules_it_breaks():
    contract = CONTRACTS["trajecten"]
    frame = _frame(contract).with_columns(vorm=pl.lit("geen code"))
    told = broken_rules(frame, contract.lake_schema, contract.lake_proof)
    assert told.equals(broken_rules(frame, contract.lake_schema))
    assert told["kolom"].to_list() == ["vorm"]
