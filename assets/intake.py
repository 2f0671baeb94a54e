"""Taking in files: which are new, and what happens to one of them.

The verdict itself is pure (``jos_pipeline.intake.gate``); here bytes come from the inbox and the outcome goes to
lake and ledger, in an order in which a crash at any moment loses nothing: feedback and rows first, ledger last.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeGuard

import pandas as pd

from assets.remembered import Remembered
from assets.terugkoppeling import write_feedback
from jos_pipeline import clock
from jos_pipeline.intake.gate import Offered, Recognised, Verdict, cannot_open, judge_all, recognise
from jos_pipeline.intake.naming import parse_name, safe_name
from jos_pipeline.intake.references import held_against
from jos_pipeline.intake.verdict import Outcome, duplicate_finding, make_finding, ordered
from jos_pipeline.ledger import Known, year_of
from jos_pipeline.mirror.report import Delivered, Mirror, mirror_of
from jos_pipeline.mirror.supplier_page import folder_of
from jos_pipeline.pseudonym import with_leerling_id
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from resources.dagster_resources import InboxResource
from resources.inbox import Inbox, InboxFile
from resources.lake import DeliveryPlace, Lake
from resources.ledger import InForce, Receipt
from resources.report import ReportResource
from resources.sweeping import Memory
from resources.warehouse import WarehouseStore
from schemas.contracts import REFERRING, referred


@dataclass(frozen=True)
class Waiting:
    """A new, stable file and what its name or heading says of it; ``yardstick`` is what it will be judged by."""

    file: InboxFile
    schooljaar: str
    soort: str | None
    yardstick: str = ""


def new_files(inbox: Inbox, files: Iterable[InboxFile], deliveries: pd.DataFrame, region: Region) -> list[InboxFile]:
    """The files without a verdict that stands, the oldest first so that a herlevering follows its original."""
    known = Known(deliveries, region)
    fresh = [file for file in files if not _has_verdict(file, inbox, known)]
    return sorted(fresh, key=lambda file: (file.modified, file.leverancier, file.name))


def _has_verdict(file: InboxFile, inbox: Inbox, known: Known) -> bool:
    """By its time stamp, or else by its bytes: it is read only when one of that name and size came before."""
    supplier, name = file.leverancier, safe_name(file.name)
    if known.by_stamp(supplier, name, file.recorded_size, file.modified):
        return True
    if not file.readable or not known.may_know(supplier, name, file.size):
        return False
    try:
        return known.by_bytes(supplier, name, _sha256(inbox, file), file.modified)
    except FileNotFoundError:  # taken away since it was listed
        return True


@lru_cache(maxsize=4096)
def _sha256(inbox: Inbox, file: InboxFile) -> str:
    """The hash of a file. Asked again at every tick, so kept while size and times stay the same."""
    return hashlib.sha256(inbox.read(file)).hexdigest()


def stable_and_new(inbox: InboxResource, deliveries: pd.DataFrame, region: Region) -> list[Waiting]:
    """What lies ready in the inbox and is not in the ledger. Raises OSError when the inbox cannot be listed."""
    source = inbox.open()
    return waiting(source, new_files(source, inbox.stable(), deliveries, region), region)


def settled_and_new(inbox: InboxResource, deliveries: pd.DataFrame, region: Region) -> tuple[list[Waiting], int]:
    """The same, for a process that just began and may have to look twice; and how many files were not ready."""
    source, (settled, unstable) = inbox.open(), inbox.settled()
    return waiting(source, new_files(source, settled, deliveries, region), region), unstable


def waiting(inbox: Inbox, files: Sequence[InboxFile], region: Region) -> list[Waiting]:
    """What each new file is, as far as that can be told without judging it, in the order in which to judge them.

    What rows of another soort refer to goes before these, else in the order in which files are given.
    """
    current = SchoolYear.of(clock.today())
    found = []
    for file in files:
        try:
            known = _recognised(file, inbox, region)
        except FileNotFoundError:  # taken away since it was listed
            continue
        year = year_of(known.schooljaar, region.school_years, current)
        found.append(Waiting(file, year, known.soort, region.yardstick(file.leverancier)))
    return sorted(found, key=lambda one: one.soort in REFERRING)


def _recognised(file: InboxFile, inbox: Inbox, region: Region) -> Recognised:
    """The name says it all as a rule; only otherwise is the file read here."""
    named = parse_name(file.name)
    if (named.soort and named.schooljaar) or not file.readable:
        return Recognised(named.soort, named.schooljaar, named.peildatum)
    return recognise(inbox.read(file), file.name, day_of(file), region)


def day_of(file: InboxFile) -> date:
    """The day of the file's own time stamp, in the Netherlands."""
    return clock.day_of(file.modified)


@dataclass(frozen=True)
class House:
    """Where what becomes of a file is kept: rows, ledger, and pages for its supplier."""

    lake: Lake
    store: WarehouseStore
    report: ReportResource
    region: Region
    key: bytes
    memory: Memory
    """Who must stay forgotten, whatever comes in."""
    ledger: Remembered


