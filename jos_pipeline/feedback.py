"""What a supplier reads about a file: text for the terminal and one printable page (spec 1.1, 4.1).

Wording of single findings stands in ``schemas.findings``, what they come down to in ``causes``; here is how it is
told. Everything shown comes out of a verdict, so it holds no cell value; templates escape it all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from jos_pipeline.causes import Cause, causes, facts, headline, is_message, row_counts, steps
from jos_pipeline.intake.verdict import Verdict
from jos_pipeline.pages import ENVIRONMENT, code_page, delivery_page
from schemas.contracts import CONTRACTS
from schemas.findings import Severity

_GROUPS = {
    Severity.FOUT: ("Fouten", "Deze rijen of dit bestand doen niet mee zolang de fout er is."),
    Severity.SIGNAAL: ("Signalen", "Dit houdt uw levering niet tegen. Bij elk signaal staat of u iets moet nakijken."),
    Severity.INFO: ("Ter informatie", "Hier hoeft u niets mee te doen."),
}


@dataclass(frozen=True)
class Beside:
    """What lies beside the page and can be linked to, as relative paths; None where there is none."""

    explanations: str | None = None
    """The directory with the pages of ``jos explain``, ending on a slash."""
    copy: str | None = None
    """The annotated copy of the supplier's file."""

    def code(self, code: str) -> str | None:
        return self.explanations and quote(self.explanations + code_page(code))

    def delivery(self, soort: str | None) -> str | None:
        return quote(self.explanations + delivery_page(soort)) if self.explanations and soort in CONTRACTS else None

    @property
    def copy_link(self) -> str | None:
        return self.copy and quote(self.copy)


ALONE = Beside()


@dataclass(frozen=True)
class _Group:
    """The causes of one severity."""

    severity: Severity
    title: str
    meaning: str
    causes: tuple[Cause, ...]


def feedback_text(verdict: Verdict) -> str:
    """The verdict as friendly text for a terminal, without colour."""
    return _rendered("feedback.txt.j2", verdict, ALONE)


def feedback_html(verdict: Verdict, beside: Beside = ALONE) -> str:
    """The verdict as one accessible page that can be printed and that asks nothing of the network."""
    return _rendered("feedback.html.j2", verdict, beside)


def _rendered(template: str, verdict: Verdict, beside: Beside) -> str:
    found = causes(verdict)
    return ENVIRONMENT.get_template(template).render(
        verdict=verdict,
        headline=headline(verdict),
        steps=steps(verdict, found),
        facts=facts(verdict),
        counts=row_counts(verdict),
        groups=_groups(found),
        beside=beside,
        message=is_message(verdict),
    )


def _groups(found: Sequence[Cause]) -> tuple[_Group, ...]:
    of = {severity: tuple(one for one in found if one.kind.severity is severity) for severity in _GROUPS}
    return tuple(_Group(severity, *_GROUPS[severity], of[severity]) for severity in _GROUPS if of[severity])
