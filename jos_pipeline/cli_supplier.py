"""The commands in a supplier's house beside ``jos check``: preparing an export, explanations and empty files."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from jos_pipeline.cli_shared import existing, messages, modified, region, settings, show, write_feedback
from jos_pipeline.terminal import REFUSED, USAGE, stop, tell
from jos_pipeline.wishes import Wishes

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

    from jos_pipeline.intake.gate import Verdict
    from jos_pipeline.region import Region


def prepare(
    files: Annotated[list[Path], Parameter(name="FILE")],
    /,
    *,
    leverancier: str | None = None,
    sleutel_bestand: Path | None = None,
    soort: str | None = None,
    schooljaar: str | None = None,
    peildatum: date | None = None,
    uit: Path | None = None,
    mapping: Path | None = None,
    maak_mapping: Path | None = None,
    xsd: Path | None = None,
) -> int:
    """Maakt bij de leverancier van een export een levering zonder BSN, naam, geboortedatum of adres.

    Parameters
    ----------
    files
        De export uit uw eigen systeem (CSV of XLSX), of iJw-berichten (XML).
    leverancier
        Naam van uw map in de inbox.
    sleutel_bestand
        Bestand met de sleutel van de keten. De monitor krijgt deze sleutel nooit.
    soort
        Soort levering, als de bestandsnaam die niet noemt.
    schooljaar
        Schooljaar, als de bestandsnaam dat niet noemt.
    peildatum
        Peildatum, als de bestandsnaam die niet noemt.
    uit
        Map voor de levering en de terugkoppeling; anders de map van de export.
    mapping
        Mappingbestand: welke kolom van uw export welke kolom van de levering is.
    maak_mapping
        Schrijf voor deze export een mappingbestand om aan te vullen, en verder niets.
    xsd
        Map met de officiële XSD's van iJw 3.2, om berichten ook daaraan te toetsen.
    """
    from jos_pipeline.exports import chain_key, write_draft
    from jos_pipeline.ijw.reading import looks_like_xml
    from jos_pipeline.pseudonym import is_guessable

    _check_wishes(soort, schooljaar)
    known = settings()
    if maak_mapping is not None:
        day = peildatum or modified(existing(files)[0])
        tell(write_draft(files, maak_mapping, day, region(known), soort))
        return 0
    if leverancier is None or sleutel_bestand is None:
        wanted = {
            "--leverancier (uw map in de inbox)": leverancier,
            "--sleutel-bestand (het bestand met de sleutel van de keten)": sleutel_bestand,
        }
        stop(USAGE, f"geef ook {' en '.join(option for option, given in wanted.items() if given is None)}")
    key = chain_key(existing([sleutel_bestand])[0])
    if is_guessable(key):
        tell("let op: deze sleutel is te raden (steeds hetzelfde teken). Vraag de keten om een willekeurige sleutel.\n")
    house = _House(
        region=region(known),
        leverancier=leverancier.lower(),
        key=key,
        wishes=Wishes(soort, schooljaar, peildatum),
        files=tuple(files),
        uit=uit,
        taken=set(files),
    )
    mapped = None if mapping is None else existing([mapping])[0].read_bytes()
    xml = [path for path in existing(files) if looks_like_xml(path.read_bytes(), path.name)]
    verdicts = [_prepare_export(path, house, mapped) for path in files if path not in xml]
    if xml:
        verdicts += _prepare_messages(xml, house, xsd or known.ijw_xsd)
    return REFUSED if any(verdict.refused for verdict in verdicts) else 0


@dataclass(frozen=True)
class _House:
    """What one ``jos prepare`` works with: who, for what, and where the outcome goes."""

    region: "Region"
    leverancier: str
    key: bytes = field(repr=False)
    wishes: Wishes
    files: tuple[Path, ...]
    uit: Path | None
    taken: set[Path]
    """What may not be written over: the exports, and what this command wrote."""

    def directory(self, path: Path) -> Path:
        return path.parent if self.uit is None else self.uit

    def write(self, path: Path, name: str, content: bytes, *, refused: bool) -> None:
        """Writes the delivery that was made of the file at ``path`` and says what to do with it."""
        from jos_pipeline.exports import delivery_path

        delivery = delivery_path(self.directory(path) / name, self.files, self.taken - set(self.files))
        delivery.parent.mkdir(parents=True, exist_ok=True)
        delivery.write_bytes(content)
        self.taken.add(delivery)
        advice = "Verbeter eerst de fouten." if refused else "Zet dit bestand in uw map in de inbox."
        tell(f"levering:       {delivery}\n                {advice}\n")


def _prepare_export(path: Path, house: _House, mapping: bytes | None) -> "Verdict":
    with messages().status(f"Levering maken: bestand {house.files.index(path) + 1} van {len(house.files)} ..."):
        from jos_pipeline.prepare import prepare as prepare_export

        prepared = prepare_export(
            path.read_bytes(),
            path.name,
            modified(path),
            house.region,
            house.leverancier,
            key=house.key,
            soort=house.wishes.soort,
            schooljaar=house.wishes.schooljaar,
            peildatum=house.wishes.peildatum,
            mapping=mapping,
        )
    shown = prepared.shown
    show(shown)
    if prepared.content is not None and prepared.file_name is not None:
        house.write(path, prepared.file_name, prepared.content, refused=shown.refused)
    # The copy holds persons: it stays with the export, never among what is to be sent.
    write_feedback(shown, path, house.directory(path), house.taken, path.parent)
    return shown


def _prepare_messages(paths: Sequence[Path], house: _House, xsd: Path | None) -> "list[Verdict]":
    """The messages of one gemeente together. A message holds one client: those with nothing to tell are counted."""
    from jos_pipeline.ijw.preparing import prepare_messages

    with messages().status(f"{len(paths)} berichten lezen ..."):
        made = prepare_messages(
            [(path.name, path.read_bytes()) for path in paths],
            house.region,
            house.leverancier,
            key=house.key,
            wishes=house.wishes,
            schemas=_official_schemas(xsd),
        )
    told = [(path, verdict) for path, verdict in zip(paths, made.verdicts, strict=True) if verdict.findings]
    for path, verdict in told:
        show(verdict)
        write_feedback(verdict, path, house.directory(path), house.taken, None)
    if quiet := len(paths) - len(told):
        tell(f"{quiet} van {len(paths)} berichten: niets gevonden dat aandacht vraagt\n")
    for one in made.deliveries:
        house.write(paths[0], one.file_name, one.content, refused=one.refused)
    return list(made.verdicts)


def _official_schemas(directory: Path | None) -> "dict[str, XMLSchema] | None":
    from jos_pipeline.ijw.checking import UnusableSchemasError, official_schemas

    try:
        return None if directory is None else official_schemas(directory)
    except UnusableSchemasError as error:
        stop(USAGE, f"--xsd: {error}")


def _check_wishes(soort: str | None, schooljaar: str | None) -> None:
    from jos_pipeline.school_year import SchoolYear
    from schemas.contracts import CONTRACTS

    if soort is not None and soort not in CONTRACTS:
        stop(USAGE, f"onbekende soort; kies uit: {', '.join(CONTRACTS)}")
    try:
        if schooljaar is not None:
            SchoolYear.parse(schooljaar)
    except ValueError:
        stop(USAGE, "schrijf het schooljaar als 2022-2023")


def explain(wat: str | None = None, /, *, html: Path | None = None) -> int:
    """Legt een melding of een soort levering uit; zonder code staat er een lijst van alles.

    Parameters
    ----------
    wat
        De code van een melding (JOS-E021) of een soort levering (trajecten).
    html
        Map waarin alle uitleg als pagina's komt te staan; met een code alleen die pagina.
    """
    from jos_pipeline.explaining import all_pages, explanation, nearest, overview, pages_of

    told = overview() if wat is None else explanation(wat)
    if told is None:
        near = ", ".join(nearest(str(wat)))
        hint = (f"Bedoelt u: {near}? " if near else "") + "Alle codes: jos explain"
        stop(USAGE, f"'{wat}' is geen code van een melding en geen soort levering. {hint}")
    if html is None:
        sys.stdout.write(told + "\n")
        return 0
    html.mkdir(parents=True, exist_ok=True)
    for name, page in (all_pages() if wat is None else pages_of(wat)).items():
        (html / name).write_text(page, encoding="utf-8")
    tell(f"uitleg: {html}\n")
    return 0


def sjabloon(*soorten: str, uit: Path = Path(), schooljaar: str | None = None, peildatum: date | None = None) -> int:
    """Maakt lege Excel-bestanden om in te vullen, met keuzelijsten en uitleg; zonder soort één van elke soort.

    Parameters
    ----------
    soorten
        De soorten levering, bijvoorbeeld trajecten.
    uit
        Map voor de bestanden.
    schooljaar
        Schooljaar in de naam van het bestand, als 2022-2023.
    peildatum
        Peildatum in de naam van het bestand.
    """
    from jos_pipeline.blank_delivery import blank_delivery, blank_name
    from schemas.contracts import CONTRACTS

    for soort in soorten:
        _check_wishes(soort, schooljaar)
    _check_wishes(None, schooljaar)
    if peildatum is not None and schooljaar is None:
        stop(USAGE, "--peildatum hoort bij --schooljaar")
    uit.mkdir(parents=True, exist_ok=True)
    for soort in soorten or CONTRACTS:
        path = uit / blank_name(soort, schooljaar, peildatum)
        path.write_bytes(blank_delivery(CONTRACTS[soort]))
        sys.stdout.write(f"{path}\n")
    return 0
