"""The catalogue: complete, consistent, and never changed without a new version."""

import json
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, small_region

from jos_pipeline.coverage import DUO, DUO_EXAMENS, Coverage, UnitCoverage
from jos_pipeline.indicators.catalogue import INDICATORS, changed_without_version, formulas
from jos_pipeline.indicators.context import View, ground_of, seen_in
from jos_pipeline.indicators.counting import passes, used_columns
from jos_pipeline.indicators.entry import Denominator, Indicator, Measure, Statistic, fingerprint
from jos_pipeline.indicators.narrow import narrowed
from jos_pipeline.linking import link
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS
from schemas.indicators import INDICATOR_IDS

SNAPSHOT = Path(__file__).parent / "catalogue_snapshot.json"
PROMISED = [
    "jos_leerlingen",
    "jos_bereik",
    "jos_aard",
    "jos_vorm",
    "jos_trajecten_nieuw",
    "jos_trajecten_lopend",
    "jos_trajecten_afgesloten",
    "jos_buiten_gemeente",
    "leerlingen",
    "scholen",
    "respons",
    "fte",
    "leerlingen_per_fte",
    "jos_leerlingen_per_fte",
    "uren",
    "consultaties",
    "observaties_adviezen",
    "inloopspreekuren",
    "inloopvragen",
    "collectief_bereik",
    "oudercontacten",
    "preventie_primair",
    "personele_wisselingen",
    "kortdurend",
    "trajectduur",
    "wachttijd_jos",
    "wachttijd_sociaal_team",
    "wachttijd_jeugdhulp",
    "binnen_norm_intake",
    "binnen_norm_start",
    "wachtend",
    "wachttijd_vso",
    "wachtend_vso",
    "overbrugging",
    "zonder_vervolg",
    "specialistisch_voorkomen",
    "warme_overdracht",
    "verwezen_specialistisch",
    "beschikkingen_via_jos",
    "jeugdhulp_verwijzer",
    "jeugdhulp_met_verblijf",
    "samenloop",
    "herhaald_beroep",
    "uitval_hulp",
    "nut",
    "zonder_hulp_verder",
    "doelrealisatie",
    "problematiek_top10",
    "thuiszitters",
    "thuiszitters_3mnd",
    "teruggeleid",
    "tlv_afgegeven",
    "terugstroom",
    "uitval_onderwijs",
    "uitval_onderwijs_jos",
    "duo_leerlingen",
    "verzuim_16uur",
    "verzuim_langdurig",
    "absoluut_verzuim",
    "jeugdhulp_gebruik",
    "externe_begeleiders",
    "samenwerking",
    "missie_bekend",
    "verbetering",
    "duo_slaagpercentage",
]
every_indicator = pytest.mark.parametrize("entry", INDICATORS.values(), ids=lambda entry: entry.id)


def test_every_promised_indicator_is_there() -> None:
    assert set(INDICATORS) == set(PROMISED) == set(INDICATOR_IDS.values)


def test_formulas_change_only_with_a_new_version() -> None:
    """When this fails: raise ``versie`` of the indicators named, then renew the snapshot.

    Renew it with ``json.dumps(formulas(), indent=1)``; a review of its diff is a review of the definitions.
    """
    before = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    assert changed_without_version(formulas(), before) == ()
    assert formulas() == before, "the snapshot is out of date"


def test_a_changed_formula_is_noticed_and_a_raised_version_lets_it_pass() -> None:
    entry = INDICATORS["zonder_vervolg"]
    measure = entry.teller
    other = Measure(measure.id, measure.table, measure.kind, measure.where & pl.col("overbrugging"))
    before = formulas()
    changed = replace(entry, teller=other)
    raised = replace(changed, versie=entry.versie + 1)
    assert changed_without_version(_as_formulas(changed), before) == ("zonder_vervolg",)
    assert changed_without_version(_as_formulas(raised), before) == ()
    assert changed_without_version(_as_formulas(replace(entry, definitie="Anders gezegd.")), before) == ()


def _as_formulas(entry: Indicator) -> dict[str, dict[str, object]]:
    return {entry.id: {"versie": entry.versie, "formule": fingerprint(entry)}}


def test_the_fingerprint_holds_the_words_behind_a_word() -> None:
    assert "begindatum" in fingerprint(INDICATORS["jos_leerlingen"]), "what actief means is part of the formula"
    for looked_up in ("tlv.geldig_op_b = ", "traject.actief = ", "jeugdhulp.actief = "):
        assert looked_up in fingerprint(INDICATORS["samenloop"]), "also what it means in another table"
    assert "begin_schooljaar" in fingerprint(INDICATORS["uitval_onderwijs_jos"])
    assert "structureel" in fingerprint(INDICATORS["jos_aard"]), "and what the category means"


@every_indicator
def test_entries_are_complete(entry: Indicator) -> None:
    assert entry.definitie.endswith(".")
    assert entry.naam
    assert entry.waarvandaan
    assert set(entry.bronnen) <= {*CONTRACTS, DUO, DUO_EXAMENS}
    divided = entry.statistiek in (Statistic.AANDEEL, Statistic.PER_1000, Statistic.PER_FTE)
    assert (entry.noemer is not None) == divided
    assert len({split.id for split in entry.uitsplitsingen}) == len(entry.uitsplitsingen)
    grounds = {ground_of(measure.table) for measure in entry.measures}
    assert len(grounds) == 1, "teller and noemer are about the same areas"
    assert grounds <= {entry.grondslag, "levering"}
    for split in entry.uitsplitsingen:
        needed = entry.measures if entry.noemer_van is Denominator.CATEGORIE else (entry.teller,)
        assert {measure.table for measure in needed} <= set(split.columns), split.id
    if entry.statistiek is Statistic.AANDEEL:
        assert entry.decimalen == 3


def test_a_measure_id_means_one_measure() -> None:
    found = defaultdict(set)
    for entry in INDICATORS.values():
        for measure in entry.measures:
            found[measure.id].add(id(measure))
    assert [name for name, measures in found.items() if len(measures) > 1] == []


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    of, year = small_region(), SchoolYear.parse(YEAR)
    window = year.windows(JUNE)[0]
    view = View(of, year, JUNE, window, UnitCoverage(of, Coverage(frozenset()), window.b))
    return seen_in(view, narrowed(link({}, of, YEAR), used_columns(passes(INDICATORS.values()))))


@every_indicator
def test_expressions_fit_their_table(entry: Indicator, tables: dict[str, pl.DataFrame]) -> None:
    for measure in entry.measures:
        table = tables[measure.table]
        assert table.select(measure.where.alias("x")).schema["x"] == pl.Boolean
        if measure.value is not None:
            assert table.select(measure.value.alias("x")).schema["x"].is_numeric()
        if measure.key is not None:
            assert measure.key in table.columns
        for split in entry.uitsplitsingen:
            assert table.schema[split.columns[measure.table]] in (pl.String, pl.Enum)
