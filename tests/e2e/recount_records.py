"""What is counted, for the recount: the rows in force, joined where the specification says so, and the areas.

Which file is in force and which rows were rejected is asked of the warehouse: that is data. Schools, areas and teams
come from the region: that is reference data. Everything else is read and joined here, from the specification only.
"""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace as Row

import pandas as pd

from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas import codelists
from tests.e2e.recount_reading import COLUMNS, no_rows, read_delivery


@dataclass(frozen=True)
class Place:
    """An area: its schools (school ground) and its gemeenten (home ground)."""

    niveau: str
    gebied: str
    scholen: frozenset[str]
    gemeenten: frozenset[str]


@dataclass(frozen=True)
class Here:
    """What lies within a place: the records that its figures are about."""

    place: Place
    scholen: list[Row]
    leerlingen: list[Row]
    """Enrolments on the counting day at schools that delivered."""
    trajecten: list[Row]
    activiteiten: list[Row]
    inzet: list[Row]
    medewerkers: list[Row]
    """inzet at the schools of the place, also of teams that serve other places as well."""
    begeleiders: list[Row]
    enquete: list[Row]
    tlv: list[Row]
    opgave: list[Row]
    jeugdhulp: list[Row]
    wachttijden: list[Row]
    leerplicht: list[Row]
    inwoners: list[Row]
    thuiszitters: list[Row]
    trajecten_van: dict[str, list[Row]]
    """Of every pupil, wherever they are."""
    alle_verzuim: list[Row]
    alle_tlv: list[Row]
    alle_jeugdhulp: list[Row]
    geleverd: frozenset[str]


@dataclass(frozen=True)
class Records:
    """Accepted rows in force of one school year, and what the region says of its schools and teams."""

    rows: dict[str, list[Row]]
    scholen: list[Row]
    teldag: date
    geleverd: frozenset[str]
    """Schools whose leerlingen delivery is in force."""
    teams: dict[str, frozenset[str]]
    """Team (its id in small letters) to its schools."""

    def within(self, place: Place) -> Here:
        there = {soort: [row for row in rows if _lies(row, place)] for soort, rows in self.rows.items()}
        teams = {team for team, schools in self.teams.items() if schools <= place.scholen}
        serving = {team for team, schools in self.teams.items() if schools & place.scholen}
        of_pupil = defaultdict(list)
        for row in self.rows["trajecten"]:
            of_pupil[row.pseudoniem].append(row)
        own = teams if place.niveau != "school" else set()
        return Here(
            place,
            [row for row in self.scholen if row.school in place.scholen],
            [row for row in there["leerlingen"] if self._enrolled(row)],
            there["trajecten"],
            self._of_teams("activiteiten", there, own),
            self._of_teams("inzet", there, own),
            self._of_teams("inzet", there, serving),
            *(there[soort] for soort in ("begeleiders", "enquete", "tlv", "opgave")),
            *([row for row in self.rows[soort] if row.woongemeente in place.gemeenten] for soort in AT_HOME),
            dict(of_pupil),
            self.rows["verzuim"],
            self.rows["tlv"],
            self.rows["jeugdhulp"],
            self.geleverd,
        )

    def _enrolled(self, row: Row) -> bool:
        day = self.teldag
        return (
            row.school in self.geleverd
            and row.inschrijfdatum <= day
            and (row.uitschrijfdatum is None or row.uitschrijfdatum >= day)
        )

    def _of_teams(self, soort: str, there: dict[str, list[Row]], teams: set[str]) -> list[Row]:
        """Rows of the place's schools, and of the teams: one row of a team is one, whatever schools it serves."""
        of_team = [row for row in self.rows[soort] if row.school is None and (row.team or "").casefold() in teams]
        return there[soort] + of_team


def _lies(row: Row, place: Place) -> bool:
    """At a school of the place. Who answered a survey and named no school, did so about the region."""
    school = getattr(row, "school", None)
    return school in place.scholen or (school is None and place.niveau == "regio" and hasattr(row, "respondent"))


AT_HOME = ("jeugdhulp", "wachttijden", "leerplicht", "inwoners", "thuiszitters")


def in_force(warehouse: Path, schooljaar: str) -> pd.DataFrame:
    """The deliveries in force, each with the row numbers that were rejected."""
    with sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True) as link:
        deliveries = pd.read_sql_query(
            "SELECT id, leverancier, bestand, soort, rijen_geaccepteerd, rijen_afgekeurd FROM levering "
            "WHERE geldend = 1 AND schooljaar = ? ORDER BY soort, leverancier",
            link,
            params=(schooljaar,),
        )
        faults = pd.read_sql_query("SELECT levering_id, rijen FROM bevinding WHERE ernst = 'fout' AND aantal > 0", link)
    link.close()
    rows = faults.groupby("levering_id")["rijen"].agg(lambda lists: {row for text in lists for row in json.loads(text)})
    return deliveries.assign(afgekeurd=[rows.get(number, set()) for number in deliveries["id"]])


