"""Three files as DUO publishes them: same headings, quoting and encoding, invented numbers."""

import csv
import io
from collections.abc import Iterator, Sequence
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
EXAMS = (
    "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO",
    "INSPECTIECODE", "OPLEIDINGSNAAM",
)  # fmt: skip
_EXAMS_OF = {
    "vmbo_b": ("VMBO", "VMBO B - techniek", "VMBO B - groen"),
    "vmbo_k": ("VMBO", "VMBO K - techniek", "VMBO K - groen"),
    "vmbo_gt": ("VMBO", "VMBO T - economie", "VMBO T - landbouw"),
    "havo": ("HAVO", "HAVO - E&M"),
    "vwo": ("VWO", "VWO - N&T"),
}
"""DUO's school type and its courses; the second one is small."""
_SMALL_COURSE = 6
"""One in so many takes the second course."""
_SHOWN = 5
"""DUO shows no smaller numbers."""
_STRUCTURE = {"regulier": "MAVO/HAVO/VWO", "praktijkonderwijs": "PRAKTIJKONDERWIJS", "gespecialiseerd": "VSO"}


def write_open_data(directory: Path, region: Region, year: SchoolYear, pupils: dict[str, list[Pupil]]) -> None:
    """Writes the files. The counts are those of the invented pupils on 1 October; exams are of the year before."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"leerlingen-vo-per-vestiging-{year.start_year}.csv").write_bytes(_pupils(region, year, pupils))
    (directory / "alle-vestigingen-vo.csv").write_bytes(_locations(region, year))
    years = (SchoolYear(year.start_year - 2), SchoolYear(year.start_year - 1))
    (directory / f"examenkandidaten-en-geslaagden-{years[0]}-tot-en-met-{years[1]}.csv").write_bytes(
        _exams(region, years, pupils)
    )


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


def _exams(region: Region, years: Sequence[SchoolYear], pupils: dict[str, list[Pupil]]) -> bytes:
    """Quoted, a decimal point, and ``<5`` for a small number: the pupils of the last grade took the exam before."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    counted = ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")
    of_year = [f"{what} SCHOOLJAAR {year} - TOTAAL" for year in years for what in counted]
    writer.writerow((*EXAMS, *of_year))
    names = _municipality_names(region, years[-1])
    for school in region.schools_on(years[-1].last_day):
        for education, course, there in _courses(pupils[school.school]):
            counts = [_exam_cells(there - later, 9 * (there - later) // 10) for later in range(len(years))]
            place = (
                school.school[:4],
                school.school,
                school.naam,
                names[school.gemeente].upper(),
                education,
                "1",
                course,
            )
            writer.writerow((*place, *(cell for cells in counts for cell in cells)))
    return buffer.getvalue().encode("utf-8")


def _courses(pupils: Sequence[Pupil]) -> Iterator[tuple[str, str, int]]:
    """Every course that is taken at a school: school type, course, candidates."""
    for kind, (education, *courses) in _EXAMS_OF.items():
        there = sum(p.kind == kind and p.grade == profiles.LAST_GRADE[kind] for p in pupils)
        few = there // _SMALL_COURSE if len(courses) > 1 else 0
        for course, candidates in zip(courses, (there - few, few), strict=False):
            if candidates > 1:
                yield education, course, candidates


def _exam_cells(candidates: int, passed: int) -> tuple[str, str, str]:
    share = f"{100 * passed / candidates:.1f}".removesuffix(".0") if candidates else ""
    return _masked(candidates), _masked(passed), share


def _masked(count: int) -> str:
    return str(count) if count == 0 or count >= _SHOWN else f"<{_SHOWN}"


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
