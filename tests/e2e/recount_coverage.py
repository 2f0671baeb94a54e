"""For the recount: who delivered what a figure rests on, and the totals that schools without records reported.

From the specification only (2.1, 2.2 below the catalogue); a figure's sources are read off its formula.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from functools import cache
from types import SimpleNamespace as Row

from jos_pipeline.region import Region
from tests.e2e.recount_figures import Figure, Span
from tests.e2e.recount_records import Here

_BY_SOURCES = {
    ("trajecten",): (
        *("jos_leerlingen", "jos_aard", "jos_vorm", "jos_buiten_gemeente", "problematiek_top10"),
        *("jos_trajecten_nieuw", "jos_trajecten_lopend", "jos_trajecten_afgesloten", "kortdurend", "trajectduur"),
        *("wachttijd_jos", "overbrugging", "zonder_vervolg", "specialistisch_voorkomen", "warme_overdracht"),
        *("verwezen_specialistisch", "beschikkingen_via_jos", "herhaald_beroep", "uitval_hulp", "nut"),
        *("zonder_hulp_verder", "doelrealisatie"),
    ),
    ("trajecten", "leerlingen"): ("jos_bereik", "uitval_onderwijs_jos"),
    ("leerlingen",): ("leerlingen", "uitval_onderwijs"),
    ("inzet",): ("fte", "personele_wisselingen"),
    ("leerlingen", "inzet"): ("leerlingen_per_fte",),
    ("trajecten", "inzet"): ("jos_leerlingen_per_fte",),
    ("activiteiten",): (
        *("uren", "preventie_primair", "consultaties", "observaties_adviezen", "oudercontacten"),
        *("inloopspreekuren", "inloopvragen", "collectief_bereik"),
    ),
    ("verzuim", "leerlingen"): ("verzuim_16uur", "verzuim_langdurig"),
    ("leerlingen", "tlv", "jeugdhulp", "trajecten"): ("samenloop",),
    ("tlv",): ("tlv_afgegeven", "terugstroom", "wachttijd_vso", "wachtend_vso"),
    ("begeleiders",): ("externe_begeleiders",),
    ("enquete",): ("samenwerking", "missie_bekend", "verbetering"),
    ("wachttijden",): (
        *("wachttijd_sociaal_team", "wachttijd_jeugdhulp", "binnen_norm_intake", "binnen_norm_start", "wachtend"),
    ),
    ("jeugdhulp",): ("jeugdhulp_verwijzer", "jeugdhulp_met_verblijf"),
    ("jeugdhulp", "inwoners"): ("jeugdhulp_gebruik",),
    ("leerplicht", "inwoners"): ("absoluut_verzuim",),
    ("thuiszitters",): ("thuiszitters", "thuiszitters_3mnd", "teruggeleid"),
}
SOURCES = {name: sources for sources, names in _BY_SOURCES.items() for name in names}
AT_HOMES = {
    *("wachttijd_sociaal_team", "wachttijd_jeugdhulp", "binnen_norm_intake", "binnen_norm_start", "wachtend"),
    *("jeugdhulp_verwijzer", "jeugdhulp_gebruik", "jeugdhulp_met_verblijf", "absoluut_verzuim"),
    *("thuiszitters", "thuiszitters_3mnd", "teruggeleid"),
}
NOT_ADDED = {"mediaan", "per_fte"}
"""Medians cannot be added, and a school cannot tell a count per fte in whole numbers."""


class Delivered:
    """What is in force in a region on a day."""

    def __init__(self, region: Region, in_force: frozenset[tuple[str, str]], day: date) -> None:
        homes = {area.gemeente: area.samenwerkingsverband for area in region.areas_on(day)}
        own = {area.gemeente for area in region.areas_on(day) if area.in_regio == "ja"}
        seats = {school.school: school.gemeente for school in region.schools_on(day)}
        answers = defaultdict(list)
        for s in region.leveranciers:
            for soort in s.levert:
                for home in s.scholen or (s.gebied,):
                    answers[soort, home].append((s.id, soort) in in_force)

        def asked(soort: str, *places: str | None) -> list[bool]:
            return [answer for place in places for answer in answers.get((soort, place), ())]

        def school(code: str, soort: str) -> bool:
            found = asked(soort, code, seats[code], homes.get(seats[code], ""), None)
            return bool(found) and all(found)

        def home(gemeente: str, soort: str) -> bool | None:
            """None for a gemeente outside the region for which nobody delivers."""
            found = asked(soort, gemeente, homes[gemeente], *([None] if gemeente in own else []))
            return None if not found and gemeente not in own else bool(found) and all(found)

        self.school, self.home = cache(school), cache(home)

    def units(self, name: str, here: Here) -> tuple[int, set[str]]:
        """How many schools or gemeenten are expected, and which delivered every source."""
        sources = SOURCES[name]
        if name in AT_HOMES:
            found = {g: [self.home(g, soort) for soort in sources] for g in here.place.gemeenten}
            expected = {g for g, answers in found.items() if None not in answers}
            return len(expected), {g for g in expected if all(found[g])}
        if sources == ("enquete",):
            return len(here.place.scholen), {row.school for row in here.enquete} & here.place.scholen
        return len(here.place.scholen), {
            s for s in here.place.scholen if all(self.school(s, soort) for soort in sources)
        }

    def completed(self, figure: Figure, here: Here, span: Span) -> Figure:
        """The figure with its coverage, and with what schools without records reported themselves."""
        if figure.indicator not in SOURCES:
            return figure
        expected, present = self.units(figure.indicator, here)
        figure = replace(figure, n_verwacht=expected, n_geleverd=len(present))
        if figure.statistiek in NOT_ADDED or figure.indicator in AT_HOMES:
            return figure
        reports = [row for row in here.opgave if row.school not in present and _about(row, figure, span)]
        if figure.noemer is not None:  # a part without its whole cannot be added
            reports = [row for row in reports if row.noemer_min]
        for report in reports:
            figure = _added(figure, report)
        return replace(figure, herkomst=_origin(present, reports)) if reports else figure


def _about(row: Row, figure: Figure, span: Span) -> bool:
    cell = row.uitsplitsing or "totaal", row.categorie or "totaal"
    mine = (row.periode, row.indicator) == (span.periode, figure.indicator)
    return mine and cell == (figure.uitsplitsing, figure.categorie)


def _origin(present: set[str], reports: list[Row]) -> str:
    return "gemengd" if present else "opgave"


def _added(figure: Figure, row: Row) -> Figure:
    masked = row.teller_min != row.teller_max or row.noemer_min != row.noemer_max
    low, rest = row.teller_min or 0, max((row.noemer_min or 0) - (row.teller_min or 0), 0)
    return replace(
        figure,
        teller=(figure.teller or 0) + low,
        noemer=None if figure.noemer is None else figure.noemer + (row.noemer_min or 0),
        personen=None if figure.personen is None else figure.personen + low,
        rest=None if figure.rest is None else figure.rest + rest,
        onzeker=figure.onzeker or masked,
        n_geleverd=figure.n_geleverd + 1,
    )
