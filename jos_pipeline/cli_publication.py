"""The commands around publications: cutting one and taking it back, what changed and why, and what a figure rests on.

As in ``jos_pipeline.cli``, which registers them: arguments, exit codes and printing only; imports inside the commands.
"""

import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from jos_pipeline.cli_shared import messages, past_moment, settings
from jos_pipeline.terminal import USAGE, stop

if TYPE_CHECKING:
    from rich.console import Console

    from jos_pipeline.publication import PublicationId

WIDE = 180
"""Columns of a table that goes to a file."""


def publish(
    *,
    peildatum: date | None = None,
    definitief: bool = False,
    schooljaar: str | None = None,
    opnieuw: bool = False,
    zonder_eerdere_aantallen: bool = False,
    trek_in: str | None = None,
    reden: str | None = None,
) -> int:
    """Brengt een publicatie uit van wat nu geldt, zonder iets in te nemen; of trekt er een in.

    Een publicatie ligt vast. Wat ingetrokken is, blijft in de historie staan en de vorige geldt weer.

    Parameters
    ----------
    peildatum
        Dag tot en met welke wordt geteld. Hoeft niet op de kalender van de regio te staan.
    definitief
        De publicatie is definitief, ook als er eerder een andere was. Verandert er later iets, dan is dat herzien.
    schooljaar
        Schooljaar van de cijfers; anders dat van de peildatum (1 augustus sluit het jaar ervoor af).
    opnieuw
        Ook als dezelfde cijfers eerder zijn ingetrokken.
    zonder_eerdere_aantallen
        Ook als de aantallen onder eerdere publicaties kwijt zijn: samen daarmee is dan niets onderzocht. Een besluit.
    trek_in
        Publicatie die niet meer mag gelden, bijvoorbeeld 2022-2023/2023-02-01/1. Vraagt --reden.
    reden
        Waarom de publicatie wordt ingetrokken; iedereen kan dit lezen.
    """
    more = bool(definitief or schooljaar or opnieuw or zonder_eerdere_aantallen)
    if problem := _publish_problem(peildatum, trek_in, reden, more=more):
        stop(USAGE, problem)
    if peildatum is None:
        return _withdraw(str(trek_in), str(reden))
    from jos_pipeline.publishing import CannotPublishError, outcome_text, publish

    try:
        outcome = publish(
            settings(),
            peildatum,
            schooljaar,
            "opnieuw" if opnieuw else "nu",
            final=definitief,
            without_counts=zonder_eerdere_aantallen,
            console=messages(),
        )
    except CannotPublishError as wrong:
        stop(USAGE, str(wrong))
    sys.stdout.write(outcome_text(outcome))
    return outcome.exit_code


def diff(
    p1: Annotated[str, Parameter(name="P1")],
    p2: Annotated[str, Parameter(name="P2")],
    /,
    *,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
    csv: bool = False,
    alles: bool = False,
) -> int:
    """Elk gepubliceerd cijfer dat tussen twee publicaties is veranderd, en waar dat door kan komen.

    Parameters
    ----------
    p1
        De ene publicatie, bijvoorbeeld 2022-2023/2022-11-01/1.
    p2
        De andere.
    json_
        Een JSON-object, voor programma's.
    csv
        Een rij per veranderd cijfer, voor een rekenblad.
    alles
        Toon elk cijfer, ook als het er heel veel zijn; anders dan een regel per indicator.
    """
    if json_ + csv + alles > 1:
        stop(USAGE, "kies een van --json, --csv en --alles")
    from jos_pipeline.diff_text import READABLE, diff_csv, diff_json, show_diff
    from jos_pipeline.history import UnknownError, difference_between

    try:
        with messages().status("Publicaties vergelijken ..."):
            found = difference_between(settings(), publication_id(p1), publication_id(p2))
    except UnknownError as wrong:
        stop(USAGE, str(wrong))
    if json_:
        sys.stdout.write(json.dumps(diff_json(found), ensure_ascii=False, indent=1) + "\n")
    elif csv:
        sys.stdout.write(diff_csv(found))
    else:
        show_diff(found, table_console(), None if alles else READABLE)
    return 0


