"""The recount of the indicators about education and of what schools host, on school grounds (spec 2.2)."""

from collections import defaultdict
from collections.abc import Iterator

from tests.e2e.recount_figures import (
    TOTAL,
    Figure,
    Span,
    cells,
    counted,
    days_between,
    middle,
    people,
    pupils,
    share,
)
from tests.e2e.recount_records import Here


def figures(here: Here, span: Span) -> Iterator[Figure]:
    for group in (absence, leaving, support, declarations, carers):
        yield from group(here, span)


def of_pupils(name: str, here: Here, told: set[str], statistic: str, among: set[str] | None = None) -> Iterator[Figure]:
    """Those leerlingen of whom something is told."""
    for cell, part in cells(here.leerlingen, "onderwijstype"):
        whole = pupils(part) if among is None else pupils(part) & among
        some, all_ = len(whole & told), len(whole)
        yield Figure(name, *cell, statistic, some, all_, personen=some, rest=all_ - some)


def absence(here: Here, span: Span) -> Iterator[Figure]:
    for name, soort in (("verzuim_16uur", "16_uur"), ("verzuim_langdurig", "langdurig_relatief")):
        reports = [r for r in here.alle_verzuim if r.soort == soort and span.holds(r.begindatum)]
        yield from of_pupils(name, here, pupils(reports), "per_1000")


def leaving(here: Here, span: Span) -> Iterator[Figure]:
    gone = [p for p in here.leerlingen if span.holds(p.uitschrijfdatum) and p.uitstroom == "geen_vervolg"]
    yield from of_pupils("uitval_onderwijs", here, pupils(gone), "aandeel")
    year = Span("", span.eerste_dag, min(span.laatste_dag, span.peildatum), *[span.peildatum] * 3)
    helped = {
        pupil for pupil, rows in here.trajecten_van.items() if any(year.active(t.begindatum, t.einddatum) for t in rows)
    }
    yield from of_pupils("uitval_onderwijs_jos", here, pupils(gone), "aandeel", helped)


def support(here: Here, span: Span) -> Iterator[Figure]:
    """samenloop. Help anywhere counts, at whatever school or gemeente."""

    def in_force(tlv) -> bool:
        start = tlv.ingangsdatum or tlv.afgiftedatum
        return start is not None and start <= span.b and (tlv.einddatum is None or tlv.einddatum >= span.b)

    with_tlv = pupils(tlv for tlv in here.alle_tlv if in_force(tlv))
    helped = {p for p, rows in here.trajecten_van.items() if any(span.active(t.begindatum, t.einddatum) for t in rows)}
    helped |= pupils(s for s in here.alle_jeugdhulp if span.active(s.aanvang, s.einde))
    supported = [p for p in here.leerlingen if p.extra_ondersteuning or p.pseudoniem in with_tlv]
    for cell, part in cells(supported, "onderwijstype"):
        yield share("samenloop", cell, [p for p in part if p.pseudoniem in helped], part, people)


def declarations(here: Here, span: Span) -> Iterator[Figure]:
    granted = [tlv for tlv in here.tlv if span.holds(tlv.afgiftedatum)]
    for cell, part in cells(granted, "categorie", "soort_onderwijs"):
        yield counted("tlv_afgegeven", cell, part)
    yield counted("terugstroom", TOTAL, [tlv for tlv in here.tlv if span.holds(tlv.terugstroomdatum)])
    vso = [tlv for tlv in here.tlv if tlv.soort_onderwijs == "vso"]
    placed = [tlv for tlv in vso if span.holds(tlv.plaatsingsdatum)]
    yield middle("wachttijd_vso", TOTAL, placed, lambda t: days_between(t, "afgiftedatum", "plaatsingsdatum"), 7, 1)
    waiting = [
        tlv
        for tlv in vso
        if tlv.afgiftedatum
        and tlv.afgiftedatum <= span.b
        and not (tlv.plaatsingsdatum and tlv.plaatsingsdatum <= span.b)
    ]
    yield counted("wachtend_vso", TOTAL, waiting)


def carers(here: Here, span: Span) -> Iterator[Figure]:
    """externe_begeleiders: the latest count of every school that b has reached."""
    per_school = defaultdict(list)
    for row in here.begeleiders:
        if row.peildatum <= span.b:
            per_school[row.school].append((row.peildatum, row.aantal_begeleiders))
    latest = [max(found)[1] for found in per_school.values()]
    yield Figure("externe_begeleiders", *TOTAL, "gemiddelde", sum(latest), len(latest))