def read_records(inbox: Path, deliveries: pd.DataFrame, region: Region, schooljaar: str, peildatum: date) -> Records:
    """Every delivery in force, read from its file."""
    frames: dict[str, list[pd.DataFrame]] = {soort: [] for soort in COLUMNS}
    for row in deliveries.itertuples():
        frame = read_delivery(inbox / row.leverancier / row.bestand, row.soort, row.afgekeurd)
        frames[row.soort].append(frame.assign(leverancier=row.leverancier))
    joined = {
        soort: pd.concat(parts, ignore_index=True) if parts else no_rows(soort) for soort, parts in frames.items()
    }
    suppliers = set(deliveries.loc[deliveries["soort"] == "leerlingen", "leverancier"])
    return records_from(
        joined,
        region,
        geleverd=frozenset(s.gebied for s in region.leveranciers if s.id in suppliers and s.gebied),
        teldag=min(SchoolYear.parse(schooljaar).counting_day, peildatum),
        peildatum=peildatum,
    )


def records_from(
    frames: dict[str, pd.DataFrame], region: Region, geleverd: frozenset[str], teldag: date, peildatum: date
) -> Records:
    """Records with what has to be joined: onderwijstype, schoolgemeente, and spells of jeugdhulp."""
    pupils = frames["leerlingen"].assign(
        onderwijstype=lambda f: f["onderwijssoort"].map(codelists.ONDERWIJSSOORT.groups),
        leerjaar=[None if pd.isna(year) else str(int(year)) for year in frames["leerlingen"]["leerjaar"]],
    )
    joined = frames | {
        "leerlingen": pupils,
        "trajecten": _with_type(frames["trajecten"], pupils, region, peildatum),
        "jeugdhulp": spells(frames["jeugdhulp"]),
    }
    return Records(
        rows={soort: plain_rows(frame) for soort, frame in joined.items()},
        scholen=[Row(school=s.school, onderwijstype=s.onderwijstype) for s in region.schools_on(peildatum)],
        teldag=teldag,
        geleverd=geleverd,
        teams={team.id.casefold(): frozenset(team.scholen) for team in region.teams},
    )


def plain_rows(frame: pd.DataFrame) -> list[Row]:
    """Every row with plain values: None for missing, dates as dates."""
    columns = {}
    for name, column in frame.items():
        values = column.dt.date if pd.api.types.is_datetime64_any_dtype(column) else column.astype(object)
        columns[name] = [None if pd.isna(value) else value for value in values]
    return [Row(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]


def _with_type(trajecten: pd.DataFrame, pupils: pd.DataFrame, region: Region, day: date) -> pd.DataFrame:
    enrolled = pupils.sort_values("inschrijfdatum").drop_duplicates(["pseudoniem", "school"], keep="last")
    own = {school.school: school.onderwijstype for school in region.schools_on(day)}
    seats = {school.school: school.gemeente for school in region.schools_on(day)}
    joined = trajecten.merge(
        enrolled[["pseudoniem", "school", "onderwijstype"]], on=["pseudoniem", "school"], how="left"
    )
    return joined.assign(
        onderwijstype=joined["onderwijstype"].fillna(joined["school"].map(own)),
        schoolgemeente=joined["school"].map(seats),
    )


def spells(jeugdhulp: pd.DataFrame) -> pd.DataFrame:
    """Rows of one person, hulpvorm and aanbieder that overlap as one: earliest aanvang, latest einde (open wins)."""
    ordered = jeugdhulp.sort_values("aanvang", kind="stable").reset_index(drop=True)
    kept: list[dict[str, object]] = []
    latest: dict[tuple[str, str, str], dict[str, object]] = {}
    for row in ordered.to_dict("records"):
        person = tuple("" if pd.isna(row[name]) else row[name] for name in ("pseudoniem", "hulpvorm", "aanbieder"))
        before = latest.get(person)
        if before is not None and (pd.isna(before["einde"]) or row["aanvang"] <= before["einde"]):
            ends = (before["einde"], row["einde"])
            before["einde"] = pd.NaT if any(pd.isna(end) for end in ends) else max(ends)
            continue
        latest[person] = row
        kept.append(row)
    return pd.DataFrame(kept, columns=ordered.columns).astype({"aanvang": "datetime64[s]", "einde": "datetime64[s]"})


def places(region: Region, day: date) -> tuple[Place, ...]:
    """Every area on a day; a samenwerkingsverband also has gemeenten outside the region."""
    homes = {area.gemeente: area for area in region.areas_on(day)}
    seats = {school.school: school.gemeente for school in region.schools_on(day)}

    def place(niveau: str, gebied: str, gemeenten: set[str]) -> Place:
        return Place(niveau, gebied, frozenset(s for s, g in seats.items() if g in gemeenten), frozenset(gemeenten))

    own = {gemeente for gemeente, area in homes.items() if area.in_regio == "ja"}
    unions = {
        swv: {gemeente for gemeente, area in homes.items() if area.samenwerkingsverband == swv}
        for swv in region.samenwerkingsverbanden
    }
    return (
        Place("regio", region.id, frozenset(seats), frozenset(own)),
        *(place("samenwerkingsverband", swv, gemeenten) for swv, gemeenten in unions.items()),
        *(place("gemeente", gemeente, {gemeente}) for gemeente in homes),
        *(Place("school", school, frozenset({school}), frozenset()) for school in seats),
    )
