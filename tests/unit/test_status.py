"""``jos status``: what people read and what programs read."""

import io
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from jos_pipeline.delivery_calendar import states_of, unplaced
from jos_pipeline.status import Status, show_status, status_objects
from tests.unit.test_delivery_calendar import ONE, YEAR, ledger, trajecten

LATE = date(2023, 3, 1)
KEYS = [
    *("leverancier", "naam", "soort", "schooljaar", "ontvangen", "geaccepteerd", "afgekeurd", "ontbreekt", "te_laat"),
    *("stil", "geldend_peildatum", "volgende_peildatum", "volgende_deadline"),
]


def status(*rows, today=LATE, years=(YEAR,)):
    known = ledger(*rows)
    told = [(year, states_of(ONE, year, known, today)) for year in years]
    return Status((*told, (None, unplaced(ONE, known))), ("let hier op",))


def shown(found, *, everything=False, width=80):
    out = io.StringIO()
    show_status(found, Console(file=out, width=width, highlight=False), everything=everything)
    return out.getvalue()


def test_programs_get_every_agreed_delivery_with_the_promised_keys():
    objects = status_objects(status(trajecten()))
    assert all(list(one) == KEYS for one in objects)
    assert {(o["leverancier"], o["soort"]) for o in objects} == {(s.id, k) for s in ONE.leveranciers for k in s.levert}
    mine = next(one for one in objects if one["soort"] == "trajecten")
    told = ["groeimee", "Stichting Groeimee", "trajecten", YEAR, 1, 1, 0, False, False, False, "2023-02-01", None, None]
    assert list(mine.values()) == told
    other = next(one for one in objects if one["soort"] == "tlv")
    assert (other["ontbreekt"], other["te_laat"], other["stil"], other["geldend_peildatum"]) == (True, True, True, None)


def test_programs_get_the_next_deadline():
    objects = status_objects(status(today=date(2023, 2, 1)))
    assert {(o["volgende_peildatum"], o["volgende_deadline"]) for o in objects} == {("2023-02-01", "2023-02-22")}


def test_people_read_the_sum_first_and_then_who():
    text = shown(status(trajecten(), trajecten(oordeel="afgekeurd", geldend=False)))
    assert text.startswith("LET OP: let hier op\n2022-2023: 0 van 17 leveranciers compleet; 17 te laat")
    assert "trajecten" in text
    assert "TE LAAT 22 feb" in text
    assert "in orde" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_fits_the_terminal(width):
    assert max(len(line) for line in shown(status(trajecten()), width=width).splitlines()) <= width


def test_a_year_in_which_nothing_is_due_is_one_line():
    text = shown(Status(((YEAR, states_of(ONE, YEAR, ledger(), date(2022, 11, 24))),)))
    assert text == "2022-2023: nog niets te leveren; eerstvolgende deadline 22 februari 2023\n"


def test_a_closed_year_is_one_line_unless_it_is_asked_for():
    old = ("groeimee", "inzet", "2021-2022", date(2022, 2, 1), "geaccepteerd", True, datetime(2022, 2, 3, tzinfo=UTC))
    found = status(trajecten(), old, years=("2021-2022", YEAR))
    assert "Schooljaar 2021-2022" not in shown(found)
    assert "jos status --schooljaar 2021-2022" in shown(found)
    assert "Schooljaar 2021-2022" in shown(found, everything=True)


def test_a_file_without_school_year_is_not_forgotten():
    stray = ("geen-map", None, None, None, "afgekeurd", False, datetime(2023, 2, 3, tzinfo=UTC))
    found = status(stray)
    assert "1 bestand waarvan het schooljaar niet te verwerken is" in shown(found)
    assert status_objects(found)[-1]["schooljaar"] is None
