"""The recount of the indicators on home grounds (``woon``), from the specification only."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from schemas import codelists
from tests.e2e.recount_figures import (
    TOTAL,
    Cell,
    Figure,
    Rows,
    Span,
    categories,
    days_between,
    distribution,
    middle,
    people,
    persons,
    share,
)
from tests.e2e.recount_records import Here

YOUTH = ("12-13", "14-15", "16-17")
SCHOOL_AGE = ("4-7", "8-11", *YOUTH)
RESIDENTIAL = {"11", "12", "13", "14"}
INTAKE_DAYS, START_DAYS, LONG_DAYS = 28, 70, 91


def figures(here: Here, span: Span) -> Iterator[Figure]:
    """A school has none."""
    if here.place.niveau == "school":
        return
    for group in (waiting, care, compulsory, at_home):
        yield from group(here, span)


def by_soort(rows: Rows, soorten: tuple[str, ...]) -> Iterator[tuple[Cell, Rows]]:
    yield TOTAL, rows
    for soort in soorten:
        yield ("soort", soort), [row for row in rows if row.soort == soort]


def waiting(here: Here, span: Span) -> Iterator[Figure]:
    for soort in codelists.SOORT_WACHTTIJD.values:
        started = [w for w in here.wachttijden if w.soort == soort and span.holds(w.startdatum)]
        yield middle(
            f"wachttijd_{soort}", TOTAL, started, lambda w: days_between(w, "aanmelddatum", "startdatum"), 7, 1
        )
    care_ = [w for w in here.wachttijden if w.soort == "jeugdhulp"]
    for name, first, last, norm in (
        ("binnen_norm_intake", "aanmelddatum", "intakedatum", INTAKE_DAYS),
        ("binnen_norm_start", "intakedatum", "startdatum", START_DAYS),
    ):
        known = [w for w in care_ if span.holds(getattr(w, last)) and days_between(w, first, last) is not None]
        within = [w for w in known if days_between(w, first, last) <= norm]
        yield share(name, TOTAL, within, known)
    still = [w for w in here.wachttijden if w.aanmelddatum <= span.b and not (w.startdatum and w.startdatum <= span.b)]
    for cell, part in by_soort(still, codelists.SOORT_WACHTTIJD.values):
        yield Figure("wachtend", *cell, "aantal", len(part), personen=len(part))


def care(here: Here, span: Span) -> Iterator[Figure]:
    begun = [s for s in here.jeugdhulp if span.holds(s.aanvang)]
    yield from distribution("jeugdhulp_verwijzer", "verwijzer", begun, codelists.VERWIJZER.values)
    in_care = [s for s in here.jeugdhulp if span.active(s.aanvang, s.einde)]
    stay = [s for s in in_care if s.hulpvorm in RESIDENTIAL]
    yield share("jeugdhulp_met_verblijf", TOTAL, stay, in_care, people)
    for cell, ages in (
        (TOTAL, YOUTH),
        *((("leeftijdsklasse", age), (age,) if age in YOUTH else ()) for age in categories("leeftijdsklasse")),
    ):
        users, living = people(s for s in in_care if s.leeftijdsklasse in ages), inhabitants(here, span, ages)
        yield Figure(
            "jeugdhulp_gebruik", *cell, "aandeel", users, living, personen=users, rest=max(int(living) - users, 0)
        )


def inhabitants(here: Here, span: Span, ages: tuple[str, ...]) -> float:
    """Of every gemeente and class the latest count that b has reached; before the first count, that first one."""
    counts: dict[tuple[str, str], dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for row in here.inwoners:
        if row.leeftijdsklasse in ages:
            counts[row.woongemeente, row.leeftijdsklasse][row.peildatum] += row.aantal
    return sum(
        per_day[max((day for day in per_day if day <= span.b), default=min(per_day))] for per_day in counts.values()
    )


def compulsory(here: Here, span: Span) -> Iterator[Figure]:
    absent = [r for r in here.leerplicht if not r.vrijstelling and span.active(r.begindatum, r.einddatum)]
    living = inhabitants(here, span, SCHOOL_AGE)
    yield Figure(
        "absoluut_verzuim", *TOTAL, "per_1000", people(absent), living, personen=people(absent),
        rest=max(int(living) - people(absent), 0),
    )  # fmt: skip


def at_home(here: Here, span: Span) -> Iterator[Figure]:
    still = [t for t in here.thuiszitters if t.begindatum <= span.b and (t.einddatum is None or t.einddatum > span.b)]
    long = [t for t in still if t.begindatum_dag and (span.b - t.begindatum).days >= LONG_DAYS]
    for name, rows in (("thuiszitters", still), ("thuiszitters_3mnd", long)):
        for cell, part in by_soort(rows, codelists.SOORT_THUISZITTER.values):
            yield persons(name, cell, part)
    all_ = [t for t in here.thuiszitters if span.active(t.begindatum, t.einddatum)]
    back = [t for t in all_ if span.holds(t.einddatum) and t.teruggeleid]
    yield share("teruggeleid", TOTAL, back, all_, people)
