"""The proof that somebody was erased: what was looked through, what was rewritten, what stays and why.

As JSON for programs (and for ``jos erase --opnieuw`` after a restore), as a Dutch page for the file of the request,
and as lines for the terminal. Nothing in it is a pseudonym or a number of rows of one person; that a file of some soort
was rewritten does tell something of the person, so a proof belongs in the file of the request and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.clock import AMSTERDAM
from jos_pipeline.pages import ENVIRONMENT

KIND, VERSION = "vergetelheid", 1

KEPT = (
    (
        "gepubliceerde cijfers",
        "Dit zijn aantallen en aandelen over groepen, met kleine aantallen verborgen, en een publicatie verandert "
        "nooit. Grondslag, te bevestigen door de FG: AVG art. 17 lid 3 onder d en art. 89.",
    ),
    (
        "register van leveringen en bevindingen",
        "Hierin staan bestanden, aantallen en rijnummers, geen waarden uit een levering.",
    ),
    (
        "terugkoppeling en spiegelrapporten van leveranciers",
        "Hierin staan rijnummers en aantallen over het eigen bestand van de leverancier. Ze verdwijnen na de "
        "bewaartermijn (jos prune).",
    ),
    (
        "grafsteen",
        "Een versleuteld kenmerk waaraan alleen de monitor de leerling herkent. Het is nodig om een latere levering te "
        "kunnen weigeren. Het wordt alleen daarvoor gebruikt.",
    ),
    (
        "bestanden in de inbox",
        "Deze zijn van de leverancier. De monitor leest ze en verandert ze niet; wat erin staat komt niet meer binnen.",
    ),
)
"""What is not erased, and why."""


@dataclass(frozen=True)
class Proof:
    """What was done for one request. Moments are in UTC; ``herschreven`` holds the lines of ``resources.sweeping``."""

    kenmerk: str
    opdracht: str
    begonnen_op: datetime
    klaar_op: datetime
    door: str | None
    code_versie: str
    sleutel: str
    grafstenen: tuple[str, ...]
    herschreven: tuple[Mapping[str, Any], ...]
    ververst: tuple[str, ...]
    niet_ververst: tuple[str, ...]
    """School years of which the figures could not be made anew; they were removed and the next run makes them."""
    weggehaald: tuple[str, ...]
    """School years that are no longer processed: their internal figures are gone."""
    nog_in_inbox: tuple[tuple[str, int | None], ...]
    """Supplier and number of the delivery (None: not taken in) of files in the inbox that still hold the pseudonym."""
    inbox_doorzocht: bool
    """Not when only tombstones were at hand, or when the inbox could not be read."""
    doorzocht: int
    niet_doorzocht: tuple[str, ...]
    treffers: tuple[str, ...]
    """Files in which somebody was still found after all."""
    publicaties: tuple[tuple[str, str], ...]
    """Id and content hash of every publication; the same before and after."""

    @property
    def is_clean(self) -> bool:
        return not self.treffers and not self.niet_ververst

    @property
    def uitkomst(self) -> str:
        if not self.is_clean:
            return "niet klaar"
        return "verwijderd" if self.herschreven else "niets gevonden"


def proof_json(proof: Proof) -> dict[str, Any]:
    told = asdict(proof) | {name: getattr(proof, name).isoformat() for name in ("begonnen_op", "klaar_op")}
    suppliers = [{"leverancier": supplier, "levering": number} for supplier, number in proof.nog_in_inbox]
    published = [{"publicatie": name, "sha256": content} for name, content in proof.publicaties]
    return {
        "bewijs": KIND,
        "versie": VERSION,
        "uitkomst": proof.uitkomst,
        **told,
        "nog_in_inbox": suppliers,
        "publicaties": published,
        "behouden": [{"wat": what, "waarom": why} for what, why in KEPT],
    }


def tombstones_in(proof: Mapping[str, Any], fingerprint: str) -> frozenset[str]:
    """The tombstones that a proof holds. Raises ValueError (Dutch) when it is no proof, or made with another key."""
    if proof.get("bewijs") != KIND or not isinstance(proof.get("grafstenen"), list):
        raise ValueError("dit is geen bewijs van jos erase")
    if proof.get("sleutel") != fingerprint:
        raise ValueError("dit bewijs is gemaakt met een andere sleutel van de monitor")
    return frozenset(str(one) for one in proof["grafstenen"])


def proof_html(proof: Proof) -> str:
    return ENVIRONMENT.get_template("vergeten.html.j2").render(
        proof=proof, kept=KEPT, begonnen=_moment(proof.begonnen_op), klaar=_moment(proof.klaar_op)
    )


def proof_text(proof: Proof, page: str) -> str:
    """What ``jos erase`` says: nothing of which sources knew the person."""
    said = {
        "verwijderd": "Klaar: verwijderd. Een latere levering brengt deze leerling niet terug.",
        "niets gevonden": "Klaar: niets gevonden. Een latere levering brengt deze leerling ook niet binnen.",
        "niet klaar": "NIET KLAAR: voer dezelfde opdracht nog een keer uit. Het bewijs zegt wat er nog moet.",
    }
    lines = [said[proof.uitkomst]]
    hits = f"{len(proof.treffers)} treffers" if proof.treffers else "niets meer gevonden"
    lines += [f"  doorzocht   {dutch.number(proof.doorzocht)} bestanden: {hits}"]
    if proof.nog_in_inbox:
        lines.append(
            "  let op      in de inbox liggen nog bestanden van leveranciers waar de leerling in staat: zie het bewijs"
        )
    if not proof.inbox_doorzocht and proof.opdracht == "vergeten":
        lines.append(
            "  let op      de inbox was niet te lezen en is niet doorzocht: geef de opdracht later nog een keer"
        )
    if proof.niet_ververst:
        lines.append(f"  let op      cijfers nog te maken van {', '.join(proof.niet_ververst)}: jos run")
    lines.append(f"  bewijs      {page} (bewaar het bij het verzoek; het hoort nergens anders)")
    return "\n".join(lines) + "\n"


def _moment(moment: datetime) -> str:
    local = moment.astimezone(AMSTERDAM)
    return f"{dutch.day(local)}, {local:%H:%M} uur"