MOST_FILES, MOST_BYTES = 250, 16 * 1024**2
"""How much is judged at a time: enough for what a file costs whatever is in it, and little beside the libraries."""


def take_in(files: Iterable[InboxFile], inbox: Inbox, house: House, run_id: str) -> Iterator[Receipt]:
    """Judges files and records the outcome of each, in this order. The same file again changes nothing.

    Some are read and judged at a time; they are recorded one by one, so a crash leaves whole what was recorded before
    it. A file that was taken away since it was listed has no receipt.
    """
    for some in _batches(files):
        come = [one for file in some if (one := _come(file, inbox, house.region)) is not None]
        new = [one for one in come if one.unopened is None and not _is_settled(_earlier(one, house))]
        verdicts = _judged_together(new, house.region)
        for one in come:
            yield _record(one, verdicts, house, run_id)


def _batches(files: Iterable[InboxFile]) -> Iterator[list[InboxFile]]:
    some: list[InboxFile] = []
    room = MOST_BYTES
    for file in files:
        if some and (len(some) == MOST_FILES or file.size > room):
            yield some
            some, room = [], MOST_BYTES
        some.append(file)
        room -= file.size
    if some:
        yield some


@dataclass(frozen=True)
class _Come:
    """A file as it came; of one that nobody can open there is only a verdict."""

    file: InboxFile
    received: datetime
    data: bytes
    sha256: str
    unopened: Verdict | None = None


def _come(file: InboxFile, inbox: Inbox, region: Region) -> _Come | None:
    """The file with its bytes; None when it is gone."""
    received = datetime.now(UTC)
    if not file.readable:
        trace = f"{file.leverancier}/{file.name}/{file.modified.isoformat()}"
        unopened = cannot_open(file.name, day_of(file), region, file.leverancier, trace)
        return _Come(file, received, b"", unopened.sha256, unopened)
    try:
        data = inbox.read(file)
    except FileNotFoundError:  # taken away since it was listed
        return None
    return _Come(file, received, data, hashlib.sha256(data).hexdigest())


def _earlier(come: _Come, house: House) -> Receipt | None:
    """The delivery in which these bytes of this supplier came before."""
    return house.ledger.find(come.file.leverancier, come.sha256)


def _is_settled(earlier: Receipt | None) -> TypeGuard[Receipt]:
    """Whether bytes need no verdict any more. A refusal may rest on the name, the folder or the region of that day."""
    return earlier is not None and earlier.is_accepted


def _judged_together(some: Sequence[_Come], region: Region) -> dict[InboxFile, Verdict]:
    """The verdicts on files, by file; none when judging fails: then each is judged in its turn, so that the one on
    which it fails holds up nothing that came before it."""
    try:
        return judge(some, region)
    except Exception:  # noqa: BLE001 - whatever it is, it comes again, at the file that brings it about
        return {}


def judge(some: Sequence[_Come], region: Region) -> dict[InboxFile, Verdict]:
    """The verdicts on files, by file."""
    offered = [Offered(one.data, one.file.name, day_of(one.file), one.file.leverancier) for one in some]
    return dict(zip((one.file for one in some), judge_all(offered, region), strict=True))


def _record(come: _Come, verdicts: Mapping[InboxFile, Verdict], house: House, run_id: str) -> Receipt:
    """What becomes of a file once it is judged. Of bytes that were accepted before no verdict is needed."""
    file, received = come.file, come.received
    yardstick = house.region.yardstick(file.leverancier)
    if come.unopened is not None:
        write_feedback(house.report, house.region, come.unopened, None, house.ledger.written)
        receipt = house.store.record(come.unopened, file.recorded_size, file.modified, received, run_id, yardstick)
        return house.ledger.learn(receipt, None)
    earlier = _earlier(come, house)
    if _is_settled(earlier):
        _tell_duplicate(earlier, safe_name(file.name), house)
        return house.store.record_again(earlier, safe_name(file.name), file.modified, received, run_id)
    verdict = verdicts[file] if file in verdicts else judge([come], house.region)[file]
    standing = in_force_beside(verdict, house.ledger)
    verdict = _beside_a_refusal(verdict, earlier)
    verdict = _without_forgotten(_with_leerling_ids(_against_the_last(verdict, standing), house.key), house.memory)
    verdict = _against_what_it_names(verdict, house)
    mirror = _mirror(verdict, standing, house)
    write_feedback(house.report, house.region, verdict, mirror, house.ledger.written)
    _keep_rows(verdict, house.lake)
    receipt = house.store.record(verdict, len(come.data), file.modified, received, run_id, yardstick)
    if receipt.oordeel == Outcome.DUBBEL and (first := house.store.find(file.leverancier, come.sha256)) is not None:
        # the run of another school year recorded these bytes since: its own pages must not say that they count
        _tell_duplicate(first, safe_name(file.name), house)
    return house.ledger.learn(receipt, None if mirror is None else mirror.reach)


