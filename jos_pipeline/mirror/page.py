"""How the spiegelrapport is told: a printable page, text for a terminal, JSON.

What is counted is ``report``'s. Nothing here decides what may be shown: what a mirror holds may be shown to its
supplier.
"""

from collections.abc import Iterator
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.mirror.reach import Unit
from jos_pipeline.mirror.report import Mirror
from jos_pipeline.mirror.tallies import Change, Ground, Line, Tally
from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.pseudonym import PSEUDONYM
from schemas.contracts import CONTRACTS

_TITLES = {
    Ground.SCHOOL: "Per school",
    Ground.TEAM: "Per team",
    Ground.GEMEENTE: "Per gemeente",
    Ground.HALFJAAR: "Per halfjaar",
    Ground.MAAND: "Per maand",
}
_PLACES = (Ground.SCHOOL, Ground.TEAM, Ground.GEMEENTE)
_PERIODS = (Ground.HALFJAAR, Ground.MAAND)
_MOST_QUESTIONS = 8
_UNITS = {Unit.SCHOOLS: "scholen", Unit.GEMEENTEN: "gemeenten"}


def mirror_html(mirror: Mirror) -> str:
    """The spiegelrapport as one accessible page that can be printed and that asks nothing of the network."""
    return ENVIRONMENT.get_template("spiegelrapport.html.j2").render(_told(mirror))


def mirror_text(mirror: Mirror) -> str:
    """The heart of the spiegelrapport for a terminal: what was read, what changed, what to look at."""
    return ENVIRONMENT.get_template("spiegelrapport.txt.j2").render(_told(mirror))


def _told(mirror: Mirror) -> dict[str, object]:
    return {
        "mirror": mirror,
        "headline": headline(mirror),
        "questions": tuple(questions(mirror)),
        "places": [one for one in mirror.tallies if one.ground in _PLACES],
        "periods": [one for one in mirror.tallies if one.ground in _PERIODS],
        "codes": [one for one in mirror.tallies if one.ground is Ground.CODE],
        "title_of": _title_of,
        "shows_code": _shows_code,
        "units": _UNITS,
    }


def headline(mirror: Mirror) -> str:
    """What a supplier checks first, in one or two sentences."""
    counted = mirror.pupils if mirror.pupils and mirror.pupils.now else None
    told = dutch.plural(int(mirror.rows.now), "rij", "rijen")
    if counted is not None:
        told = f"{dutch.plural(int(counted.now), 'leerling', 'leerlingen')} in {told}"
    main = counted or mirror.rows
    if main.before is None:
        return f"U leverde {told}."
    before = f"Vorige keer: {dutch.number(main.before)} ({_moved(main)})"
    rows = f", in {dutch.number(mirror.rows.before or 0)} rijen ({_moved(mirror.rows)})" if counted else ""
    return f"U leverde {told}. {before}{rows}."


def _moved(change: Change) -> str:
    return "even veel" if not change.difference else dutch.signed(change.difference)


def questions(mirror: Mirror) -> Iterator[str]:
    """What the supplier should look at again: large changes, places without rows, everything different at once."""
    if _everything_new(mirror):
        yield (
            "Geen enkele rij is dezelfde als in uw vorige levering. Gebruikte u bij 'jos prepare' een andere sleutel, "
            "of geeft uw systeem nu andere nummers?"
        )
    for one in mirror.reach:
        if one.without:
            names = ", ".join(name for _, name in one.without)
            yield f"Wij zagen geen rijen van deze {_UNITS[one.unit]}: {names}. Klopt dat?"
    jumps = [told for tally in mirror.tallies for told in _jumps(tally)]
    yield from jumps[:_MOST_QUESTIONS]
    if more := len(jumps) - _MOST_QUESTIONS:
        yield from [f"En nog {more} grote veranderingen: in de tabellen staat er 'let op' bij."] if more > 0 else []


def _everything_new(mirror: Mirror) -> bool:
    found = mirror.difference
    if found is None or not (found.new and found.dropped) or found.unchanged:
        return False
    changed = dict(found.columns).get(PSEUDONYM, 0) or dict(found.columns).get("leerling_id", 0)
    return not found.changed or (PSEUDONYM in CONTRACTS[mirror.delivered.soort].by_name and changed == found.changed)


def _jumps(tally: Tally) -> Iterator[str]:
    for line in tally.lines:
        if line.rows.is_jump:
            now, before = dutch.number(line.rows.now), dutch.number(line.rows.before or 0)
            yield f"{_title_of(tally)}, {line.label}: {now} rijen, vorige keer {before}."


def _title_of(tally: Tally) -> str:
    """What a table is called: the kind of place or period, else the column as the contract calls it."""
    if tally.ground is Ground.GEMEENTE and tally.column == "woongemeente":
        return "Per woongemeente"
    return _TITLES.get(tally.ground, tally.column)


def _shows_code(tally: Tally, line: Line) -> bool:
    """Whether the code says more than the label: of a place, and of a code that is a number in the data."""
    if tally.ground is Ground.CODE:
        return line.value.isdigit() and line.value != line.label
    return tally.ground in {Ground.SCHOOL, Ground.GEMEENTE} and line.value not in {"", line.label}


def mirror_json(mirror: Mirror) -> dict[str, Any]:
    """The spiegelrapport for programs: the same numbers as the page."""
    delivered, replaced, found = mirror.delivered, mirror.replaced, mirror.difference
    return {
        "leverancier": delivered.leverancier,
        "soort": delivered.soort,
        "schooljaar": delivered.schooljaar,
        "peildatum": delivered.peildatum.isoformat(),
        "bestand": delivered.file_name,
        "sha256": delivered.sha256,
        "vorige": replaced
        and {
            "bestand": replaced.file_name,
            "peildatum": replaced.peildatum.isoformat(),
            "sha256": replaced.sha256,
        },
        "rijen": _change(mirror.rows),
        "rijen_afgekeurd": delivered.rejected,
        "leerlingen": mirror.pupils and _change(mirror.pupils),
        "verschil": found
        and {
            "nieuw": found.new,
            "gewijzigd": found.changed,
            "vervallen": found.dropped,
            "ongewijzigd": found.unchanged,
            "kolommen": dict(found.columns),
            "op_sleutel": found.by_key,
        },
        "dekking": [
            {
                "eenheid": str(one.unit),
                "verwacht": one.expected,
                "met_rijen": one.with_rows,
                "zonder_rijen": [{"code": code, "naam": name} for code, name in one.without],
            }
            for one in mirror.reach
        ],
        "tellingen": [
            {
                "naar": str(tally.ground),
                "kolom": tally.column,
                "rijen": [{"waarde": line.value, "label": line.label} | _change(line.rows) for line in tally.lines],
            }
            for tally in mirror.tallies
        ],
        "totalen": [{"kolom": one.column, "eenheid": one.unit} | _change(one.total) for one in mirror.totals],
        "gevuld": [
            {
                "kolom": one.column,
                "eerste": one.earliest and one.earliest.isoformat(),
                "laatste": one.latest and one.latest.isoformat(),
            }
            | _change(one.share)
            for one in mirror.filled
        ],
    }


def _change(change: Change) -> dict[str, float | bool | None]:
    return {"nu": change.now, "vorige": change.before, "verschil": change.difference, "let_op": change.is_jump}
