"""Explanations for suppliers: a page and a text for every finding code and every soort of delivery.

``jos explain`` and the pages beside a feedback page are rendered here, from the catalogue and the contracts alone.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from jos_pipeline.delivery_format import DeliveryFormat
from jos_pipeline.pages import ENVIRONMENT, INDEX_PAGE, code_page, delivery_page
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS, FindingType, Scope, Severity

_GROUPS = {
    "Fouten: het hele bestand wordt geweigerd": (Severity.FOUT, Scope.FILE),
    "Fouten: de rij doet niet mee": (Severity.FOUT, Scope.ROW),
    "Signalen: wel verwerkt, kijk of het klopt": (Severity.SIGNAAL, None),
    "Ter informatie": (Severity.INFO, None),
}
_MOST_NEAR = 5


def effect(kind: FindingType) -> str:
    """What a finding does to a delivery."""
    if kind.severity is Severity.FOUT:
        return "Het hele bestand wordt geweigerd." if kind.scope is Scope.FILE else "De rij doet niet mee."
    return "Dit houdt uw levering niet tegen." if kind.severity is Severity.SIGNAAL else "U hoeft niets te doen."


ENVIRONMENT.globals["effect"] = effect


def grouped() -> dict[str, tuple[FindingType, ...]]:
    """Every code, by what it does."""
    return {
        title: tuple(
            FINDINGS[code]
            for code in sorted(FINDINGS)
            if FINDINGS[code].severity is severity and scope in (None, FINDINGS[code].scope)
        )
        for title, (severity, scope) in _GROUPS.items()
    }


def nearest(wrong: str) -> tuple[str, ...]:
    """The codes and soorten that look most like what was asked."""
    number = re.fullmatch(r"(?:JOS)?\W*([EIS]?)\W*(\d{1,4})", wrong.strip().upper())
    if number and (meant := [code for code in sorted(FINDINGS) if _means(code, *number.groups())]):
        return tuple(meant)
    soorten = get_close_matches(wrong.lower(), CONTRACTS, n=_MOST_NEAR, cutoff=0.6)
    return tuple(soorten or get_close_matches(wrong.upper(), sorted(FINDINGS), n=_MOST_NEAR, cutoff=0.7))


def _means(code: str, letter: str, digits: str) -> bool:
    return int(code[5:]) == int(digits) and letter in ("", code[4])


def explanation(asked: str) -> str | None:
    """The text on a code or a soort, in any case; None when there is neither."""
    if kind := FINDINGS.get(asked.upper()):
        return ENVIRONMENT.get_template("uitleg.txt.j2").render(kind=kind)
    if contract := CONTRACTS.get(asked.lower()):
        return ENVIRONMENT.get_template("levering.txt.j2").render(told=DeliveryFormat(contract))
    return None


def pages_of(asked: str) -> dict[str, str]:
    """The one page on a code or a soort."""
    return pages([asked.upper()], []) if asked.upper() in FINDINGS else pages([], [asked.lower()])


def overview() -> str:
    """Every code and every soort there is, a line each."""
    return ENVIRONMENT.get_template("uitleg-overzicht.txt.j2").render(groups=grouped(), contracts=CONTRACTS.values())


def all_pages() -> dict[str, str]:
    """Every page by its file name, with a page that lists them."""
    index = ENVIRONMENT.get_template("uitleg-overzicht.html.j2").render(
        groups=grouped(), contracts=CONTRACTS.values(), code_page=code_page, delivery_page=delivery_page
    )
    return {INDEX_PAGE: index} | _pages(FINDINGS, CONTRACTS, INDEX_PAGE)


def pages(codes: Iterable[str], soorten: Iterable[str]) -> dict[str, str]:
    """The pages of some codes and soorten by their file names; they link to no other page."""
    return _pages(codes, soorten, None)


def _pages(codes: Iterable[str], soorten: Iterable[str], index: str | None) -> dict[str, str]:
    of_codes = {code_page(code): _page_of_code(code, index) for code in dict.fromkeys(codes)}
    return of_codes | {delivery_page(soort): _page_of_delivery(soort, index) for soort in dict.fromkeys(soorten)}


@cache
def _page_of_code(code: str, index: str | None) -> str:
    return ENVIRONMENT.get_template("uitleg.html.j2").render(kind=FINDINGS[code], index=index)


@cache
def _page_of_delivery(soort: str, index: str | None) -> str:
    told = DeliveryFormat(CONTRACTS[soort])
    return ENVIRONMENT.get_template("levering.html.j2").render(told=told, index=index, code_page=code_page)
