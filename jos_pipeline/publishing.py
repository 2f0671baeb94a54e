"""``jos publish``: cutting a publication from what is in force, and taking one back. Part of the front door.

Nothing is taken in here (``headless`` does that). What is due and what it is called is ``jos_pipeline.publication``.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import dagster as dg
import pandas as pd
from rich.console import Console

from assets.bronnen import GROUP as SOURCES
from assets.order import order_config
from assets.rapportage import BY_ITSELF
from assets.rapportage import GROUP as REPORTS
from assets.rounding import explain_rounding
from jos_pipeline import dutch
from jos_pipeline.audit_report import WITHOUT_COUNTS
from jos_pipeline.clock import today
from jos_pipeline.concise import Depth, concise_text, concise_to
from jos_pipeline.definitions import build_defs
from jos_pipeline.headless import close_and_tell, instance_directory, only_run, publishing_year, reason_of, run_year
from jos_pipeline.intake.naming import masked
from jos_pipeline.ledger import in_force
from jos_pipeline.publication import PublicationId, Published, Withdrawal, current
from jos_pipeline.region import Region, load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from resources.dagster_instance import opened_instance
from resources.lake import Lake, audit_file
from resources.turns import turn_of
from resources.warehouse import NotWithdrawableError, WarehouseStore

__all__ = ["CannotPublishError", "NotWithdrawableError", "outcome_text", "publish", "withdraw", "withdrawn_text"]


class CannotPublishError(ValueError):
    """What is asked cannot be published; the message (Dutch) says why and what to do."""


@dataclass(frozen=True)
class PublishOutcome:
    """What became of the request: the publication that stands for the peildatum, or why the run failed."""

    schooljaar: str
    peildatum: date
    publicatie: Published | None
    nieuw: bool
    huidig: Published | None
    rijen: int = 0
    verborgen: int = 0
    beknopt_tot: Depth | None = None
    """How deep it goes; None where nothing is left out."""
    controle: dict[str, Any] | None = None
    """What the audit said of it, as the lake keeps it; None of one from before that was kept."""
    mislukt: str = ""

    @property
    def exit_code(self) -> int:
        """0 when a publication is out or stands, 2 when these figures were withdrawn, 3 when the run failed."""
        if self.mislukt:
            return 3
        return 2 if self.publicatie is None else 0


def publish(
    settings: Settings,
    peildatum: date,
    schooljaar: str | None,
    how: Literal["nu", "opnieuw"],
    *,
    final: bool,
    without_counts: bool = False,
    console: Console,
) -> PublishOutcome:
    """Cuts the publication of a peildatum through Dagster, from the deliveries in force.

    ``without_counts``: also where the counts under earlier publications are lost, which stops it otherwise.
    Raises CannotPublishError when the day does not fit or nothing is in force.
    """
    region, store = load_region(settings.regio), WarehouseStore(settings.warehouse_url)
    year = _year(region, peildatum, schooljaar)
    if in_force(store.deliveries(), year).empty:
        raise CannotPublishError(f"van schooljaar {year} geldt nog geen levering. Neem eerst in met: jos run")
    telling = f"Schooljaar {year} publiceren per {dutch.day(peildatum)} ..."
    with only_run(settings, console), console.status(telling), turn_of(settings.warehouse_url, year):
        before = {published.id for published in store.brought_out(year)}
        chosen = dg.AssetSelection.all() - dg.AssetSelection.groups(SOURCES)
        order = order_config(how, peildatum, final=final, without_counts=without_counts)
        failed = run_chosen(settings, year, order, chosen, console)
    out = store.brought_out(year)
    found = current(published for published in out if published.id.peildatum == peildatum)
    rows = store.publication_rows(found.id) if found else None
    return PublishOutcome(
        schooljaar=year,
        peildatum=peildatum,
        publicatie=found,
        nieuw=found is not None and found.id not in before,
        huidig=current(out),
        rijen=0 if rows is None else len(rows),
        verborgen=0 if rows is None else int((rows["waarde_status"] == "onderdrukt").sum()),
        beknopt_tot=None if rows is None else _concise_to(rows),
        controle=None if found is None else Lake(settings.lake_url).audit_of(str(found.id)),
        mislukt=failed,
    )


def _concise_to(rows: pd.DataFrame) -> Depth | None:
    return concise_to(rows[["indicator", "niveau", "uitsplitsing"]].drop_duplicates().itertuples(index=False))


def _year(region: Region, peildatum: date, schooljaar: str | None) -> str:
    year = schooljaar or publishing_year(region, peildatum)
    if year not in region.school_years:
        raise CannotPublishError(
            f"schooljaar {year} wordt niet verwerkt; kies uit {', '.join(region.school_years)} (--schooljaar)"
        )
    if peildatum < SchoolYear.parse(year).first_day:
        raise CannotPublishError(f"{peildatum} ligt voor schooljaar {year}; kies een latere --peildatum")
    if peildatum > today():
        raise CannotPublishError(f"{peildatum} moet nog komen; kies een --peildatum tot en met vandaag")
    return year


def withdraw(settings: Settings, publication: PublicationId, reason: str, console: Console) -> Published | None:
    """Takes a publication back and makes the page of its school year anew; gives the one that holds now.

    Raises NotWithdrawableError. A number of a person in the reason is not kept.
    """
    store, year = WarehouseStore(settings.warehouse_url), publication.schooljaar
    with only_run(settings, console), turn_of(settings.warehouse_url, year):
        try:
            store.withdraw(Withdrawal(publication, masked(reason.strip()), datetime.now(UTC)))
        except NotWithdrawableError:
            if str(publication) in set(store.withdrawals()["publicatie"]):
                _renew_page(settings, year, console)  # the command that withdrew it may have died before it did this
            raise
        _renew_page(settings, year, console)
    return current(store.brought_out(year))


def _renew_page(settings: Settings, year: str, console: Console) -> None:
    region = load_region(settings.regio)
    explain_rounding(Lake(settings.lake_url), WarehouseStore(settings.warehouse_url), region.id, year)
    if year not in region.school_years:
        return
    failed = run_chosen(settings, year, order_config("nee"), dg.AssetSelection.groups(REPORTS), console)
    if failed:
        console.print(f"De overzichtspagina is nog de oude{failed}. De volgende jos run maakt haar opnieuw.")


def run_chosen(
    settings: Settings, year: str, order: dict[str, object], chosen: dg.AssetSelection, console: Console
) -> str:
    """Runs the chosen assets for a school year, but what has a job of its own; gives why it failed, or nothing."""
    defs = build_defs(settings)
    selection = sorted((chosen - BY_ITSELF).resolve(defs.resolve_asset_graph()))
    with opened_instance(instance_directory(settings)) as instance, turn_of(settings.warehouse_url, year):
        close_and_tell(settings, instance, console, year)
        result = run_year(defs.resolve_job_def("verwerk"), instance, year, order, selection)
    return "" if result.success else reason_of(result) or _stopped_by(result)


def _stopped_by(result: dg.ExecuteInProcessResult) -> str:
    stopping = sorted(
        check.check_name
        for check in result.get_asset_check_evaluations()
        if check.blocking and not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    )
    if stopping:
        return f" (tegengehouden door de controle {', '.join(stopping)})"
    return " (kijk in de Dagster-run wat er misging)"


def outcome_text(outcome: PublishOutcome) -> str:
    """What ``jos publish`` says, in a few lines."""
    if outcome.mislukt:
        return f"MISLUKT: er is niets gepubliceerd{outcome.mislukt}. Wat gold, blijft gelden.\n"
    if outcome.publicatie is None:
        return (
            f"Niets gepubliceerd: deze cijfers per {dutch.day(outcome.peildatum)} zijn eerder ingetrokken.\n"
            f"Toch weer uitbrengen: jos publish --peildatum {outcome.peildatum} --opnieuw\n"
        )
    found = outcome.publicatie
    lines = [
        f"Gepubliceerd: {found.id} ({found.status})"
        if outcome.nieuw
        else f"Niets veranderd: publicatie {found.id} ({found.status}) blijft staan.",
        f"  cijfers tot en met  {dutch.day(found.id.peildatum)}",
        f"  rijen               {dutch.number(outcome.rijen)}, waarvan {dutch.number(outcome.verborgen)} verborgen",
        f"  controlegetal       {found.sha256}",
    ]
    if outcome.controle:
        lines.append(f"  controle            {_audit_text(outcome.controle)}")
        lines.append(f"                      rapport: {audit_file(str(found.id))} in het meer")
        if without := outcome.controle[WITHOUT_COUNTS]:
            lines.append(f"  let op: niet onderzocht samen met {', '.join(without)}, want die aantallen ontbreken")
    if outcome.beknopt_tot:
        lines.append(f"  {concise_text(outcome.beknopt_tot)}")
    if outcome.huidig and outcome.huidig.id != found.id:
        lines.append(f"  let op: in monitor_indicator staat {outcome.huidig.id}, want die heeft een latere peildatum")
    return "\n".join(lines) + "\n"


def _audit_text(report: dict[str, Any]) -> str:
    """What the audit says of a publication, in a few words."""
    shown = report["zichtbaar_deel"]
    return (
        f"{dutch.number(report['gevoelig'])} gevoelige aantallen; te zien is {shown['aantallen_personen']:.0%} van de "
        f"aantallen personen ({shown['gewicht']:.0%} naar gewicht)"
    )


def withdrawn_text(publication: PublicationId, holds: Published | None) -> str:
    """What ``jos publish --trek-in`` says."""
    now = (
        f"Nu geldt {holds.id} ({holds.status})."
        if holds
        else f"Van {publication.schooljaar} geldt nu geen publicatie meer."
    )
    return f"Ingetrokken: {publication}. De cijfers blijven in monitor_indicator_historie staan.\n{now}\n"
