"""What is counted, for the recount: the rows in force, joined where the specification says so, and the areas.

Which file is in force and which rows were rejected is asked of the warehouse: that is data. Schools, areas and teams
come from the region: that is reference data. Everything else is read and joined here, from the specification only.
"""

import json
import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path

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
class Records:
    """Accepted rows in force of one school year, and what the region says of its schools and teams."""

    leerlingen: pd.DataFrame
    trajecten: pd.DataFrame
    activiteiten: pd.DataFrame
    inzet: pd.DataFrame
    jeugdhulp: pd.DataFrame
    wachttijden: pd.DataFrame
    tlv: pd.DataFrame
    thuiszitters: pd.DataFrame
    verzuim: pd.DataFrame
    begeleiders: pd.DataFrame
    leerplicht: pd.DataFrame
    inwoners: pd.DataFrame
    enquete: pd.DataFrame
    opgave: pd.DataFrame
    teldag: pd.Timestamp
    geleverd: frozenset[str]
    """Schools whose leerlingen delivery is in force."""
    teams: dict[str, frozenset[str]]


AS_THEY_ARE = ("verzuim", "begeleiders", "leerplicht", "inwoners", "enquete", "opgave")
"""Soorten of which nothing is joined."""


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


USED = {
    "trajecten": (
        *(
            "pseudoniem",
            "school",
            "functie",
            "leeftijdsklasse",
            "aard",
            "vorm",
            "preventie",
            "aanmeldreden",
            "uitkomst",
        ),
        *("aanmelddatum", "eerste_contact", "begindatum", "einddatum", "specialistische_hulp_in_beeld"),
    ),
    "activiteiten": ("datum", "school", "team", "functie", "activiteit", "preventie", "minuten"),
    "jeugdhulp": ("pseudoniem", "woongemeente", "hulpvorm", "aanbieder", "verwijzer", "aanvang", "einde"),
}
"""The columns that the recount needs of the larger soorten: every selection copies all columns, so others cost time."""


def _lean(frame: pd.DataFrame, soort: str) -> pd.DataFrame:
    """Only what is needed, text as plain objects and yes or no as bool: thousands of small selections are made."""
    used = USED.get(soort, COLUMNS[soort])
    wanted = {*used, "leverancier"}
    kept = frame[[name for name in frame.columns if re.sub("_(dag|min|max)$", "", name) in wanted]]
    flags = kept.select_dtypes("boolean").columns
    plain = kept.assign(**{name: kept[name].fillna(value=False).astype(bool) for name in flags})
    return plain.astype(dict.fromkeys(plain.select_dtypes("str").columns, object))


def records_from(
    frames: dict[str, pd.DataFrame], region: Region, geleverd: frozenset[str], teldag: date, peildatum: date
) -> Records:
    """Records with what has to be joined: onderwijstype, and spells of jeugdhulp."""
    frames = {soort: _lean(frame, soort) for soort, frame in frames.items()}
    pupils = frames["leerlingen"].assign(
        onderwijstype=lambda f: f["onderwijssoort"].map(codelists.ONDERWIJSSOORT.groups)
    )
    return Records(
        leerlingen=pupils,
        trajecten=_with_type(frames["trajecten"], pupils, region, peildatum),
        activiteiten=frames["activiteiten"],
        inzet=frames["inzet"],
        jeugdhulp=spells(frames["jeugdhulp"]),
        wachttijden=frames["wachttijden"],
        tlv=frames["tlv"],
        thuiszitters=frames["thuiszitters"],
        **{soort: frames[soort] for soort in AS_THEY_ARE},
        teldag=pd.Timestamp(teldag),
        geleverd=geleverd,
        teams={team.id: frozenset(team.scholen) for team in region.teams},
    )


def _with_type(trajecten: pd.DataFrame, pupils: pd.DataFrame, region: Region, day: date) -> pd.DataFrame:
    enrolled = pupils.sort_values("inschrijfdatum").drop_duplicates(["pseudoniem", "school"], keep="last")
    own = {school.school: school.onderwijstype for school in region.schools_on(day)}
    joined = trajecten.merge(
        enrolled[["pseudoniem", "school", "onderwijstype"]], on=["pseudoniem", "school"], how="left"
    )
    return joined.assign(onderwijstype=joined["onderwijstype"].fillna(joined["school"].map(own)))


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
