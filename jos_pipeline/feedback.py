"""What a supplier reads about a file: text for the terminal and one printable page (spec 1.1, 4.1).

Wording of single findings stands in ``schemas.findings``; here is how a verdict is told. Everything shown comes out
of a verdict, so it holds no cell value; templates escape it all the same.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from jos_pipeline.intake.verdict import Finding, Outcome, Verdict
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS, FindingType, Severity

MOST_ROWS_SHOWN = 10

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)
_HEADLINES = {
    Outcome.GEACCEPTEERD: "Het bestand is geaccepteerd.",
    Outcome.MET_AFKEUR: "Het bestand is geaccepteerd, maar niet alle rijen doen mee.",
    Outcome.AFGEKEURD: "Het bestand is afgekeurd en wordt niet verwerkt.",
    Outcome.DUBBEL: "Precies dit bestand is al eerder geleverd.",
}
_NEXT = {
    Outcome.GEACCEPTEERD: "U hoeft niets te doen. Dank voor uw levering.",
    Outcome.MET_AFKEUR: (
        "De goede rijen tellen mee. Wilt u dat de andere rijen ook meetellen? Verbeter ze in uw eigen systeem, maak "
        "de export opnieuw en lever het hele bestand nog een keer."
    ),
    Outcome.AFGEKEURD: (
        "Los de fouten op in uw eigen systeem, maak de export opnieuw en lever het hele bestand nog een "
        "keer. Tot die tijd blijft uw vorige goedgekeurde levering gelden."
    ),
    Outcome.DUBBEL: "U hoeft niets te doen. Wilde u een nieuwe versie sturen? Controleer of u het juiste bestand koos.",
}
_GROUPS = {
    Severity.FOUT: ("Fouten", "Deze rijen of dit bestand doen niet mee zolang de fout er is."),
    Severity.SIGNAAL: ("Signalen", "Dit is wel verwerkt. Kijk of het klopt."),
    Severity.INFO: ("Ter informatie", "Hier hoeft u niets mee te doen."),
}

_ROW_WORDS = ("Rij", "Rijen", "zoals Excel ze toont"), ("Regel", "Regels", "zoals een tekstverwerker ze telt")
"""What the numbers of a finding are: rows of a table, or lines of an XML message."""

_TEMPLATES = Environment(
    loader=PackageLoader("jos_pipeline"),
    autoescape=select_autoescape(("html.j2",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class _Told:
    """A finding with what the catalogue says about it."""

    finding: Finding
    kind: FindingType

    @property
    def rows(self) -> str:
        """At most ten row numbers and how many more there are; empty when the finding is about no rows."""
        rows = self.finding.rijen
        if not rows:
            return ""
        shown = ", ".join(str(row) for row in rows[:MOST_ROWS_SHOWN])
        more = self.finding.aantal - len(rows[:MOST_ROWS_SHOWN])
        return f"{shown} en nog {more}" if more > 0 else shown


@dataclass(frozen=True)
class _Group:
    """The findings of one severity."""

    title: str
    meaning: str
    told: tuple[_Told, ...]


def feedback_text(verdict: Verdict) -> str:
    """The verdict as friendly text for a terminal, without colour."""
    return _rendered("feedback.txt.j2", verdict)


def feedback_html(verdict: Verdict) -> str:
    """The verdict as one accessible page that can be printed and that asks nothing of the network."""
    return _rendered("feedback.html.j2", verdict)


def _rendered(template: str, verdict: Verdict) -> str:
    return _TEMPLATES.get_template(template).render(
        verdict=verdict,
        headline=_HEADLINES[verdict.oordeel],
        next_step=_NEXT[verdict.oordeel],
        facts=_facts(verdict),
        groups=_groups(verdict),
        row=_ROW_WORDS[verdict.file_name.casefold().endswith(".xml")],
    )


def _facts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What the file is and how many rows it has, as label and text; what is not known is left out."""
    contract = CONTRACTS.get(verdict.soort or "")
    accepted = verdict.rijen - verdict.rijen_afgekeurd
    facts = (
        ("Bestand", verdict.file_name),
        ("Leverancier", verdict.leverancier),
        ("Soort levering", contract.title if contract else None),
        ("Schooljaar", verdict.schooljaar),
        ("Peildatum", _dutch_date(verdict.peildatum) if verdict.peildatum else None),
        ("Rijen in het bestand", _number(verdict.rijen)),
        ("Rijen die meetellen", "0" if verdict.refused else _number(accepted)),
        ("Rijen die zijn afgekeurd", _number(verdict.rijen_afgekeurd)),
        ("Kenmerk (SHA-256)", verdict.sha256),
    )
    return tuple((label, text) for label, text in facts if text)


def _groups(verdict: Verdict) -> tuple[_Group, ...]:
    told = groupby(verdict.findings, key=lambda finding: finding.ernst)
    found = {ernst: tuple(_Told(one, FINDINGS[one.code]) for one in findings) for ernst, findings in told}
    return tuple(_Group(*_GROUPS[ernst], found[ernst]) for ernst in _GROUPS if ernst in found)


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _dutch_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
