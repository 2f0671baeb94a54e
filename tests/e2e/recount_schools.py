"""The recount of the indicators on school grounds: reach, effort, speed, outcome and the survey (spec 2.2)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace as Row

from schemas import codelists
from tests.e2e import recount_education
from tests.e2e.recount_figures import (
    TOTAL,
    Figure,
    Rows,
    Span,
    answered,
    cells,
    counted,
    days_between,
    distribution,
    mean,
    middle,
    people,
    persons,
    pupils,
    share,
)
from tests.e2e.recount_records import Here

EARLY = ("voortijdig_client", "voortijdig_aanbieder", "voortijdig_overleg")
ELSEWHERE = {"specialistische_jeugdhulp", "gespecialiseerd_onderwijs", *EARLY}
HANDED_OVER = {"voorliggend_veld", "sociaal_team", "specialistische_jeugdhulp"}
FEW_TALKS, SOON = 5, timedelta(days=365)


def figures(here: Here, span: Span) -> Iterator[Figure]:
    for group in (reach, nature, trajectories, effort, changes, hours, activities, speed, outcome, survey):
        yield from group(here, span)
    yield from recount_education.figures(here, span)


def joined(here: Here, span: Span) -> Rows:
    """Active trajecten."""
    return [t for t in here.trajecten if span.active(t.begindatum, t.einddatum)]


def ended(here: Here, span: Span) -> Rows:
    return [t for t in here.trajecten if span.holds(t.einddatum)]


def begun(here: Here, span: Span) -> Rows:
    return [t for t in here.trajecten if span.holds(t.begindatum)]


# --- reach ------------------------------------------------------------------------------------------------------


def reach(here: Here, span: Span) -> Iterator[Figure]:
    for cell, part in cells(here.leerlingen, "onderwijstype", "leerjaar"):
        yield persons("leerlingen", cell, part)
    active = joined(here, span)
    for cell, part in cells(active, "onderwijstype", "functie", "aanmeldreden", "leeftijdsklasse", "preventie"):
        yield persons("jos_leerlingen", cell, part)
    same = [t for t in active if t.school in here.geleverd]
    whole = dict(cells(here.leerlingen, "onderwijstype"))
    for cell, part in cells(same, "onderwijstype"):
        some, all_ = people(part), people(whole[cell])
        yield Figure("jos_bereik", *cell, "aandeel", some, all_, personen=some, rest=all_ - some)
    known = [t for t in active if t.woongemeente is not None]
    away = [t for t in known if t.woongemeente != t.schoolgemeente]
    yield share("jos_buiten_gemeente", TOTAL, away, known, people)
    for cell, part in cells(here.scholen, "onderwijstype"):
        yield Figure("scholen", *cell, "aantal", len(part))


def nature(here: Here, span: Span) -> Iterator[Figure]:
    """jos_aard and jos_vorm: every pupil in one category, by all the active trajecten they have anywhere."""
    kinds, forms = defaultdict(set), defaultdict(set)
    for pupil in pupils(joined(here, span)):
        for t in here.trajecten_van[pupil]:
            if span.active(t.begindatum, t.einddatum):
                kinds[pupil].add(t.aard)
                forms[pupil].add(t.vorm)
    kind = [Row(pseudoniem=p, aard="structureel" if "structureel" in k else "incidenteel") for p, k in kinds.items()]
    form = [Row(pseudoniem=p, vorm="beide" if len(f) > 1 else next(iter(f))) for p, f in forms.items()]
    yield from distribution("jos_aard", "aard", kind, codelists.AARD.values)
    yield from distribution("jos_vorm", "vorm", form, codelists.VORM_COMBINATIE.values)


def trajectories(here: Here, span: Span) -> Iterator[Figure]:
    open_ = [t for t in here.trajecten if replace(span, a=span.b).active(t.begindatum, t.einddatum)]
    started = begun(here, span)
    for name, rows in (("nieuw", started), ("lopend", open_), ("afgesloten", ended(here, span))):
        for cell, part in cells(rows, "functie", "aanmeldreden"):
            yield counted(f"jos_trajecten_{name}", cell, part)
    sizes = Counter(dict.fromkeys(codelists.AANMELDREDEN.values, 0))
    sizes.update(t.aanmeldreden for t in started)
    for figure in distribution("problematiek_top10", "aanmeldreden", started, codelists.AANMELDREDEN.values):
        more = sum(size > figure.teller for size in sizes.values())
        same = sum(size >= figure.teller for size in sizes.values())
        yield replace(figure, plaats_in_rangorde=(more + 1, max(same, 1)))
    for cell, part in cells(started, "functie"):
        yield counted("beschikkingen_via_jos", cell, [t for t in part if t.beschikking_aangevraagd])


# --- effort -----------------------------------------------------------------------------------------------------


def days_posted(post: Row, span: Span) -> int:
    return (min(post.einddatum or span.b, span.b) - max(post.begindatum, span.a)).days + 1


def posted(posts: Rows, span: Span) -> Rows:
    return [post for post in posts if days_posted(post, span) > 0]


def staff(posts: Rows) -> int:
    return len({post.medewerker for post in posts})


def effort(here: Here, span: Span) -> Iterator[Figure]:
    posts = posted(here.inzet, span)
    for cell, part in cells(posts, "functie"):
        size = sum(post.fte * days_posted(post, span) for post in part) / span.days
        yield Figure("fte", *cell, "aantal", size, medewerkers=staff(part))
    fte = sum(post.fte * days_posted(post, span) for post in posts) / span.days
    for name, rows in (("leerlingen_per_fte", here.leerlingen), ("jos_leerlingen_per_fte", joined(here, span))):
        size = people(rows)
        yield Figure(name, *TOTAL, "per_fte", size, fte, personen=size, medewerkers=staff(posts))


def changes(here: Here, span: Span) -> Iterator[Figure]:
    """personele_wisselingen: of each medewerker at each school or team, whether the last post there ended early.

    Who goes on there, later or in another functie, did not leave.
    """
    ends = defaultdict(list)
    for post in here.inzet:
        ends[_position(post)].append(post.einddatum)
    left = {at for at, days in ends.items() if all(days) and span.holds(max(days)) and max(days) < span.laatste_dag}
    for cell, part in cells(posted(here.inzet, span), "functie"):
        positions = {_position(post) for post in part}
        yield Figure("personele_wisselingen", *cell, "aandeel", len(positions & left), len(positions))


def _position(post: Row) -> tuple[str, str]:
    return post.medewerker, post.school or f"team {post.team.casefold()}"


def hours(here: Here, span: Span) -> Iterator[Figure]:
    """uren and preventie_primair (its minutes told in hours). Behind them: who works there, also in a shared team."""
    per_cell = {cell: staff(part) for cell, part in cells(posted(here.medewerkers, span), "functie")}
    done = [a for a in here.activiteiten if span.holds(a.datum)]
    for cell, part in cells(done, "activiteit", "functie", "preventie"):
        size = sum(a.minuten for a in part) / 60
        behind = per_cell.get(cell, per_cell[TOTAL]) if size else None
        yield Figure("uren", *cell, "aantal", size, medewerkers=behind)
    for cell, part in cells(done, "functie"):
        primary = sum(a.minuten for a in part if a.preventie == "primair") / 60
        yield Figure("preventie_primair", *cell, "aandeel", primary, sum(a.minuten for a in part) / 60)


def activities(here: Here, span: Span) -> Iterator[Figure]:
    done = [a for a in here.activiteiten if span.holds(a.datum)]
    for name, kinds in (
        ("consultaties", {"consultatie"}),
        ("observaties_adviezen", {"observatie", "handelingsadvies", "diagnostiek"}),
        ("oudercontacten", {"oudergesprek", "huisbezoek"}),
    ):
        for cell, part in cells([a for a in done if a.activiteit in kinds], "functie"):
            yield Figure(name, *cell, "aantal", len(part))
    walk_in = [a for a in done if a.activiteit == "inloopspreekuur"]
    for (split, category), part in cells(walk_in, "doelgroep", "vraagcategorie"):
        cell = ("aanmeldreden" if split == "vraagcategorie" else split, category)
        yield Figure("inloopspreekuren", *cell, "aantal", len(part))
        asked = sum(1 if a.aantal_deelnemers is None else a.aantal_deelnemers for a in part)
        yield Figure("inloopvragen", *cell, "aantal", asked)
    together = {"groepsaanbod", "collectieve_activiteit", "professionalisering"}
    for cell, part in cells([a for a in done if a.activiteit in together], "doelgroep"):
        yield Figure("collectief_bereik", *cell, "aantal", sum(a.aantal_deelnemers or 0 for a in part))


# --- speed and outcome ------------------------------------------------------------------------------------------


def speed(here: Here, span: Span) -> Iterator[Figure]:
    met = [t for t in here.trajecten if span.holds(t.eerste_contact)]
    for cell, part in cells(met, "functie"):
        yield middle("wachttijd_jos", cell, part, lambda t: days_between(t, "aanmelddatum", "eerste_contact"), 1, 0)
    for cell, part in cells(ended(here, span), "functie"):
        yield middle("trajectduur", cell, part, lambda t: days_between(t, "begindatum", "einddatum"), 7, 1)
        known = [t for t in part if t.aantal_gesprekken is not None]
        yield share("kortdurend", cell, [t for t in known if t.aantal_gesprekken <= FEW_TALKS], known)
    for cell, part in cells(joined(here, span), "functie"):
        yield share("overbrugging", cell, [t for t in part if t.overbrugging], part)


def outcome(here: Here, span: Span) -> Iterator[Figure]:
    closed = ended(here, span)
    for name, results in (
        ("zonder_vervolg", {"geen_vervolg"}),
        ("verwezen_specialistisch", {"specialistische_jeugdhulp"}),
    ):
        for cell, part in cells(closed, "functie", "aanmeldreden"):
            yield share(name, cell, [t for t in part if t.uitkomst in results], part)
    for cell, part in cells(closed, "functie"):
        yield share("uitval_hulp", cell, [t for t in part if t.uitkomst in EARLY], part)
        in_view = [t for t in part if t.specialistische_hulp_in_beeld]
        kept = [t for t in in_view if t.uitkomst not in ELSEWHERE]
        yield share("specialistisch_voorkomen", cell, kept, in_view)
        goals = [t for t in part if t.doelen_gesteld is not None and t.doelen_behaald is not None]
        reached, set_ = sum(t.doelen_behaald for t in goals), sum(t.doelen_gesteld for t in goals)
        yield Figure("doelrealisatie", *cell, "aandeel", reached, set_, personen=people(goals))
    known = [t for t in closed if t.uitkomst in HANDED_OVER and t.warme_overdracht is not None]
    yield share("warme_overdracht", TOTAL, [t for t in known if t.warme_overdracht], known)
    yield from judged(closed)
    yield again(here, span, closed)


def judged(closed: Rows) -> Iterator[Figure]:
    filled = [t for t in closed if t.nut is not None]
    for cell, part in cells(filled, "informant", "functie"):
        yield mean("nut", cell, [t.nut for t in part], people(part))
    on = [t for t in closed if t.zonder_hulp_verder is not None]
    for cell, part in cells(on, "informant"):
        yield share("zonder_hulp_verder", cell, [t for t in part if t.zonder_hulp_verder in {"03", "04"}], part)


def again(here: Here, span: Span, closed: Rows) -> Figure:
    """herhaald_beroep: a later traject, at whatever school, begun within 365 days. Unknown days tell no distance."""

    def returned(t: Row) -> bool:
        return t.einddatum_dag and any(
            later.begindatum_dag
            and t.einddatum < later.begindatum <= min(t.einddatum + SOON, span.peildatum)
            and later.traject_id != t.traject_id
            for later in here.trajecten_van.get(t.pseudoniem, ())
        )

    back = [t for t in closed if returned(t)]
    return share("herhaald_beroep", TOTAL, back, closed, people)


def survey(here: Here, span: Span) -> Iterator[Figure]:
    for cell, part in cells(here.enquete, "rol"):
        marks = [r.samenwerking for r in part if r.samenwerking is not None]
        yield mean("samenwerking", cell, marks, len(marks))
        mission = [r for r in part if r.missie_bekend is not None]
        yield answered("missie_bekend", cell, [r for r in mission if r.missie_bekend], mission)
        better = [r for r in part if r.verbetering is not None]
        yield answered("verbetering", cell, [r for r in better if r.verbetering == "ja"], better)