def attack(publicatie: Annotated[str, Parameter(name="PUBLICATIE")], /) -> int:
    """Probeert uit wat is gepubliceerd verborgen aantallen te herleiden, zoals een lezer dat kan. Duurt minuten.

    Toont geen aantallen. Eindigt met 2 als er iets te ver te herleiden is.

    Parameters
    ----------
    publicatie
        De publicatie, bijvoorbeeld 2022-2023/2023-02-01/1.
    """
    from jos_pipeline.attacking import attack_on, attack_text
    from jos_pipeline.history import UnknownError

    try:
        with messages().status("Gepubliceerde cijfers naast elkaar leggen ..."):
            outcome = attack_on(settings(), publication_id(publicatie))
    except UnknownError as wrong:
        stop(USAGE, str(wrong))
    sys.stdout.write(attack_text(outcome))
    return outcome.exit_code


def trace(
    indicator: str,
    gebied: str,
    periode: str,
    /,
    *,
    schooljaar: str | None = None,
    uitsplitsing: str = "totaal",
    categorie: str = "totaal",
    op: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Waar een cijfer op rust: leveringen, getelde rijen, wat afvalt en waarom, en wie ontbreekt. Alleen intern.

    Parameters
    ----------
    indicator
        Code van de indicator, bijvoorbeeld jos_bereik.
    gebied
        Code van het gebied, bijvoorbeeld alkmaar, VO2703, GM0361 of 19ZQ00.
    periode
        schooljaar, halfjaar_1 of halfjaar_2.
    schooljaar
        Schooljaar; anders het nieuwste met leveringen.
    uitsplitsing
        Uitsplitsing, bijvoorbeeld functie. Vraagt --categorie.
    categorie
        Categorie binnen de uitsplitsing.
    op
        Zoals het was op dit moment: 2023-03-01T12:00, of een dag (het eind ervan).
    json_
        Een JSON-object, voor programma's.
    """
    if (uitsplitsing == "totaal") != (categorie == "totaal"):
        stop(USAGE, "--uitsplitsing en --categorie horen bij elkaar")
    from jos_pipeline.history import Question, UnknownError, trace_of
    from jos_pipeline.trace_text import trace_json, trace_text
    from jos_pipeline.tracing import NoSuchFigureError

    question = Question(indicator, gebied, periode, schooljaar, uitsplitsing, categorie)
    try:
        with messages().status("Cijfer opnieuw tellen ..."):
            found = trace_of(settings(), question, past_moment(op))
    except (UnknownError, NoSuchFigureError) as wrong:
        stop(USAGE, str(wrong))
    told = json.dumps(trace_json(found), ensure_ascii=False, indent=1) + "\n" if json_ else trace_text(found)
    sys.stdout.write(told)
    return 0


def table_console() -> "Console":
    """Where tables are printed: wide enough for a file or another program when it is no terminal."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False, width=None if sys.stdout.isatty() else WIDE)


def _publish_problem(peildatum: date | None, trek_in: str | None, reden: str | None, *, more: bool) -> str | None:
    if trek_in is None:
        if reden is not None:
            return "--reden hoort bij --trek-in"
        return None if peildatum else "geef een --peildatum, bijvoorbeeld --peildatum 2023-02-01"
    if peildatum or more:
        return "--trek-in gaat alleen samen met --reden"
    return None if reden and reden.strip() else "geef een --reden: waarom wordt de publicatie ingetrokken?"


def _withdraw(text: str, reason: str) -> int:
    from jos_pipeline.publishing import NotWithdrawableError, withdraw, withdrawn_text

    publication = publication_id(text)
    try:
        holds = withdraw(settings(), publication, reason, messages())
    except NotWithdrawableError as wrong:
        stop(USAGE, f"{wrong}. Alle publicaties staan in publicatie_overzicht.")
    sys.stdout.write(withdrawn_text(publication, holds))
    return 0


def publication_id(text: str) -> "PublicationId":
    """What a user wrote as a publication; stops when it is none."""
    from jos_pipeline.publication import PublicationId

    try:
        return PublicationId.parse(text)
    except ValueError:
        stop(USAGE, "schrijf een publicatie als 2022-2023/2023-02-01/1")
