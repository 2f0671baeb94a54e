"""What a figure rests on, for people and for programs. Says that it is internal: its counts are exact.

Nothing is counted here; see ``jos_pipeline.tracing``.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.clock import AMSTERDAM
from jos_pipeline.history import Traced
from jos_pipeline.indicators.reported import MIXED, REPORTED
from jos_pipeline.tracing import DeliveryTrace, MeasureTrace

INTERNAL = "INTERN: exacte aantallen, ook kleine. Niet delen buiten het team van de monitor."
ROLES = {"teller": "Teller", "noemer": "Noemer"}
VALUES = ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "waarde_status", "herkomst")


def trace_json(found: Traced) -> dict[str, Any]:
    """The trace as one object."""
    traced = found.trace
    place = traced.plaats
    return {
        "let_op": INTERNAL,
        "moment": found.moment.isoformat(timespec="seconds"),
        "indicator": place.indicator.id,
        "versie": place.indicator.versie,
        "schooljaar": traced.schooljaar,
        "periode": place.periode,
        "niveau": place.niveau,
        "gebied": place.gebied,
        "uitsplitsing": place.uitsplitsing,
        "categorie": place.categorie,
        "peildatum": traced.peildatum.isoformat(),
        "publicatie": None if found.publicatie is None else str(found.publicatie.id),
        "gepubliceerd": None if found.gepubliceerd is None else {name: found.gepubliceerd[name] for name in VALUES},
        "gepubliceerd_afgerond": found.afgerond,
        "intern": {name: traced.cijfer[name] for name in VALUES},
        "dekking": {name: traced.cijfer[name] for name in ("n_verwacht", "n_geleverd", "dekking")},
        "ontbreekt": [asdict(one) for one in traced.ontbreekt],
        "maten": [asdict(one) for one in traced.maten],
        "leveringen": [asdict(one) | {"peildatum": one.peildatum.isoformat()} for one in traced.leveringen],
        "andere_leveringen_dan_publicatie": list(found.andere_leveringen),
    }


def trace_text(found: Traced) -> str:
    """The trace for a terminal."""
    parts = [
        _heading(found),
        *(_measure(one) for one in found.trace.maten),
        _missing(found),
        _deliveries(found),
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _heading(found: Traced) -> list[str]:
    traced, place = found.trace, found.trace.plaats
    entry = place.indicator
    split = "" if place.uitsplitsing == "totaal" else f", {place.uitsplitsing} {place.categorie}"
    moment = found.moment.astimezone(AMSTERDAM)
    inside = dutch.figure(_number(traced.cijfer), entry.eenheid, entry.decimalen, str(traced.cijfer["waarde_status"]))
    lines = [
        INTERNAL,
        "",
        f"{entry.naam} ({entry.id}, versie {entry.versie})",
        f"  {entry.definitie}",
        f"  {place.niveau} {place.gebied}, {place.periode} {traced.schooljaar}{split}",
        f"  zoals het was op   {dutch.day(moment)}, {moment:%H:%M} uur",
        f"  geteld tot en met  {dutch.day(traced.peildatum)}",
        f"  gepubliceerd       {_published(found)}",
        f"  intern             {inside}{_parts(traced.cijfer)}",
    ]
    if traced.cijfer["herkomst"] in (REPORTED, MIXED):
        lines.append(
            "  let op: totalen die een school zelf telde (opgave) zitten erin; die hebben geen rijen hieronder"
        )
    if found.afgerond:
        lines.append("  let op: in de publicatie zijn aantallen personen afgerond; intern zijn ze precies")
    if found.andere_leveringen:
        numbers = ", ".join(str(number) for number in found.andere_leveringen)
        lines.append(f"  let op: de publicatie rust op een andere stand; het scheelt levering {numbers}")
    return lines


def _published(found: Traced) -> str:
    if found.publicatie is None:
        return "nog niets"
    entry, row = found.trace.plaats.indicator, found.gepubliceerd
    if row is None:
        return f"staat niet in {found.publicatie.id}"
    shown = dutch.figure(row["waarde"], entry.eenheid, entry.decimalen, row["waarde_status"])
    return f"{shown} in {found.publicatie.id}"


def _number(row: Any) -> float | None:
    return None if row["waarde"] is None else float(row["waarde"])


def _parts(row: Any) -> str:
    counts = (f"{name} {dutch.number(row[name], 2).removesuffix(',00')}" for name in ("teller", "noemer") if row[name])
    text = ", ".join(counts)
    return f" ({text})" if text else ""


def _measure(one: MeasureTrace) -> list[str]:
    """From all rows to those that count, a line per rule."""
    lines = [
        f"{ROLES[one.rol]}: {one.telt} in de tabel {one.tabel}",
        f"  {dutch.number(one.rijen_schooljaar):>9}  rijen in het schooljaar",
        f"  {dutch.number(one.rijen_gebied):>9}  rijen in dit gebied",
    ]
    for rule in one.regels:
        meaning = f"   [{rule.betekenis}]" if rule.betekenis else ""
        lines.append(f"  {dutch.signed(-rule.valt_af):>9}  voldoen niet aan: {rule.regel}{meaning}")
    lines.append(f"  {dutch.number(one.rijen_geteld):>9}  rijen geteld")
    return lines


def _missing(found: Traced) -> list[str]:
    row, absent = found.trace.cijfer, found.trace.ontbreekt
    lines = [f"Dekking: {row['n_geleverd']} van {row['n_verwacht']}"]
    lines += [
        f"  {one.waar}: {one.soort} ontbreekt ({one.leverancier or 'geen leverancier aangewezen'})" for one in absent
    ]
    return lines


def _deliveries(found: Traced) -> list[str]:
    behind = found.trace.leveringen
    counted = [one for one in behind if any(one.geteld.values()) or not one.geteld]
    rest = len(behind) - len(counted)
    lines = [f"Leveringen: {dutch.plural(len(counted), 'levering telt', 'leveringen tellen')} mee"]
    for one in counted:
        lines += _delivery(one)
    if rest:
        lines.append(
            f"  {dutch.plural(rest, 'levering', 'leveringen')} van dezelfde soorten zonder rijen in dit cijfer"
        )
    return lines


def _moment(text: str) -> str:
    """A moment as ``DeliveryTrace`` writes it, in Dutch time."""
    moment = datetime.fromisoformat(text).astimezone(AMSTERDAM)
    return f"{dutch.short_day(moment.date())}, {moment:%H:%M} uur"


def _delivery(one: DeliveryTrace) -> Iterator[str]:
    used = (
        ", ".join(f"{dutch.number(count)} in de {role}" for role, count in one.geteld.items())
        or "via de woorden van de formule"
    )
    yield (
        f"  nr {one.id}  {one.leverancier}  {one.soort}, peildatum {dutch.short_day(one.peildatum)}, "
        f"ontvangen {_moment(one.ontvangen_op)}, sha256 {one.sha256[:16]}"
    )
    yield (
        f"      {one.oordeel.replace('_', ' ')}: {dutch.plural(one.rijen, 'rij', 'rijen')}, "
        f"{dutch.number(one.rijen_afgekeurd)} afgekeurd; geteld: {used}"
    )
    if one.contract != one.contract_nu:
        yield f"      getoetst aan versie {one.contract} van het contract; nu geldt versie {one.contract_nu}"
    for hit in one.bevindingen:
        column = f" in {hit.kolom}" if hit.kolom else ""
        yield f"      {hit.code} ({hit.ernst}){column}: {hit.aantal} keer"
