"""Every seed gets its verdict: outcome, all its codes, and where it matters the rows and the counts."""

import json

import pytest

from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.verdict import Outcome, verdict_json
from schemas.findings import FINDINGS
from tests.hostile import content, personal, shape, workbooks
from tests.hostile.seed import BSN, Seed
from tests.records import region

SEEDS = [*shape.SEEDS, *workbooks.SEEDS, *personal.SEEDS, *content.SEEDS]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_seed_gets_its_verdict(seed: Seed) -> None:
    verdict = judge(seed.build(), seed.file_name, seed.modified, region(), seed.supplier, seed.limits)
    found = {finding.code: finding for finding in verdict.findings}
    assert (verdict.oordeel, set(found)) == (seed.outcome, seed.codes)
    assert {code: found[code].rijen for code in seed.rows} == seed.rows
    assert {code: found[code].aantal for code in seed.counts} == seed.counts
    assert (verdict.accepted is None) == (seed.outcome is Outcome.AFGEKEURD)
    if seed.height is not None:
        assert verdict.accepted is not None
        assert verdict.accepted.height == seed.height
    written = json.dumps(verdict_json(verdict), ensure_ascii=False)
    assert BSN not in written
    assert "{" not in "".join(finding.melding for finding in verdict.findings), "a message is filled in"


def test_there_are_enough_seeds_and_each_has_its_own_name() -> None:
    assert len({seed.name for seed in SEEDS}) == len(SEEDS) >= 150


def test_every_code_about_reading_has_a_seed() -> None:
    """A code without a file that gets it is a promise that nobody keeps."""
    given = set().union(*(seed.codes for seed in SEEDS))
    reading = {f"JOS-E{number:03d}" for number in (*range(1, 8), *range(60, 70))}
    reading |= {f"JOS-S{number:03d}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10, *range(20, 25))}
    assert reading <= set(FINDINGS)
    assert reading - given == set()
