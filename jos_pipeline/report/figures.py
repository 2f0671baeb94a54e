"""A figure of the report: one indicator in one area, with all that belongs to it.

Only rows of published figures come in. What stands beside it is ``beside``; how a row is said is ``wording``.
"""

from collections.abc import Iterable, Mapping, Sequence

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Denominator
from jos_pipeline.outcome import RESPONS, respons_text
from jos_pipeline.report import beside
from jos_pipeline.report.model import Figure
from jos_pipeline.report.published import Place, Published, Words
from jos_pipeline.report.talk import QUESTIONS
from jos_pipeline.report.texts import marks
from jos_pipeline.report.wording import (
    Row,
    count_text,
    number_text,
    resting_on,
    shown,
    split_name,
    status_of,
    value_text,
)
from schemas.published import SILENT, STATUS, WAARDE_STATUS

COUNTS = ("aantal", "som")
COMPARABLE = ("aandeel", "per_1000", "mediaan", "gemiddelde", "per_fte")
"""Statistics that can be set beside those of a larger area; counts cannot."""
DISTRIBUTIONS = frozenset(
    name for name, entry in INDICATORS.items() if entry.noemer_van is Denominator.TOTAAL and entry.uitsplitsingen
)
"""Indicators whose total is always everything: what they say is in their parts."""
MOST_PARTS = 3
NOT_THERE = frozenset({"niet_van_toepassing"})


def figure(
    here: Published, indicator: str, place: Place, others: Sequence[Place], *, folded: bool = False
) -> Figure | None:
    """An indicator in an area, beside others; None when there is nothing to show of it there."""
    words, row = here.words.get(indicator), here.row(indicator, place)
    if words is None:
        return None
    spread = indicator in DISTRIBUTIONS
    wider = tuple(one for one in others if one.niveau is Level.REGIO)
    broken = tuple(
        part
        for split in here.splits[indicator]
        if (part := beside.broken_down(here, words, split, (place, *wider))) is not None
    )
    if not broken and (spread or not shown(row)):
        return None
    then = beside.beside_earlier(here, words, place, by_parts=spread)
    parts = (*(() if spread else (beside.areas(here, words, place, others),)), *then.parts)
    unseen = _unseen(here, words, place)
    return Figure(
        id=indicator.replace("_", "-"),
        title=words.naam,
        value=_largest_parts(here, words, place) if spread else value_text(row, words),
        sentence=_sentence(here, words, place, wider, spread=spread),
        definition=words.definitie,
        about=f"Peildatum {dutch.day(here.peildatum)}, {STATUS.labels[here.status]}. Definitie versie {words.versie}.",
        questions=QUESTIONS[indicator],
        parts=parts,
        breakdowns=broken,
        notes=tuple(_notes(here, words, place, row)),
        unseen=_unseen_text(unseen),
        marks=marks((part.table for part in (*parts, *broken)), set().union(*unseen.values())),
        no_earlier=then.reason,
        folded=folded,
    )


def _sentence(here: Published, words: Words, place: Place, wider: Sequence[Place], *, spread: bool) -> str:
    """What the figure says, with what it rests on, and beside the region where that can be compared."""
    row = here.row(words.indicator, place)
    where = f"{'Bij' if place.niveau is Level.SCHOOL else 'In'} {place.naam}"
    until = f"tot en met {dutch.day(here.peildatum)}"
    rests = resting_on(row, place, words.indicator)
    if row is None or not (shown(row) or spread):
        left = f" Wat er wel staat, rust op {rests}." if rests else ""
        return f"Het totaal voor {place.naam} staat er niet: {WAARDE_STATUS.labels[status_of(row)]}.{left}"
    resting = f", op basis van {rests}" if rests else ""
    if spread:
        return f"{where} is het zo verdeeld, {until}{resting}."
    region = [
        f" In {one.naam} is het {value_text(other, words)}."
        for one in wider
        if words.statistiek in COMPARABLE and shown(other := here.row(words.indicator, one))
    ]
    return f"{where} {_said(row, words)}, {until}{resting}.{''.join(region)}"


def _said(row: Row, words: Words) -> str:
    """The middle of the sentence: what the number is."""
    told = value_text(row, words)
    if row["waarde_status"] == "interval":
        return f"ligt het {told}"
    if words.statistiek == "mediaan":
        return f"duurde het bij de helft {told} of korter"
    if words.statistiek == "gemiddelde":
        return f"is het gemiddelde {told}"
    if words.statistiek == "aandeel" and row["teller"] is not None and row["noemer"]:
        counted = f"{count_text(row['teller']) if row['teller'] else 'geen'} van de {count_text(row['noemer'])}"
        who = respons_text(row["teller"], row["noemer"]) if words.indicator == RESPONS else counted
        return f"gaat het om {told}: {who}"
    if words.statistiek in COUNTS and not row["waarde"] and words.eenheid != "fte":
        return f"waren er geen {words.eenheid}"
    return f"gaat het om {told}"


def _largest_parts(here: Published, words: Words, place: Place) -> str:
    """The largest parts of a distribution that are shown."""
    found = [
        (row["waarde"], name, row)
        for split in here.splits[words.indicator]
        for code, name in here.categories(words.indicator, split)
        if (row := here.row(words.indicator, place, split, code)) is not None and shown(row)
    ]
    largest = sorted(found, key=lambda part: (-part[0], part[1]))[:MOST_PARTS]
    return "; ".join(f"{name} {number_text(row, words)}" for _, name, row in largest)


def _notes(here: Published, words: Words, place: Place, row: Row | None) -> Iterable[str]:
    """What to bear in mind."""
    state = status_of(row)
    if state in ("laag_betrouwbaar", "interval"):
        yield f"Let op. {WAARDE_STATUS.meanings[state]}"
    if row is not None and row["herkomst"] in ("opgave", "gemengd"):
        yield "Een deel komt uit totalen die een school zelf heeft opgegeven."
    yield from here.remarks(words.indicator, place)


def _unseen(here: Published, words: Words, place: Place) -> dict[str, set[str]]:
    """The breakdowns that exist but are not to be seen, with the states of their categories."""
    states = {split: _states(here, words, place, split) for split in here.splits[words.indicator]}
    return {split: found for split, found in states.items() if found - NOT_THERE and found <= {*SILENT}}


def _unseen_text(unseen: Mapping[str, set[str]]) -> str:
    """``Niet te zien: dit cijfer naar leeftijd en functie (verborgen), naar vorm (niet geleverd).``"""
    groups: dict[str, list[str]] = {}
    for split, found in unseen.items():
        said = " of ".join(WAARDE_STATUS.labels[state] for state in SILENT if state in found - NOT_THERE)
        groups.setdefault(said, []).append(split_name(split))
    told = ", ".join(f"naar {dutch.enumerated(names)} ({said})" for said, names in groups.items())
    return f"Niet te zien: dit cijfer {told}." if told else ""


def _states(here: Published, words: Words, place: Place, split: str) -> set[str]:
    """The states of the categories of a breakdown."""
    categories = here.categories(words.indicator, split)
    return {status_of(here.row(words.indicator, place, split, code)) for code, _ in categories}
