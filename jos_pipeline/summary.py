"""The closing summary of ``jos run``: what arrived, what was refused and why, what was published, where to look."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import make_url

from jos_pipeline import dutch
from jos_pipeline.outcome import RESPONS, Figure, Refusal, YearOutcome
from jos_pipeline.pages import FEEDBACK_PAGES
from jos_pipeline.terminal import dagster_command

MOST = 12
"""How many missing deliveries are written out; the rest is counted and stands in the overview page."""

MOST_CAUSES = 2
"""How many causes of a refusal are written out."""

KEY_FIGURES = (
    *("leerlingen", "jos_leerlingen", "jos_bereik", "fte", "leerlingen_per_fte", "jos_trajecten_nieuw"),
    *("wachttijd_jos", "wachttijd_jeugdhulp", "zonder_vervolg", "specialistisch_voorkomen", "thuiszitters", "respons"),
)


@dataclass(frozen=True)
class RunOutcome:
    """What ``jos run`` did. ``failed`` names the school years whose run failed.

    ``asked`` names the school years that it was to publish, and is None when it was to publish nothing.
    """

    years: tuple[YearOutcome, ...]
    taken_in: int
    unstable: int
    failed: tuple[str, ...]
    asked: tuple[str, ...] | None
    published_now: tuple[str, ...]
    pages: tuple[Path, ...]
    warehouse: str
    dagster_home: Path

    @property
    def exit_code(self) -> int:
        return 3 if self.failed else 0


def summary_text(outcome: RunOutcome) -> str:
    """The summary, for a terminal of 100 columns."""
    parts = [_opening(outcome), *(_year(year) for year in outcome.years), _closing(outcome)]
    return "\n".join(part for part in parts if part) + "\n"


def _opening(outcome: RunOutcome) -> str:
    lines = [f"{dutch.plural(outcome.taken_in, 'nieuw bestand', 'nieuwe bestanden')} verwerkt."]
    if outcome.unstable:
        lines.append(
            f"{dutch.plural(outcome.unstable, 'bestand wordt', 'bestanden worden')} nog geschreven: later opnieuw."
        )
    lines += [
        f"MISLUKT: {year}. Kijk in de Dagster-run wat er misging; jos doctor zegt hoe de installatie ervoor staat."
        for year in outcome.failed
    ]
    if outcome.published_now:
        lines.append(f"Nieuw gepubliceerd: {', '.join(outcome.published_now)}.")
    elif outcome.asked is not None and not outcome.failed:
        lines.append(_nothing_new(outcome.asked, outcome.years))
    return "\n".join(lines)


def _nothing_new(asked: tuple[str, ...], known: tuple[YearOutcome, ...]) -> str:
    """Why nothing came out of the school years that were to be published, and what to do."""
    years = [year for year in known if year.schooljaar in asked or not asked]
    if any(year.publicatie for year in years):
        return "Niets nieuws gepubliceerd: de cijfers zijn niet veranderd sinds de vorige publicatie."
    if any(year.has_deliveries for year in years):
        return (
            "Niets gepubliceerd: deze cijfers zijn eerder ingetrokken. "
            "Toch weer uitbrengen: jos publish --peildatum DAG --opnieuw"
        )
    if any(year.refused for year in years):
        return "Niets gepubliceerd: alles is geweigerd. Laat herstellen wat hieronder staat en opnieuw leveren."
    of_years = f" van schooljaar {', '.join(asked)}" if asked else ""
    return (
        f"Niets gepubliceerd: er is nog geen levering{of_years} die geldt.\n"
        "Zet bestanden in de inbox, in een map per leverancier (jos doctor zegt waar), en geef de opdracht opnieuw.\n"
        "Of begin met een verzonnen regio: jos demo DIR"
    )


def _year(year: YearOutcome) -> str:
    lines = ["", f"Schooljaar {year.schooljaar}", "=" * 21]
    lines += ["", "Binnengekomen", *_arrived(year)]
    if year.missing:
        lines += ["", "Ontbreekt nog", *_missing(year)]
    if year.refused:
        lines += ["", "Geweigerd, en waarom", *_refused(year.refused)]
    if year.rejected_rows:
        lines += ["", "Geaccepteerd, maar enkele rijen tellen niet mee", *_rejected(year.rejected_rows)]
    lines += ["", *_published(year)]
    return "\n".join(lines)


def _arrived(year: YearOutcome) -> list[str]:
    words = {
        "geaccepteerd": "geaccepteerd",
        "geaccepteerd_met_afkeur": "geaccepteerd, met afgekeurde rijen",
        "afgekeurd": "geweigerd (de vorige levering blijft gelden)",
        "dubbel": "al eerder geleverd, niet opnieuw verwerkt",
    }
    return [f"  {count:>4}  {words[verdict]}" for verdict, count in year.verdicts.items() if count]


def _missing(year: YearOutcome) -> list[str]:
    lines = [f"  {line.naam}: {line.soort.lower()}" for line in year.missing[:MOST]]
    rest = len(year.missing) - MOST
    return [*lines, f"  ... en nog {rest} leveringen."] if rest > 0 else lines


def _refused(refusals: tuple[Refusal, ...]) -> list[str]:
    """Per refused file what was wrong with it, at most three causes each."""
    lines = []
    for file, found in _by_file(refusals):
        lines.append(f"  {file}")
        lines += [f"    {refusal.code}  {refusal.melding}{_where(refusal)}" for refusal in found[:MOST_CAUSES]]
        if len(found) > MOST_CAUSES:
            lines.append(f"    ... en nog {dutch.plural(len(found) - MOST_CAUSES, 'oorzaak', 'oorzaken')}.")
    return lines


def _rejected(refusals: tuple[Refusal, ...]) -> list[str]:
    """Per accepted file how many rows do not count, and by which rules."""
    lines = []
    for file, found in _by_file(refusals):
        codes = ", ".join(dict.fromkeys(refusal.code for refusal in found))
        lines.append(f"  {file}: {found[0].afgekeurd} van {dutch.plural(found[0].totaal, 'rij', 'rijen')} ({codes})")
    return lines


def _by_file(refusals: tuple[Refusal, ...]) -> list[tuple[str, list[Refusal]]]:
    grouped = groupby(refusals, key=lambda refusal: (refusal.levering, f"{refusal.leverancier}/{refusal.bestand}"))
    return [(file, list(found)) for (_, file), found in grouped]


def _where(refusal: Refusal) -> str:
    return f" (rij {refusal.rijen})" if refusal.rijen else ""


def _published(year: YearOutcome) -> list[str]:
    if year.publicatie is None or year.peildatum is None:
        if not year.has_deliveries:
            return ["Niets gepubliceerd: er is nog geen levering die geldt."]
        return ["Er geldt geen publicatie. Publiceren: jos run --publiceer"]
    lines = [
        f"Gepubliceerd: {year.publicatie} ({year.status}), cijfers tot en met {dutch.day(year.peildatum)}",
        f"  {dutch.number(year.published)} cijfers zichtbaar, {dutch.number(year.hidden)} verborgen om leerlingen te "
        f"beschermen (minder dan {year.drempel}).",
        "",
    ]
    shown = [figure for figure in year.figures if figure.indicator in KEY_FIGURES]
    width = max((len(figure.naam) for figure in shown), default=0)
    number = max((len(figure.waarde) for figure in shown), default=0)
    rows = (f"  {figure.naam:<{width}}  {figure.waarde:>{number}}   {_resting_on(figure)}" for figure in shown)
    return [*lines, *map(str.rstrip, rows)]


def _resting_on(figure: Figure) -> str:
    """What a figure rests on. The respons itself is about who delivered, so it says how many delivered everything."""
    if not figure.dekking:
        return ""
    return figure.dekking if figure.indicator == RESPONS else f"op basis van {figure.dekking}"


def _without_password(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _closing(outcome: RunOutcome) -> str:
    lines = ["", "Verder kijken"]
    lines += [f"  overzicht     {page}" for page in outcome.pages]
    if outcome.pages:
        folder = outcome.pages[0].parent / FEEDBACK_PAGES
        lines.append(f"  leveranciers  {folder} (voor elk een map met pagina's)")
    lines += [
        f"  cijfers       {_without_password(outcome.warehouse)} (tabel monitor_indicator)",
        f"  Dagster       {dagster_command(outcome.dagster_home)}",
    ]
    if any(year.publicatie for year in outcome.years):
        lines.append("  rapport       jos report (pagina's voor beleid, uit wat is gepubliceerd)")
    lines.append("  uitleg        jos explain JOS-E021")
    return "\n".join(lines)
