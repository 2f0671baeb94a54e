"""From what happened to rows of the deliveries jeugdhulp and wachttijden: the code lists of iJw become those of CBS.

A person's number and birth date are still in a row here; they are replaced in ``preparing``.
"""

from dataclasses import dataclass
from datetime import date

from jos_pipeline.coarsen import home_municipality
from jos_pipeline.ijw.items import Client, Item
from jos_pipeline.ijw.records import ASSIGNMENT_REMOVED, Care, Combined, Remark, Wait, remark

HULPVORMEN = dict(
    zip((str(code) for code in range(31, 39)), ("01", "02", "03", "04", "11", "12", "13", "14"), strict=True)
)
"""Product categories (JZ020) that are a hulpvorm of CBS; the others are none."""
REASONS = {"31": "01", "34": "02", "32": "03", "33": "04", "35": "05", "02": "05", "39": "01"}
"""Reasons to stop (JZ588) as CBS counts them. 20, 36 and 37 are administrative: the help goes on."""
NEEDS_CHOICE = "38"
GENDERS = {"0": "O", "1": "M", "2": "V"}
OF_GEMEENTE = "01"


@dataclass(frozen=True, repr=False)
class Row:
    """A row of a delivery, with the client it is about and the line it comes from."""

    client: Client
    file: int
    line: int
    cells: dict[str, str | None]


def youth_care_rows(records: Combined, homes: dict[str, str]) -> tuple[list[Row], list[Remark]]:
    """The rows of jeugdhulp; ``homes`` is the gemeente of each postcode of four digits."""
    rows: list[Row] = []
    remarks: list[Remark] = []
    for care in records.cares:
        category = care.first.category or (care.assigned.category if care.assigned else None)
        form = HULPVORMEN.get(category or "")
        if form is None:
            detail = "hun productcategorie geen hulpvorm is" if category else "er geen productcategorie bij staat"
            remarks.append(remark("JOS-S031", "Categorie", care.first, detail))
            continue
        rows.append(_care_row(care, form, homes, remarks))
    return rows, remarks


def _care_row(care: Care, form: str, homes: dict[str, str], remarks: list[Remark]) -> Row:
    first = care.first
    ended, reason = _end(care.stop, remarks)
    remarks.append(remark("JOS-S034", "gestart_met_crisis", first, "want iJw zegt het niet: 02 (nee)"))
    source = care.assigned.client if care.assigned and care.assigned.client.postcode else first.client
    cells = {
        "geslacht": GENDERS[first.client.gender],
        "woongemeente": _home(first, source.postcode, homes, remarks),
        "verwijzer": _referrer(care, remarks),
        "hulpvorm": form,
        "gestart_met_crisis": "02",
        "aanvang": first.fields["Begindatum"],
        "einde": ended,
        "reden_beeindiging": reason,
        "aanbieder": first.aanbieder,
    }
    return Row(first.client, first.file, first.line, cells)


def _end(stop: Item | None, remarks: list[Remark]) -> tuple[str | None, str | None]:
    """The last day and the reason; both empty while the help goes on, or when the reason needs a choice."""
    if stop is None:
        return None, None
    code = stop.fields["RedenBeeindiging"]
    if code == NEEDS_CHOICE:
        remarks.append(remark("JOS-S032", "RedenBeeindiging", stop))
    reason = REASONS.get(code)
    return (stop.fields["Einddatum"], reason) if reason else (None, None)


def _referrer(care: Care, remarks: list[Remark]) -> str | None:
    """Who referred: as the verzoek says; the gemeente when it assigned without one; else unknown."""
    if care.request is not None:
        return care.request.fields["Verwijzer/Type"]
    if care.assigned is None:
        return None
    detail = "want er is wel een toewijzing (JW301) maar geen verzoek (JW315): 01 (gemeente)"
    remarks.append(remark("JOS-S034", "verwijzer", care.first, detail))
    return OF_GEMEENTE


def _home(item: Item, postcode: str | None, homes: dict[str, str], remarks: list[Remark]) -> str:
    found = home_municipality(postcode, homes) if postcode else None
    if found is None:
        detail = "want er is geen bekende postcode: de gemeente van het bericht"
        remarks.append(remark("JOS-S034", "woongemeente", item, detail))
    return found or item.gemeente


def waiting_rows(records: Combined, homes: dict[str, str], peildatum: date) -> tuple[list[Row], list[Remark]]:
    """The rows of wachttijden: every toewijzing that was started or still waits on the peildatum."""
    rows: list[Row] = []
    remarks: list[Remark] = []
    for wait in records.waits:
        over = _over(wait, peildatum)
        if over is not None:
            remarks.append(remark("JOS-S031", *over))
            continue
        item = wait.assigned
        cells = {
            "woongemeente": _home(item, item.client.postcode, homes, remarks),
            "soort": "jeugdhulp",
            "aanmelddatum": wait.since.isoformat(),
            "intakedatum": None,
            "startdatum": wait.start.isoformat() if wait.start else None,
        }
        rows.append(Row(item.client, item.file, item.line, cells))
    return rows, remarks


def _over(wait: Wait, peildatum: date) -> tuple[str, Item, str] | None:
    """Why nobody waits for this toewijzing any more, though no help began."""
    if wait.start is not None:
        return None
    if wait.assigned.fields.get("RedenWijziging") == ASSIGNMENT_REMOVED:
        return "RedenWijziging", wait.assigned, "de toewijzing is verwijderd"
    ends = wait.assigned.day("Einddatum")
    if ends is not None and ends < peildatum:
        return "Einddatum", wait.assigned, "de toewijzing voorbij is zonder dat de hulp begon"
    return None
