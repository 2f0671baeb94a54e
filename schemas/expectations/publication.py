"""What is expected of the table that is about to be published. A failure is the monitor's own, never a supplier's."""

from schemas.expectations.kinds import Bound, Expectation, Unit

PUBLICATION = "beveiligd"


def _expected(name: str, sentence: str, measure: str, bound: Bound, threshold: float, unit: Unit) -> Expectation:
    return Expectation(name, None, sentence, measure, bound, threshold, unit, (PUBLICATION,))


ON_PUBLICATION: tuple[Expectation, ...] = (
    _expected("er_is_iets", "Er is iets te publiceren.", "rijen_te_publiceren", Bound.LEAST, 1, Unit.COUNT),
    _expected(
        "aandeel_niet_onder_0", "Een aandeel is niet kleiner dan 0.", "kleinste_aandeel", Bound.LEAST, 0, Unit.SHARE
    ),
    _expected(
        "aandeel_niet_boven_1", "Een aandeel is niet groter dan 1.", "grootste_aandeel", Bound.MOST, 1, Unit.SHARE
    ),
    _expected(
        "teller_past_in_noemer",
        "De teller van een aandeel is niet groter dan de noemer.",
        "aandelen_met_te_grote_teller",
        Bound.MOST,
        0,
        Unit.COUNT,
    ),
    _expected(
        "dekking_niet_boven_1",
        "Er zijn niet meer leveringen geteld dan verwacht.",
        "grootste_dekking",
        Bound.MOST,
        1,
        Unit.SHARE,
    ),
    _expected(
        "verborgen_is_leeg",
        "Een verborgen of leeg cijfer heeft geen waarde, teller, noemer of rang.",
        "gevulde_cellen_zonder_cijfer",
        Bound.MOST,
        0,
        Unit.COUNT,
    ),
)
