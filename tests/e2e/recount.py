"""An independent recount of the indicators, in plain pandas, from the delivery files (spec 2).

Written from the specification only, so that it can be wrong in other places than the pipeline: it shares no line of
intake, linking or indicators with it. What it takes from the region is reference data: schools, areas, teams.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from math import floor

import pandas as pd

from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas import codelists
from tests.e2e.recount_reading import CODES
from tests.e2e.recount_records import Place, Records, places

KEY = ["indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]
TOTAL = ("totaal", "totaal")


@dataclass(frozen=True)
class Figure:
    """One cell. ``waarde`` is a fraction for shares.

    ``personen``: the smallest group of pupils or respondents that the cell tells about (None: no persons);
    ``rest``: the group of everybody else in the noemer; ``medewerkers``: professionals behind the cell.
    """

    indicator: str
    uitsplitsing: str
    categorie: str
    waarde: float | None
    teller: float | None = None
    noemer: float | None = None
    personen: int | None = None
    rest: int | None = None
    medewerkers: int | None = None
    plaats_in_rangorde: tuple[int, int] | None = None


@dataclass(frozen=True)
class Span:
    """A window W = [a, b]."""

    periode: str
    a: pd.Timestamp
    b: pd.Timestamp

    @property
    def days(self) -> int:
        return (self.b - self.a).days + 1

    def holds(self, days: pd.Series) -> pd.Series:
        return (days >= self.a) & (days <= self.b)


# --- arithmetic -----------------------------------------------------------------------------------------------


def half_up(value: float, decimals: int) -> float:
    """Rounded half up, exactly: 2.25 weeks is 2.3."""
    scaled = Fraction(value).limit_denominator(1000) * 10**decimals
    return floor(scaled + Fraction(1, 2)) / 10**decimals


def cells(frame: pd.DataFrame, *splits: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The whole, and every category of every breakdown (also the empty ones)."""
    yield (*TOTAL, frame)
    nothing = frame.iloc[:0]
    for split in splits:
        present = set(frame[split].dropna())
        for category in _categories(split):
            yield split, category, frame[frame[split] == category] if category in present else nothing


def _categories(split: str) -> tuple[str, ...]:
    return codelists.ONDERWIJSTYPE.values if split == "onderwijstype" else CODES[split].values


def people(frame: pd.DataFrame) -> int:
    return int(frame["pseudoniem"].nunique())


def share(name: str, cell: tuple[str, str], part: pd.DataFrame, whole: pd.DataFrame, size=len) -> Figure:
    """Part of whole; ``size`` counts rows (len) or pupils. The persons behind part and rest are always pupils."""
    teller, noemer = size(part), size(whole)
    ids = whole["pseudoniem"]
    rest = ids[~ids.isin(part["pseudoniem"])] if size is people else ids[~ids.index.isin(part.index)]
    value = teller / noemer if noemer else None
    return Figure(name, *cell, value, teller, noemer, personen=people(part), rest=int(rest.nunique()))


def middle(name: str, cell: tuple[str, str], part: pd.DataFrame, waits: pd.Series, decimals: int) -> Figure:
    """The median of ``waits``; noemer is the number of observations."""
    waits = waits.dropna()
    known = part.loc[waits.index]
    behind = min(len(waits), people(known)) if known["pseudoniem"].notna().any() else len(waits)
    value = half_up(float(waits.median()), decimals) if len(waits) else None
    return Figure(name, *cell, value, None, len(waits), personen=behind)


