"""SLEUTEL.md and SLEUTEL.json: every file in the inbox, every planted error and what the gate should say of it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from jos_pipeline.demo.sends_authorities import LATE, NEVER_SENT
from jos_pipeline.demo.sends_schools import MISSING_SCHOOL
from jos_pipeline.demo.shipping import ACCEPTED, DUPLICATE, REFUSED, WITH_REJECTS, Expected, Shipment
from jos_pipeline.demo.world import World
from schemas.findings import FINDINGS

_MOST_ROWS = 12


def as_json(shipments: Sequence[Shipment]) -> str:
    """One object per file in the inbox. ``rijen`` are row numbers as Excel shows them."""
    return json.dumps([_entry(shipment) for shipment in shipments], ensure_ascii=False, indent=1) + "\n"


def _entry(shipment: Shipment) -> dict[str, Any]:
    return {
        "leverancier": shipment.leverancier,
        "bestand": shipment.bestand,
        "soort": shipment.soort,
        "schooljaar": shipment.schooljaar,
        "ontvangen": shipment.ontvangen.isoformat(),
        "oordeel": shipment.oordeel,
        "bevindingen": [_finding(finding) for finding in shipment.bevindingen],
        "signalen": list(shipment.signalen),
        "bij_klaarmaken": [_finding(finding) for finding in shipment.bij_klaarmaken],
    }


def _finding(finding: Expected) -> dict[str, Any]:
    return {"code": finding.code, "kolom": finding.kolom, "aantal": finding.aantal, "rijen": list(finding.rijen)}


def as_markdown(world: World, shipments: Sequence[Shipment]) -> str:
    """The same for people, in Dutch."""
    parts = [_intro(world), _overview(world, shipments), _errors(shipments), _preparing(shipments)]
    return "\n".join(parts)


def _intro(world: World) -> str:
    return f"""# Sleutel van de demoregio

Alles in deze map is verzonnen: personen, nummers, cijfers en leveringen. De namen van scholen en gemeenten zijn echt,
hun cijfers niet. Schooljaar {world.year}, peildatum {world.peildatum.isoformat()}, zaadgetal {world.seed}.

- `leveranciers/` – de exports zoals leveranciers die in huis hebben, met (verzonnen) BSN's;
- `inbox/` – wat er bij de monitor aankomt;
- `open_data/` – drie bestanden in de vorm van DUO, met verzonnen aantallen;
- `sleutels/` – `keten.sleutel` is de gezamenlijke sleutel van de leveranciers, `monitor.sleutel` die van de monitor.

**De sleutels zijn alleen voor deze demo.** Ze volgen uit het zaadgetal en zijn dus niet geheim. Gebruik ze nooit voor
echte gegevens.

Dit bestand noemt elke fout die expres in de leveringen zit, en wat de monitor ervan moet vinden. `SLEUTEL.json` bevat
hetzelfde voor programma's. Rijnummers zijn die van Excel; bij een bestand van 'jos prepare' zijn het de rijen van het
bestand in de inbox.
"""


def _overview(world: World, shipments: Sequence[Shipment]) -> str:
    """Supplier by soort: what came and what became of it."""
    lines = ["## Wie levert wat", "", "| leverancier | soort | schooljaar | wat er gebeurt |", "|---|---|---|---|"]
    for supplier in world.region.leveranciers:
        who = f"{supplier.naam} (`{supplier.id}`)"
        for soort in supplier.levert:
            of_soort = [file for file in shipments if (file.leverancier, file.soort) == (supplier.id, soort)]
            for year in sorted({str(world.year), *(file.schooljaar for file in of_soort)}):
                files = [file for file in of_soort if file.schooljaar == year]
                lines.append(f"| {who} | {soort} | {year} | {_course(supplier.id, soort, files)} |")
    return "\n".join(lines) + "\n"


def _course(supplier: str, soort: str, files: Sequence[Shipment]) -> str:
    if not files:
        whole = supplier == MISSING_SCHOOL.lower()
        if not whole and (supplier, soort) != NEVER_SENT:
            raise ValueError(f"the demo forgot {soort} of {supplier}")
        return "**ontbreekt**: er komt niets aan" + (" van deze leverancier" if whole else "")
    late = " (**te laat**)" if supplier == LATE[0] else ""
    words = {
        ACCEPTED: "geaccepteerd",
        WITH_REJECTS: "geaccepteerd met afkeur",
        REFUSED: "afgekeurd",
        DUPLICATE: "dubbel",
    }
    return ", dan ".join(f"{words[file.oordeel]} op {file.ontvangen:%d-%m-%Y}{late}" for file in files)


def _errors(shipments: Sequence[Shipment]) -> str:
    lines = ["## De bestanden in de inbox", ""]
    for shipment in shipments:
        codes = f"; signalen: {', '.join(shipment.signalen)}" if shipment.signalen else ""
        lines += [
            f"### {shipment.leverancier}/{shipment.bestand}",
            "",
            f"{shipment.verhaal} Ontvangen {shipment.ontvangen:%d-%m-%Y}. Oordeel: **{shipment.oordeel}**{codes}.",
            "",
            *errors_table(shipment.bevindingen),
        ]
    return "\n".join(lines)


def _preparing(shipments: Sequence[Shipment]) -> str:
    lines = ["## Wat 'jos prepare' bij de leverancier vindt", ""]
    for shipment in shipments:
        if shipment.bij_klaarmaken and shipment.raw is not None:
            lines += [
                f"### leveranciers/{shipment.leverancier}/{shipment.raw[0]}",
                "",
                *errors_table(shipment.bij_klaarmaken),
            ]
    return "\n".join(lines)


_COLUMNS = ("code", "bevinding", "kolom", "aantal", "rijen", "wat er mis is")


def errors_table(findings: Iterable[Expected]) -> list[str]:
    """What is planted in a file, as lines of a table; none when nothing is."""
    rows = [
        (found.code, FINDINGS[found.code].title, found.kolom or "", str(found.aantal), _rows(found), found.uitleg)
        for found in findings
    ]
    lines = [_COLUMNS, ("---",) * len(_COLUMNS), *rows] if rows else []
    return [*(f"| {' | '.join(line)} |" for line in lines), *([""] if rows else [])]


def _rows(finding: Expected) -> str:
    shown = ", ".join(str(row) for row in finding.rijen[:_MOST_ROWS])
    more = len(finding.rijen) - _MOST_ROWS
    return f"{shown} en nog {more}" if more > 0 else shown
