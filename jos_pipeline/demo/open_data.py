"""Two files as DUO publishes them, for the demo school year: same headings, quoting and encoding, invented numbers."""

import csv
import io
from pathlib import Path

from jos_pipeline.demo import profiles
from jos_pipeline.demo.people import Pupil
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

NETWORK_OF_SCHOOLS = "99999"
"""An invented BEVOEGD GEZAG NUMMER: nobody should take these figures for DUO's."""

PUPILS = (
    "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "PLAATSNAAM",
    "GEMEENTENUMMER", "GEMEENTENAAM", "PROVINCIE", "AANTAL LEERLINGEN", "AANTAL VO LEERLINGEN UITBESTEED AAN VAVO",
)  # fmt: skip
LOCATIONS = (
    "PROVINCIE", "BEVOEGD GEZAG NUMMER", "INSTELLINGSCODE", "VESTIGINGSCODE", "VESTIGINGSNAAM", "STRAATNAAM",
    "HUISNUMMER-TOEVOEGING", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER", "GEMEENTENAAM", "DENOMINATIE",
    "TELEFOONNUMMER", "INTERNETADRES", "ONDERWIJSSTRUCTUUR", "STRAATNAAM CORRESPONDENTIEADRES",
    "HUISNUMMER-TOEVOEGING CORRESPONDENTIEADRES", "POSTCODE CORRESPONDENTIEADRES", "PLAATSNAAM CORRESPONDENTIEADRES",
    "NODAAL GEBIED CODE", "NODAAL GEBIED NAAM", "RPA-GEBIED CODE", "RPA-GEBIED NAAM", "WGR-GEBIED CODE",
    "WGR-GEBIED NAAM", "COROPGEBIED CODE", "COROPGEBIED NAAM", "ONDERWIJSGEBIED CODE", "ONDERWIJSGEBIED NAAM",
    "RMC-REGIO CODE", "RMC-REGIO NAAM", "VAKANTIEREGIO",
)  # fmt: skip
_SHOWN = 5
"""DUO shows no smaller numbers."""
_STRUCTURE = {"regulier": "MAVO/HAVO/VWO", "praktijkonderwijs": "PRAKTIJKONDERWIJS", "gespecialiseerd": "VSO"}


def write_open_data(directory: Path, region: Region, year: SchoolYear, pupils: dict[str, list[Pupil]]) -> None:
    """Writes both files. The counts are those of the invented pupils on 1 October."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"leerlingen-vo-per-vestiging-{year.start_year}.csv").write_bytes(_pupils(region, year, pupils))
    (directory / "alle-vestigingen-vo.csv").write_bytes(_locations(region, year))


def _pupils(region: Region, year: SchoolYear, pupils: dict[str, list[Pupil]]) -> bytes:
    """UTF-8, all quoted but the number of pupils. DUO leaves (v)so out of this file; the demo has it in."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(PUPILS)
    names = _municipality_names(region, year)
    for school in region.schools_on(year.counting_day):
        if school.school not in profiles.SCHOOLS:
            continue
        there = sum(
            p.enrolled <= year.counting_day and (p.left is None or p.left > year.counting_day)
            for p in pupils[school.school]
        )
        town, code = names[school.gemeente], school.school
        outsourced = str(there // 150) if there // 150 >= _SHOWN else "<5"
        writer.writerow(
            [
                NETWORK_OF_SCHOOLS,
                code[:4],
                code,
                school.naam,
                town.upper(),
                school.gemeente[2:],
                town,
                "Noord-Holland",
                there,
                outsourced,
            ]
        )
    return buffer.getvalue().encode("utf-8")


def _locations(region: Region, year: SchoolYear) -> bytes:
    """Windows-1252, nothing quoted, a space where a field is empty."""
    lines, names = [";".join(LOCATIONS)], _municipality_names(region, year)
    for school in region.schools_on(year.counting_day):
        town = names[school.gemeente].upper()
        known = {
            "PROVINCIE": "Noord-Holland",
            "BEVOEGD GEZAG NUMMER": NETWORK_OF_SCHOOLS,
            "INSTELLINGSCODE": school.school[:4],
            "VESTIGINGSCODE": school.school,
            "VESTIGINGSNAAM": f"{school.naam} (demo, één vestiging)",
            "PLAATSNAAM": town,
            "GEMEENTENUMMER": school.gemeente[2:],
            "GEMEENTENAAM": town,
            "DENOMINATIE": "Verzonnen",
            "ONDERWIJSSTRUCTUUR": _STRUCTURE[school.onderwijstype],
            "RMC-REGIO CODE": "24",
            "RMC-REGIO NAAM": "Noord-Kennemerland",
            "VAKANTIEREGIO": "Noord",
        }
        lines.append(";".join(known.get(heading, " ") for heading in LOCATIONS))
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


def _municipality_names(region: Region, year: SchoolYear) -> dict[str, str]:
    return {municipality.gemeente: municipality.naam for municipality in region.municipalities_on(year.counting_day)}
