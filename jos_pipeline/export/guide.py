"""What everybody must know before reading a figure: the first sheet of the workbook and ``LEESMIJ.txt`` (Dutch, B1)."""

from dataclasses import dataclass

from jos_pipeline import dutch, promise
from jos_pipeline.concise import concise_text, concise_to
from jos_pipeline.export.content import Contents
from schemas.published import WAARDE_STATUS


@dataclass(frozen=True)
class Chapter:
    """A heading with its lines."""

    title: str
    lines: tuple[str, ...]


def guide(contents: Contents) -> tuple[Chapter, ...]:
    """The explanation that belongs to these figures."""
    k = contents.region.drempel
    licence = contents.region.licentie
    terms = (
        f"Licentie: {licence.title or licence.name}{f' ({licence.path})' if licence.path else ''}."
        if licence
        else f"Er is geen licentie gekozen. Wilt u de cijfers verder gebruiken? Vraag het aan {contents.region.naam}."
    )
    return (
        *_withdrawn(contents),
        Chapter(
            "Wat is dit?",
            (
                f"De cijfers van de monitor Jeugdhulp op school van {contents.region.naam}.",
                *_publications(contents),
                "Een publicatie ligt vast en verandert nooit meer. Een verbeterd cijfer krijgt een nieuwe publicatie.",
                terms,
            ),
        ),
        Chapter(
            "Een rij lezen",
            (
                "Een rij is een cijfer: van een indicator, over een periode, in een gebied, voor een categorie.",
                "Staat er Totaal als categorie? Dan gaat het cijfer over iedereen in dat gebied.",
                "Een aandeel is opgeslagen als breuk (0,256) en wordt in het werkblad getoond als procent (25,6 %).",
                "De teller gedeeld door de noemer geeft het cijfer. Bij een mediaan of gemiddelde is de noemer het "
                "aantal waarnemingen.",
                "Geleverd en verwacht zeggen op hoeveel scholen of gemeenten het cijfer rust.",
            ),
        ),
        Chapter(
            "Wat er staat als er geen cijfer is",
            tuple(
                f"{WAARDE_STATUS.labels[code]}: {meaning}"
                for code, meaning in WAARDE_STATUS.meanings.items()
                if code != "ok"
            ),
        ),
        Chapter(
            "Verborgen cijfers",
            (
                f"Een cijfer over minder dan {k} leerlingen staat er niet, en ook niet als er minder dan {k} niet "
                "meedoen. Cijfers waaruit u zo'n klein aantal kunt uitrekenen, zijn ook verborgen.",
                promise.about_threshold(k, contents.region.drempel_besluit),
                "Een verborgen cijfer hoeft dus niet klein te zijn. Er is een woord voor, wat de reden ook is: "
                f"{dutch.HIDDEN}.",
            ),
        ),
        Chapter(
            "Wat wij beloven over verborgen cijfers",
            (promise.promise(k), promise.promise_to_schools(k), *(str(point) for point in promise.ABOUT)),
        ),
        Chapter(
            "Wat wij niet beloven over verborgen cijfers",
            tuple(str(point) for point in (*promise.NOT_PROMISED, *promise.not_guaranteed(k))),
        ),
        *_rounded(contents),
        *_concise(contents),
        Chapter(
            "Wat u niet moet doen",
            (
                "Tel leerlingen niet op over categorieën, perioden of gebieden: een leerling telt in elke rij mee.",
                "Neem geen gemiddelde van percentages. Een percentage is altijd teller gedeeld door noemer.",
                "Breng percentages niet naar 100. Ze hoeven niet op te tellen tot 100.",
                "Lees verborgen of niet geleverd nooit als nul.",
            ),
        ),
    )


def guide_text(contents: Contents, files: tuple[tuple[str, str], ...]) -> str:
    """The explanation as plain text, with the files of the package and what each is for."""
    which = Chapter("Welk bestand?", tuple(f"{path}: {use}" for path, use in files))
    warning = _withdrawn(contents)
    parts = [*warning, which, *guide(contents)[len(warning) :]]
    return "\r\n".join(f"{part.title}\r\n" + "".join(f"- {line}\r\n" for line in part.lines) for part in parts)


def _rounded(contents: Contents) -> tuple[Chapter, ...]:
    texts = contents.tables["toelichting"].filter(reden="afgerond").get_column("tekst").unique().sort()
    return (Chapter("Afgeronde aantallen", tuple(texts)),) if texts.len() else ()


def _concise(contents: Contents) -> tuple[Chapter, ...]:
    """Which publications go down to some level of areas only, and how far."""
    kinds = contents.tables["monitor_indicator"].select("publicatie", "indicator", "niveau", "uitsplitsing").unique()
    lines = [
        f"Publicatie {name}. {concise_text(deepest)}"
        for name in contents.tables["publicatie"]["id"]
        if (deepest := concise_to(kinds.filter(publicatie=name).drop("publicatie").iter_rows()))
    ]
    return (Chapter("Beknopte publicaties", tuple(lines)),) if lines else ()


def _withdrawn(contents: Contents) -> tuple[Chapter, ...]:
    lines = withdrawals(contents)
    return (Chapter("Let op: ingetrokken", (*lines, "Gebruik deze cijfers niet.")),) if lines else ()


def withdrawals(contents: Contents) -> tuple[str, ...]:
    """A sentence for every publication in the package that was taken back, with the reason; none when all hold."""
    return tuple(
        f"Publicatie {row['publicatie']} is ingetrokken en geldt niet meer. Reden: {row['reden']}"
        for row in contents.tables["intrekking"].iter_rows(named=True)
    )


def _publications(contents: Contents) -> list[str]:
    return [
        f"Publicatie {row['id']}: schooljaar {row['schooljaar']}, geteld tot en met {dutch.day(row['peildatum'])}, "
        f"{row['status']}."
        for row in contents.tables["publicatie"].iter_rows(named=True)
    ]
