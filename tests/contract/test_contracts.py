"""Mutation test of the contracts: every rule of every contract rejects exactly the row that breaks it.

The rules and the violations are both derived from the definitions, so a rule that is added without effect, or
that also rejects what is right, fails here.
"""

import pytest

from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.rows import rules_of
from jos_pipeline.intake.verdict import Outcome
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS, Severity
from tests.records import (
    PEILDATUM,
    csv_bytes,
    delivery,
    lenient_region,
    name_of,
    region,
    remarkable,
    supplier_of,
    valid_records,
    violations,
    xlsx_bytes,
)

SOORTEN = list(CONTRACTS)
BAD_ROW = 23


def _judge(soort, data, suffix="csv"):
    return judge(data, name_of(soort, suffix), PEILDATUM, region(), supplier_of(soort))


@pytest.mark.parametrize("soort", SOORTEN)
def test_valid_records_pass_without_any_finding(soort):
    verdict = _judge(soort, delivery(soort))
    assert verdict.oordeel is Outcome.GEACCEPTEERD
    assert verdict.findings == ()
    assert (verdict.rijen, verdict.rijen_afgekeurd, verdict.rejected.height) == (40, 0, 0)
    contract = CONTRACTS[soort]
    assert verdict.accepted.columns == [*contract.by_name, *contract.companions]
    assert verdict.accepted.height == 40


@pytest.mark.parametrize("soort", SOORTEN)
def test_csv_and_workbook_give_the_same_frame(soort):
    from_book = _judge(soort, xlsx_bytes(valid_records(soort)), "xlsx")
    assert from_book.accepted.equals(_judge(soort, delivery(soort)).accepted)


@pytest.mark.parametrize("soort", SOORTEN)
def test_every_rule_rejects_exactly_the_row_that_breaks_it(soort):
    """All violations of a soort in one file, each between valid rows: every one is found, and nothing else."""
    cases = violations(soort)
    records = [
        row for case, valid in zip(cases, valid_records(soort, len(cases)), strict=True) for row in (case.record, valid)
    ]
    verdict = judge(csv_bytes(records), name_of(soort), PEILDATUM, lenient_region(), supplier_of(soort))
    rows = [2 * place + 2 for place in range(len(cases))]
    expected = {row: (case.why, [case.code]) for row, case in zip(rows, cases, strict=True)}
    found = dict(zip(verdict.rejected["rij"], verdict.rejected["codes"].to_list(), strict=True))
    assert {row: (expected.get(row, ("valid row",))[0], codes) for row, codes in found.items()} == expected
    assert verdict.oordeel is Outcome.MET_AFKEUR
    assert verdict.accepted.height == len(cases)
    for finding in verdict.findings:
        broken = [
            row
            for row, case in zip(rows, cases, strict=True)
            if (case.code, case.kolom) == (finding.code, finding.kolom)
        ]
        assert (list(finding.rijen), finding.aantal) == (broken[:100], len(broken)), finding


@pytest.mark.parametrize("soort", SOORTEN)
def test_one_bad_row_of_many_is_put_aside(soort):
    case = violations(soort)[0]
    records = valid_records(soort)
    records.insert(BAD_ROW - 2, case.record)
    verdict = _judge(soort, csv_bytes(records))
    assert [(one.code, one.kolom, one.rijen, one.aantal) for one in verdict.findings] == [
        (case.code, case.kolom, (BAD_ROW,), 1)
    ]
    assert verdict.oordeel is Outcome.MET_AFKEUR
    assert (verdict.accepted.height, verdict.rejected.height) == (40, 1)


@pytest.mark.parametrize("soort", SOORTEN)
def test_no_rule_is_without_a_violation(soort):
    """Every rule the gate says it checks is broken by some violation above, but the key, which has its own tests."""
    rules = {(rule.code, rule.kolom) for rule in rules_of(CONTRACTS[soort], frozenset(CONTRACTS[soort].by_name))}
    broken = {(violation.code, violation.kolom) for violation in violations(soort)}
    assert {rule for rule in rules if rule[0] != "JOS-E035"} == broken
    assert {code for code, _ in rules} <= set(FINDINGS)


@pytest.mark.parametrize("soort", SOORTEN)
def test_what_passed_is_told_for_every_rule(soort):
    verdict = _judge(soort, delivery(soort))
    rules = {(rule.code, rule.kolom) for rule in rules_of(CONTRACTS[soort], frozenset(CONTRACTS[soort].by_name))}
    assert {(one.code, one.kolom) for one in verdict.passes} == rules | {("JOS-E019", None)}
    assert all(one.aantal == 0 and one.rijen == () for one in verdict.passes)


REMARKS = [(soort, rule) for soort, contract in CONTRACTS.items() for rule in contract.remarks]


