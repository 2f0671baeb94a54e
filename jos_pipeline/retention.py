"""How long what is kept: the periods of a region, and what each is about. What has had its time is ``expiry``.

The periods are a decision of the organisations that take part; those here work until they have decided.
"""

from calendar import monthrange
from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Retention(BaseModel):
    """The periods in months; ``[bewaartermijnen]`` in ``regio.toml``. The descriptions are what people read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leveringen: int = Field(
        default=36, ge=1, description="Rijen over personen van een schooljaar, vanaf het einde van dat schooljaar."
    )
    vervangen_leveringen: int = Field(
        default=12, ge=1, description="Rijen van een levering die niet meer geldt, vanaf de dag dat zij is vervangen."
    )
    afgekeurde_rijen: int = Field(
        default=3, ge=1, description="Wat er van afgekeurde rijen is bewaard, vanaf de dag van ontvangst."
    )
    interne_cijfers: int = Field(
        default=36,
        ge=1,
        description="Cijfers waarin kleine aantallen nog te zien zijn, vanaf het einde van het schooljaar.",
    )
    terugkoppeling: int = Field(
        default=24,
        ge=1,
        description="Terugkoppeling en spiegelrapport van een levering die niet meer geldt, vanaf ontvangst.",
    )
    verwerkingen: int = Field(
        default=6, ge=1, description="Het logboek van een verwerking in Dagster. De laatste van elk onderdeel blijft."
    )
    herleidbaar: int = Field(
        default=24,
        ge=1,
        description="Zo lang is een publicatie na te rekenen: de leveringen eronder blijven in elk geval zo lang.",
    )


LEFTOVERS = "resten"
"""What a process that died was writing: nobody will ever read it."""
PAGES_LEFT = "resten_paginas"
"""The same among the pages, where a folder with feedback may never be written in again."""

WORDS: dict[str, str] = {name: str(field.description) for name, field in Retention.model_fields.items()} | {
    LEFTOVERS: "Halve bestanden van een verwerking die is afgebroken, na een dag.",
    PAGES_LEFT: "Halve pagina's van een verwerking die is afgebroken, na een dag.",
}
"""Every class with what it is."""

AUDITS = "publicatie/controle_uit"
"""Where the lake keeps what the audit said of a publication. It holds no count and has no period: it stays as the
publication does."""


def months_after(day: date, months: int) -> date:
    """The day so many months later (or earlier), or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, last))