def _tell_duplicate(earlier: Receipt, file_name: str, house: House) -> None:
    """Feedback on bytes that came before; where it would lie in the place of the first feedback, that one stays."""
    if folder_of(file_name, earlier.sha256) == folder_of(earlier.bestand, earlier.sha256):
        return
    same = Verdict(
        file_name=file_name,
        leverancier=earlier.leverancier,
        soort=earlier.soort,
        schooljaar=earlier.schooljaar,
        peildatum=None,
        sha256=earlier.sha256,
        oordeel=Outcome.DUBBEL,
        rijen=earlier.rijen,
        rijen_afgekeurd=0,
        findings=(duplicate_finding(),),
        naam=house.region.name_of(earlier.leverancier),
    )
    write_feedback(house.report, house.region, same, None, house.ledger.written)


def _beside_a_refusal(verdict: Verdict, earlier: Receipt | None) -> Verdict:
    """The verdict, with a signal when it refuses what was refused under another name too (JOS-S008)."""
    if earlier is None or not verdict.refused or earlier.bestand == verdict.file_name:
        return verdict
    return replace(verdict, findings=ordered([*verdict.findings, duplicate_finding(refused=True)]))


def in_force_beside(verdict: Verdict, ledger: WarehouseStore | Remembered) -> InForce | None:
    """What is in force where an accepted verdict would come."""
    if verdict.refused or not (verdict.leverancier and verdict.soort and verdict.schooljaar):
        return None
    return ledger.in_force(verdict.leverancier, verdict.soort, str(verdict.schooljaar))


def _against_the_last(verdict: Verdict, standing: InForce | None) -> Verdict:
    """The verdict, with a signal when what it replaces has a later peildatum (JOS-S011)."""
    if standing is None or verdict.peildatum is None or standing.peildatum <= verdict.peildatum:
        return verdict
    return replace(verdict, findings=ordered([*verdict.findings, make_finding("JOS-S011", count=1)]))


def _against_what_it_names(verdict: Verdict, house: House) -> Verdict:
    """The verdict, with a signal on rows that name what is not in force beside them (JOS-S012).

    For a verdict without who must be forgotten: a number that was taken away for that reason is named no more, so
    nothing tells of it. Where nothing is in force of what rows refer to, there is nothing to hold them against.
    """
    beside = referred(verdict.soort)
    if beside is None or verdict.refused or not (verdict.leverancier and verdict.schooljaar):
        return verdict
    soort, column = beside
    one = house.ledger.in_force(verdict.leverancier, soort, str(verdict.schooljaar))
    if one is None:
        return verdict
    try:
        known = house.lake.read_columns(DeliveryPlace(one.soort, one.schooljaar, one.leverancier, one.sha256), [column])
    except FileNotFoundError:  # past its retention period
        return verdict
    return held_against(verdict, column, known[column].to_list())


def delivered_in_force(standing: InForce | None, lake: Lake) -> Delivered | None:
    """The delivery in force (``in_force_beside``) as it lies in the lake; None when there is none."""
    if standing is None:
        return None
    one = standing
    try:
        rows = lake.read_accepted(DeliveryPlace(one.soort, one.schooljaar, one.leverancier, one.sha256))
    except FileNotFoundError:
        return None
    return Delivered(one.soort, one.schooljaar, one.peildatum, one.leverancier, one.bestand, one.sha256, rows)


def _mirror(verdict: Verdict, standing: InForce | None, house: House) -> Mirror | None:
    delivered = Delivered.of(verdict)
    if delivered is None:
        return None
    return mirror_of(delivered, house.region, delivered_in_force(standing, house.lake))


def _with_leerling_ids(verdict: Verdict, key: bytes) -> Verdict:
    """The verdict with rows as they lie in the lake: nothing after this knows the supplier's pseudonym."""
    rows = {
        name: with_leerling_id(frame, key)
        for name in ("accepted", "rejected")
        if (frame := getattr(verdict, name)) is not None
    }
    return replace(verdict, **rows)


def _without_forgotten(verdict: Verdict, memory: Memory) -> Verdict:
    """The verdict without rows of persons who were erased. Its findings and counts stay those of the file: they are
    for the supplier, whose own file it is, and a finding about an erased pupil would tell of the request."""
    frames = {name: frame for name in ("accepted", "rejected") if (frame := getattr(verdict, name)) is not None}
    for frame in frames.values():
        memory.learn(frame, verdict.leverancier)
    rows = {name: memory.forgotten.without(frame, verdict.leverancier).frame for name, frame in frames.items()}
    return replace(verdict, **rows)


def _keep_rows(verdict: Verdict, lake: Lake) -> None:
    if verdict.soort is None or verdict.schooljaar is None or verdict.leverancier is None:
        return
    place = DeliveryPlace(verdict.soort, str(verdict.schooljaar), verdict.leverancier, verdict.sha256)
    if verdict.accepted is not None:
        lake.write_accepted(place, verdict.accepted)
    if verdict.rejected is not None and verdict.rejected.height:
        lake.write_quarantine(place, verdict.rejected)


def verdict_counts(receipts: Iterable[Receipt]) -> dict[str, int]:
    """How often each verdict was given, for metadata."""
    return dict(Counter(str(receipt.oordeel) for receipt in receipts))
