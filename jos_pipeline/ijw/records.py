"""From messages to what happened: corrections applied, starts joined with stops, toewijzingen and verzoeken.

iJw corrects per record (StatusAanlevering), a delivery of the monitor is a full snapshot: here the first becomes the
second. What codes become in a delivery is in ``to_rows``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from jos_pipeline.ijw.items import Item

NEW, REMOVED, UNCHANGED = "1", "3", "9"
ASSIGNMENT_REMOVED = "13"
PRESCRIBED = {"02": "02", "06": "39", "07": "35", "09": "38", "12": "37"} | dict.fromkeys(
    ("03", "05", "08", "10", "11"), "36"
)
"""Which reason in a stop message (JZ588) belongs to the reason of a changed toewijzing (JZ002)."""

Link = tuple[object, ...]


@dataclass(frozen=True)
class Remark:
    """Something to tell of one product; ``subject`` is an element of the standard or a column of the delivery."""

    code: str
    subject: str
    file: int
    line: int
    detail: str = ""


@dataclass(frozen=True)
class Care:
    """Help that was started, with what other messages say about it. ``first`` is the start, or a stop without one."""

    first: Item
    stop: Item | None
    assigned: Item | None
    request: Item | None


@dataclass(frozen=True)
class Wait:
    """A toewijzing as it stands now; ``since`` is the day it was first made, ``start`` when the help began."""

    assigned: Item
    since: date
    start: date | None


@dataclass
class Combined:
    """All messages together."""

    cares: list[Care] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def remark(code: str, subject: str, item: Item, detail: str = "") -> Remark:
    return Remark(code, subject, item.file, item.line, detail)


def combined(items: Iterable[Item]) -> Combined:
    """What happened, from the products of every message, in whatever order they are given."""
    of: dict[str, list[Item]] = {"JW301": [], "JW305": [], "JW307": [], "JW315": []}
    for item in sorted(items, key=lambda one: one.order):
        of[item.kind].append(item)
    result = Combined()
    starts = _in_force(of["JW305"], result)
    stops = _in_force(of["JW307"], result)
    assigned = _assignments(of["JW301"])
    for first, stop in _joined(starts, stops, result):
        own = _assignment_of(first, assigned)
        if own is None:
            result.remarks.append(remark("JOS-S030", "ToewijzingNummer", first, "de toewijzing (JW301)"))
        result.cares.append(Care(first, stop, own, _request_of(first, own, of["JW315"])))
        if stop is not None and own is not None:
            _check_pair(stop, own, result)
    result.waits = _waits(of["JW301"], result.cares)
    _check_referrers(of["JW315"], result)
    return result


def _by_number(item: Item) -> Link | None:
    return None if item.number is None else (item.gemeente, item.client.identity, item.number)


def _by_product(item: Item, starts: str) -> Link | None:
    """How a product without ToewijzingNummer is known: by product, first day of the toewijzing and aanbieder."""
    if item.category is None or item.fields.get(starts) is None:
        return None
    product = (item.category, item.fields.get("Product/Code"), item.fields[starts])
    return (item.gemeente, item.client.identity, item.aanbieder, *product)


def _link(item: Item) -> Link:
    """The toewijzing a delivered product belongs to; its own when the message does not say."""
    return (
        _by_number(item)
        or _by_product(item, "ToewijzingIngangsdatum")
        or (item.gemeente, item.client.identity, item.aanbieder, item.category, item.fields.get("Product/Code"))
    )


def _in_force(items: list[Item], result: Combined) -> dict[tuple[Link, date | None], Item]:
    """The products after every correction; a correction of nothing is told, and what it says is kept."""
    there: dict[tuple[Link, date | None], Item] = {}
    for item in items:
        key, status = (_link(item), item.day("Begindatum")), item.fields["StatusAanlevering"]
        if status != NEW and key not in there:
            result.remarks.append(remark("JOS-S030", "StatusAanlevering", item, "de eerste aanlevering"))
        if status == REMOVED:
            there.pop(key, None)
        elif status != UNCHANGED or key not in there:
            there[key] = item
    return there


def _joined(
    starts: dict[tuple[Link, date | None], Item], stops: dict[tuple[Link, date | None], Item], result: Combined
) -> list[tuple[Item, Item | None]]:
    """Every start with its stop, and every stop without a start. A stop that names another first day is told."""
    pairs: dict[tuple[Link, date | None], Item] = {key: stop for key, stop in stops.items() if key in starts}
    alone: list[tuple[Item, Item | None]] = []
    for key, stop in stops.items():
        if key in starts:
            continue
        free = [one for one in starts if one[0] == key[0] and one not in pairs and one not in stops]
        if len(free) == 1:
            pairs[free[0]] = stop
            detail = "noemt het stopbericht (JW307) een andere begindatum dan het startbericht (JW305)"
            result.remarks.append(remark("JOS-S033", "Begindatum", stop, detail))
        else:
            alone.append((stop, stop))
            result.remarks.append(remark("JOS-S030", "Begindatum", stop, "het startbericht (JW305)"))
    return [(start, pairs.get(key)) for key, start in starts.items()] + alone


def _assignments(items: list[Item]) -> dict[Link, Item]:
    """The latest toewijzing by each of its names."""
    found: dict[Link, Item] = {}
    for item in items:
        for link in (_by_number(item), _by_product(item, "Ingangsdatum")):
            if link is not None:
                found[link] = item
    return found


def _assignment_of(item: Item, assigned: dict[Link, Item]) -> Item | None:
    return assigned.get(_link(item))


def _request_of(first: Item, own: Item | None, requests: list[Item]) -> Item | None:
    """The latest verzoek of the aanbieder: by the reference in the toewijzing, else by product and first day."""
    reference = own.fields.get("ReferentieAanbieder") if own else None
    product = _by_product(first, "ToewijzingIngangsdatum")
    for item in reversed(requests):
        if (item.gemeente, item.client.identity, item.aanbieder) != (
            first.gemeente,
            first.client.identity,
            first.aanbieder,
        ):
            continue
        by_reference = reference is not None and item.fields["ReferentieAanbieder"] == reference
        if by_reference or (product is not None and _by_product(item, "ToewijzingIngangsdatum") == product):
            return item
    return None


def _check_pair(stop: Item, own: Item, result: Combined) -> None:
    expected = PRESCRIBED.get(own.fields.get("RedenWijziging", ""))
    if expected is not None and stop.fields["RedenBeeindiging"] != expected:
        detail = "past de reden van het stopbericht (JW307) niet bij de reden van wijziging in de toewijzing (JW301)"
        result.remarks.append(remark("JOS-S033", "RedenBeeindiging", stop, detail))


def _check_referrers(requests: list[Item], result: Combined) -> None:
    for item in requests:
        if item.fields["Verwijzer/Type"] == "01" and "huisarts" in item.fields.get("Verwijzer/Naam", "").casefold():
            detail = "is het type verwijzer 01 (gemeente), maar de naam zegt huisarts"
            result.remarks.append(remark("JOS-S033", "Verwijzer", item, detail))


def _waits(assigned: list[Item], cares: list[Care]) -> list[Wait]:
    """One wait per toewijzing: from the day it was first made, changed or not, to the first day of help."""
    starts: dict[Link, date] = {}
    for care in cares:
        begun = care.first.day("Begindatum")
        link = _by_number(care.assigned) if care.assigned else None
        if link is not None and begun is not None:
            starts[link] = min(begun, starts.get(link, begun))
    waits: dict[Link, Wait] = {}
    for item in assigned:
        link, day = _by_number(item), item.day("Toewijzingsdatum")
        if link is None or day is None:
            continue
        earlier = waits.get(link)
        since = day if earlier is None else min(day, earlier.since)
        waits[link] = replace(earlier, assigned=item, since=since) if earlier else Wait(item, since, starts.get(link))
    return list(waits.values())