@pytest.mark.parametrize(("soort", "rule"), REMARKS, ids=[f"{soort}-{rule.name}" for soort, rule in REMARKS])
def test_every_remark_is_told_of_exactly_the_row_and_rejects_nothing(soort, rule):
    records = valid_records(soort)
    records.insert(BAD_ROW - 2, remarkable(CONTRACTS[soort], rule))
    verdict = _judge(soort, csv_bytes(records))
    assert [(one.code, one.ernst, one.kolom, one.rijen) for one in verdict.findings] == [
        (rule.code, Severity.SIGNAAL, rule.columns[-1], (BAD_ROW,))
    ]
    assert (verdict.oordeel, verdict.accepted.height) == (Outcome.GEACCEPTEERD, 41)


@pytest.mark.parametrize(("soort", "rule"), REMARKS, ids=[f"{soort}-{rule.name}" for soort, rule in REMARKS])
def test_a_remark_is_not_made_where_one_of_its_cells_is_empty(soort, rule):
    """Every cell that may be; what is not told cannot be wrong."""
    contract = CONTRACTS[soort]
    for name in (name for name in rule.columns if contract.by_name[name].may_be_empty):
        verdict = _judge(soort, csv_bytes([*valid_records(soort), remarkable(contract, rule) | {name: ""}]))
        assert rule.code not in {one.code for one in verdict.findings}, name


def test_a_delivery_of_help_that_began_before_its_toewijzing_counts():
    """A gemeente cannot mend that a toewijzing was made afterwards: all rows count, and it is told."""
    records = [row | {"aanmelddatum": "2022-10-01", "startdatum": "2022-09-15"} for row in valid_records("wachttijden")]
    verdict = _judge("wachttijden", csv_bytes(records))
    assert (verdict.oordeel, verdict.accepted.height) == (Outcome.GEACCEPTEERD, 40)
    assert {one.code: one.aantal for one in verdict.findings if one.kolom == "startdatum"} == {"JOS-S018": 40}


def test_a_consultatie_without_a_traject_and_other_work_with_one_are_right():
    record = valid_records("activiteiten", 1)[0]
    right = [("consultatie", ""), ("observatie", "T-1"), ("observatie", "")]
    rows = [record | {"activiteit": kind, "traject_id": number} for kind, number in right]
    assert _judge("activiteiten", csv_bytes(rows)).findings == ()


KEYED = [soort for soort, contract in CONTRACTS.items() if contract.key and not contract.spell]


@pytest.mark.parametrize("soort", KEYED)
def test_of_identical_rows_the_first_stays(soort):
    records = valid_records(soort)
    verdict = _judge(soort, csv_bytes([*records, records[4]]))
    assert [(one.code, one.rijen) for one in verdict.findings] == [("JOS-E035", (42,))]
    assert verdict.accepted.height == 40


@pytest.mark.parametrize("soort", KEYED)
def test_of_different_rows_with_one_key_none_stays(soort):
    contract = CONTRACTS[soort]
    records = valid_records(soort)
    other = records[4] | {
        name: records[5][name] for name in contract.by_name if name not in contract.key and name != "team"
    }
    verdict = _judge(soort, csv_bytes([*records, other]))
    assert [(one.code, one.rijen, one.aantal) for one in verdict.findings] == [("JOS-E035", (6, 42), 2)]
    assert verdict.accepted.height == 39


@pytest.mark.parametrize("soort", SOORTEN)
def test_optional_columns_may_be_left_out(soort):
    """Without the columns that may be absent a delivery is still whole; they come back empty."""
    contract = CONTRACTS[soort]
    needed = {field.name for field in contract.fields if field.required} | (
        {"school"} if "team" in contract.by_name else set()
    )
    closing = {rule.columns[0] for rule in contract.rules if rule.code == "JOS-E038"}
    records = [
        {name: "" if name in closing else text for name, text in record.items() if name in needed}
        for record in valid_records(soort)
    ]
    verdict = _judge(soort, csv_bytes(records))
    assert verdict.oordeel is Outcome.GEACCEPTEERD, verdict.findings
    assert verdict.accepted.columns == [*contract.by_name, *contract.companions]
    absent = [name for name in contract.by_name if name not in needed]
    assert all(verdict.accepted[name].null_count() == 40 for name in absent)


@pytest.mark.parametrize("soort", SOORTEN)
def test_every_required_column_is_missed(soort):
    contract = CONTRACTS[soort]
    for field in contract.fields:
        if not field.required:
            continue
        records = [
            {name: text for name, text in record.items() if name != field.name} for record in valid_records(soort)
        ]
        verdict = _judge(soort, csv_bytes(records))
        assert verdict.refused
        assert [(one.code, one.kolom) for one in verdict.findings] == [("JOS-E009", field.name)]
        assert verdict.accepted is None
        assert verdict.rejected is None