def days_between(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    """Days from first to last; missing where either is not fully known."""
    exact = frame[f"{first}_dag"] & frame[f"{last}_dag"]
    return (frame[last] - frame[first]).dt.days.where(exact)


# --- who and what is in a place and a window --------------------------------------------------------------------


def at_schools(frame: pd.DataFrame, place: Place) -> pd.DataFrame:
    return frame[frame["school"].isin(place.scholen)]


def at_homes(frame: pd.DataFrame, place: Place) -> pd.DataFrame:
    return frame[frame["woongemeente"].isin(place.gemeenten)]


def of_school_or_team(frame: pd.DataFrame, place: Place, teams: dict[str, frozenset[str]]) -> pd.DataFrame:
    """Rows of the place's schools, and of teams whose schools all lie in it; a school has no team rows."""
    inside = {team for team, schools in teams.items() if schools <= place.scholen and place.niveau != "school"}
    folded = frame["team"].str.casefold()
    return frame[frame["school"].isin(place.scholen) | (frame["school"].isna() & folded.isin(inside))]


def active(trajecten: pd.DataFrame, span: Span, first: str = "begindatum", last: str = "einddatum") -> pd.DataFrame:
    """Begun on or before b and not ended before a."""
    return trajecten[(trajecten[first] <= span.b) & (trajecten[last].isna() | (trajecten[last] >= span.a))]


def enrolled(records: Records, place: Place) -> pd.DataFrame:
    """Enrolments on the counting day at schools of the place that delivered."""
    rows = at_schools(records.leerlingen, place)
    day = records.teldag
    there = (rows["inschrijfdatum"] <= day) & (rows["uitschrijfdatum"].isna() | (rows["uitschrijfdatum"] >= day))
    return rows[there & rows["school"].isin(records.geleverd)]


# --- the indicators -------------------------------------------------------------------------------------------


def reported(records: Records, place: Place, span: Span, indicator: str, split: str, category: str) -> float:
    """What schools of the place that sent no records reported themselves for this cell."""
    rows = at_schools(records.opgave, place)
    rows = rows[~rows["school"].isin(records.geleverd)]
    mine = (rows["periode"] == span.periode) & (rows["indicator"] == indicator)
    about = (rows["uitsplitsing"].fillna("totaal") == split) & (rows["categorie"].fillna("totaal") == category)
    return float(rows.loc[mine & about, "teller_min"].sum())


def reach(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    pupils = enrolled(records, place)
    for *cell, part in cells(pupils, "onderwijstype"):
        count = people(part) + reported(records, place, span, "leerlingen", *cell)
        yield Figure("leerlingen", *cell, count, count, personen=count)
    for year in range(1, 9):
        there = people(pupils[pupils["leerjaar"] == year])
        count = there + reported(records, place, span, "leerlingen", "leerjaar", str(year))
        yield Figure("leerlingen", "leerjaar", str(year), count, count, personen=count)
    joined = active(at_schools(records.trajecten, place), span)
    splits = ("onderwijstype", "functie", "aanmeldreden", "leeftijdsklasse", "preventie")
    for *cell, part in cells(joined, *splits):
        yield Figure("jos_leerlingen", *cell, people(part), people(part), personen=people(part))
    counted = joined[joined["school"].isin(records.geleverd)]
    for (*cell, part), (_, _, whole) in zip(
        cells(counted, "onderwijstype"), cells(pupils, "onderwijstype"), strict=True
    ):
        some, all_ = people(part), people(whole)
        value = some / all_ if all_ else None
        yield Figure("jos_bereik", *cell, value, some, all_, personen=some, rest=all_ - some)


def nature(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    """jos_aard and jos_vorm: every pupil in one category."""
    joined = active(at_schools(records.trajecten, place), span)
    per_pupil = joined.groupby("pseudoniem").agg(aarden=("aard", set), vormen=("vorm", set)).reset_index()
    kind = per_pupil["aarden"].map(lambda found: "structureel" if "structureel" in found else "incidenteel")
    form = per_pupil["vormen"].map(lambda found: "beide" if len(found) > 1 else next(iter(found)))
    yield from distribution("jos_aard", "aard", per_pupil.assign(aard=kind), codelists.AARD.values)
    yield from distribution("jos_vorm", "vorm", per_pupil.assign(vorm=form), codelists.VORM_COMBINATIE.values)


def distribution(name: str, split: str, whole: pd.DataFrame, categories: tuple[str, ...]) -> Iterator[Figure]:
    """Each category divided by the total. The total itself tells only how many there are."""
    yield replace(share(name, TOTAL, whole, whole), rest=None)
    for category in categories:
        yield share(name, (split, category), whole[whole[split] == category], whole)


def trajectories(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    rows = at_schools(records.trajecten, place)
    moment = Span(span.periode, span.b, span.b)
    counted = {
        "jos_trajecten_nieuw": rows[span.holds(rows["begindatum"])],
        "jos_trajecten_lopend": active(rows, moment),
        "jos_trajecten_afgesloten": rows[span.holds(rows["einddatum"])],
    }
    for name, frame in counted.items():
        for *cell, part in cells(frame, "functie", "aanmeldreden"):
            yield Figure(name, *cell, len(part), len(part), personen=people(part))
    started = counted["jos_trajecten_nieuw"]
    sizes = started["aanmeldreden"].value_counts()
    for figure in distribution("problematiek_top10", "aanmeldreden", started, codelists.AANMELDREDEN.values):
        size = figure.teller or 0
        yield replace(figure, plaats_in_rangorde=(int((sizes > size).sum()) + 1, max(int((sizes >= size).sum()), 1)))


def posted(inzet: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Rows of inzet within W, with ``fte_dagen``: fte times days of W within begin..eind."""
    first = inzet["begindatum"].clip(lower=span.a)
    last = inzet["einddatum"].fillna(span.b).clip(upper=span.b)
    days = (last - first).dt.days + 1
    return inzet.assign(fte_dagen=inzet["fte"] * days)[days > 0]


def effort(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    posts = posted(of_school_or_team(records.inzet, place, records.teams), span)
    for *cell, part in cells(posts, "functie"):
        size = float(part["fte_dagen"].sum() / span.days)
        yield Figure("fte", *cell, size, size, medewerkers=int(part["medewerker"].nunique()))
    fte, staff = float(posts["fte_dagen"].sum() / span.days), int(posts["medewerker"].nunique())
    counts = {
        "leerlingen_per_fte": people(enrolled(records, place)),
        "jos_leerlingen_per_fte": people(active(at_schools(records.trajecten, place), span)),
    }
    for name, count in counts.items():
        value = count / fte if fte else None
        yield Figure(name, *TOTAL, value, count, fte, personen=count, medewerkers=staff)


def hours(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    """uren. Behind them stands who works at the place's schools, alone or in a team that also serves others."""
    serving = {team for team, schools in records.teams.items() if schools & place.scholen}
    staff = records.inzet[
        records.inzet["school"].isin(place.scholen) | records.inzet["team"].str.casefold().isin(serving)
    ]
    per_cell = {cell[:2]: int(cell[2]["medewerker"].nunique()) for cell in cells(posted(staff, span), "functie")}
    done = of_school_or_team(records.activiteiten, place, records.teams)
    for *cell, part in cells(done[span.holds(done["datum"])], "activiteit", "functie", "preventie"):
        size = float(part["minuten"].sum()) / 60
        behind = per_cell.get(tuple(cell), per_cell[TOTAL]) if size else None
        yield Figure("uren", *cell, size, size, medewerkers=behind)


def speed(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    rows = at_schools(records.trajecten, place)
    met = rows[span.holds(rows["eerste_contact"])]
    for *cell, part in cells(met, "functie"):
        yield middle("wachttijd_jos", cell, part, days_between(part, "aanmelddatum", "eerste_contact"), 0)
    ended = rows[span.holds(rows["einddatum"])]
    for *cell, part in cells(ended, "functie"):
        yield middle("trajectduur", cell, part, days_between(part, "begindatum", "einddatum") / 7, 1)


def outcome(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    rows = at_schools(records.trajecten, place)
    ended = rows[span.holds(rows["einddatum"])]
    for *cell, part in cells(ended, "functie", "aanmeldreden"):
        yield share("zonder_vervolg", cell, part[part["uitkomst"] == "geen_vervolg"], part)
    in_view = ended[ended["specialistische_hulp_in_beeld"]]
    not_prevented = in_view["uitkomst"].isin({"specialistische_jeugdhulp", "gespecialiseerd_onderwijs"}) | in_view[
        "uitkomst"
    ].str.startswith("voortijdig_")
    for *cell, part in cells(in_view, "functie"):
        kept = part[~not_prevented.loc[part.index].astype(bool)]
        yield share("specialistisch_voorkomen", cell, kept, part)


def support(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    """samenloop and tlv_afgegeven."""
    tlv = records.tlv
    valid_from = tlv["ingangsdatum"].fillna(tlv["afgiftedatum"])
    in_force_on_b = (valid_from <= span.b) & (tlv["einddatum"].isna() | (tlv["einddatum"] >= span.b))
    with_tlv = set(tlv.loc[in_force_on_b, "pseudoniem"].dropna())
    helped = set(active(records.trajecten, span)["pseudoniem"].dropna())
    helped |= set(active(records.jeugdhulp, span, "aanvang", "einde")["pseudoniem"].dropna())
    pupils = enrolled(records, place)
    supported = pupils[pupils["extra_ondersteuning"] | pupils["pseudoniem"].isin(with_tlv)]
    for *cell, part in cells(supported, "onderwijstype"):
        yield share("samenloop", cell, part[part["pseudoniem"].isin(helped)], part, people)
    asked = at_schools(tlv, place)
    for *cell, part in cells(asked[span.holds(asked["afgiftedatum"])], "categorie", "soort_onderwijs"):
        yield Figure("tlv_afgegeven", *cell, len(part), len(part), personen=people(part))


def homes(records: Records, place: Place, span: Span) -> Iterator[Figure]:
    """The indicators on home grounds; a school has none."""
    if place.niveau == "school":
        return
    waits = at_homes(records.wachttijden, place)
    for soort in codelists.SOORT_WACHTTIJD.values:
        begun = waits[(waits["soort"] == soort) & span.holds(waits["startdatum"])]
        yield middle(f"wachttijd_{soort}", TOTAL, begun, days_between(begun, "aanmelddatum", "startdatum") / 7, 1)
    home = at_homes(records.thuiszitters, place)
    still = home[(home["begindatum"] <= span.b) & (home["einddatum"].isna() | (home["einddatum"] > span.b))]
    long = still[still["begindatum_dag"] & ((span.b - still["begindatum"]).dt.days >= 91)]
    for name, frame in (("thuiszitters", still), ("thuiszitters_3mnd", long)):
        for cell, part in (
            (TOTAL, frame),
            *((("soort", soort), frame[frame["soort"] == soort]) for soort in codelists.SOORT_THUISZITTER.values),
        ):
            yield Figure(name, *cell, people(part), people(part), personen=people(part))
    help_ = at_homes(records.jeugdhulp, place)
    begun = help_[span.holds(help_["aanvang"])]
    yield from distribution("jeugdhulp_verwijzer", "verwijzer", begun, codelists.VERWIJZER.values)


def response(deliveries: pd.DataFrame, region: Region, place: Place) -> Iterator[Figure]:
    """respons: suppliers of the place with everything expected in force.

    A supplier belongs where its school, gemeente or samenwerkingsverband lies; the aanbieder to the region alone.
    """
    present = set(zip(deliveries["leverancier"], deliveries["soort"], strict=True))
    inside = [
        s
        for s in region.leveranciers
        if place.niveau == "regio" or s.gebied in {place.gebied, *place.scholen, *place.gemeenten}
    ]
    soorten = sorted({soort for supplier in inside for soort in supplier.levert})
    for cell, asked in (
        (TOTAL, [(s.id, s.levert) for s in inside]),
        *((("soort", soort), [(s.id, (soort,)) for s in inside if soort in s.levert]) for soort in soorten),
    ):
        complete = sum(all((name, soort) in present for soort in levert) for name, levert in asked)
        yield Figure("respons", *cell, complete / len(asked) if asked else None, complete, len(asked))


INDICATORS = (reach, nature, trajectories, effort, hours, speed, outcome, support, homes)


def recount(
    records: Records, deliveries: pd.DataFrame, region: Region, schooljaar: str, peildatum: date
) -> pd.DataFrame:
    """Every figure, one row per cell, with the columns of ``KEY`` and those of ``Figure``."""
    rows = []
    for place in places(region, peildatum):
        for window in SchoolYear.parse(schooljaar).windows(peildatum):
            span = Span(str(window.period), pd.Timestamp(window.a), pd.Timestamp(window.b))
            sources = (
                *(partial(count, records, place, span) for count in INDICATORS),
                partial(response, deliveries, region, place),
            )
            rows += [
                {"periode": span.periode, "niveau": place.niveau, "gebied": place.gebied} | vars(figure)
                for source in sources
                for figure in source()
            ]
    table = pd.DataFrame(rows).set_index(KEY)
    if not table.index.is_unique:
        raise ValueError("a cell was counted twice")
    return table
