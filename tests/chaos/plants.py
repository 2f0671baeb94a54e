"""What may tell on a person, in every place of every source: files that a supplier might send, and their secrets.

Of every soort there are deliveries that are accepted, refused, and no tables at all. No two secrets are the same, so a
hit says where it came from.
"""

import base64
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import xlsxwriter

from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.canaries import bsns
from tests.chaos.place import YEAR, Dropped
from tests.records import Record, csv_bytes, supplier_of, valid_records, xlsx_bytes

WORD = "kanarie"
RECORD = "kanariewaarde"
"""How every free text of an accepted record begins: it may stand in the lake, and nowhere else."""
NAMED = "kanarienaam"
"""How a word begins that is in the name of a file: the ledger keeps that and ``jos run``
and pages on what came in tell it, for somebody has to find the file."""


@dataclass
class Planted:
    """Files, and the secrets in them: ``nowhere`` for what may stand nowhere at the monitor."""

    files: list[Dropped] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    in_lake: list[str] = field(default_factory=list)
    in_ledger: list[str] = field(default_factory=list)


class _Sower:
    """Sows one source, with numbers and words of its own."""

    def __init__(self, soort: str, place: int, rows: int) -> None:
        self.soort, self.supplier, self.rows = soort, supplier_of(soort), rows
        self._numbers = iter(bsns(40, 123_000_000 + place * 1_000))
        self._words = iter(range(place * 100, place * 100 + 100))
        self.made = Planted()

    def bsn(self) -> str:
        self.made.nowhere.append(next(self._numbers))
        return self.made.nowhere[-1]

    def word(self) -> str:
        self.made.nowhere.append(f"{WORD}{next(self._words):06}")
        return self.made.nowhere[-1]

    def records(self, mark: str) -> list[Record]:
        """Valid records whose free texts and pseudonyms are secrets too."""
        texts = [f.name for f in CONTRACTS[self.soort].fields if f.column.kind is Kind.TEXT and f.name != "team"]
        found = []
        for number, record in enumerate(valid_records(self.soort, self.rows)):
            told = f"{RECORD}-{mark}-{number}"
            pseudonym = (
                {"pseudoniem": f"cafe{hashlib.sha256(mark.encode()).hexdigest()[:12]}{number:048x}"}
                if "pseudoniem" in record
                else {}
            )
            self.made.in_lake += [told] if texts and number < 3 else []
            self.made.nowhere += list(pseudonym.values())[:1] if number < 2 else []
            found.append(record | dict.fromkeys(texts, told) | pseudonym)
        return found

    def drop(self, mark: str, content: bytes, name: str = "", suffix: str = "csv", supplier: str = "") -> None:
        day = f"2023-02-{1 + len(self.made.files) % 27:02}"
        told = f"{self.soort}_{YEAR}_{day}_{name or mark}.{suffix}"
        self.made.files.append(Dropped(supplier or self.supplier, told, content, f"{day}T10:00"))


def planted(soort: str, place: int, rows: int = 25) -> Planted:
    """Everything of one source; ``place`` makes its secrets differ from those of others."""
    sower = _Sower(soort, place, rows)
    _refused(sower)
    _no_tables(sower)
    _accepted(sower)
    return sower.made


def _accepted(sower: _Sower) -> None:
    """As exported: a title, columns nobody asked for, a rejected row, a name of a person in the name of the file."""
    records = sower.records(f"{sower.soort}-goed")
    heading, packed, coded, title = sower.word(), sower.bsn(), sower.bsn(), sower.word()
    extra = {
        heading: sower.word(),
        "blob": base64.b64encode(b"x" + packed.encode()).decode(),
        "hex": coded.encode().hex(),
    }
    records = [record | extra for record in records]
    free = {field.name for field in CONTRACTS[sower.soort].fields if field.column.kind is Kind.TEXT}
    wrong = [name for name in records[0] if name not in {*extra, *free}][:3]
    records[3] = records[3] | {name: sower.word() for name in wrong}
    named = f"{NAMED}{sower.soort}"
    sower.made.in_ledger.append(named)
    content = f"Overzicht {title}\r\n\r\n".encode() + csv_bytes(records)
    sower.drop("goed", content, f"{named}")


def _refused(sower: _Sower) -> None:
    first = next(iter(sower.records(f"{sower.soort}-fout")[0]))
    for mark, written in _spelled(sower):
        records = sower.records(f"{sower.soort}-{mark}")
        records[4][first] = written
        sower.drop(mark, csv_bytes(records, encoding="utf-16" if mark == "wijd" else "utf-8"))
    for mark, heading in (("kop", sower.bsn()), ("kolom", "BSN"), ("naam", "achternaam"), ("post", "e-mail")):
        value = {"kop": "1", "kolom": sower.bsn(), "naam": sower.word(), "post": f"{sower.word()}@voorbeeld.test"}[mark]
        sower.drop(mark, csv_bytes([record | {heading: value} for record in sower.records(f"{sower.soort}-{mark}")]))
    sower.drop("genoemd", csv_bytes(sower.records(f"{sower.soort}-genoemd")), name=sower.bsn())
    sower.drop("blad", xlsx_bytes(sower.records(f"{sower.soort}-blad"), sheet=sower.word()), suffix="xlsx")
    sower.drop("verborgen", _workbook(sower), suffix="xlsx")


def _spelled(sower: _Sower) -> Iterator[tuple[str, str]]:
    """A number of a person as people and programs write it."""
    yield "kaal", sower.bsn()
    for mark, parts in (("punten", "{}.{}.{}"), ("spaties", "{} {} {}"), ("streepjes", "{}-{}-{}")):
        number = sower.bsn()
        yield mark, parts.format(number[:4], number[4:6], number[6:])
    yield "komma", f"{sower.bsn()}.0"
    yield "macht", f"{float(sower.bsn()):.8E}".replace(".", ",")
    yield "tekst", f"BSN: {sower.bsn()} van {sower.word()}"
    yield "wijd", sower.bsn()


def _workbook(sower: _Sower) -> bytes:
    """A workbook with secrets in its properties, a comment, a hidden sheet and a number of a cell."""
    target, records = io.BytesIO(), sower.records(f"{sower.soort}-werkmap")
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"author": sower.word(), "title": sower.word()})
        page, hidden = book.add_worksheet(sower.soort), book.add_worksheet("intern")
        for row, record in enumerate([dict.fromkeys(records[0], ""), *records]):
            for column, name in enumerate(records[0]):
                page.write_string(row, column, record[name] if row else name)
        page.write_comment(1, 0, sower.word())
        page.write_number(2, 0, int(sower.bsn()))
        hidden.write_string(0, 0, sower.bsn())
        hidden.hide()
    return target.getvalue()


def _no_tables(sower: _Sower) -> None:
    """What is no table, or is broken off."""
    number, name = sower.bsn(), sower.word()
    sower.drop("bericht", f"<Bericht><Bsn>{number}</Bsn><Naam>{name}</Naa".encode(), suffix="xml")
    half = sower.bsn()
    whole = xlsx_bytes([record | {"BSN": half} for record in sower.records(f"{sower.soort}-half")])
    sower.drop("half", whole[: len(whole) // 2], suffix="xlsx")
    sower.drop("gepakt", gzip.compress(csv_bytes([{"BSN": sower.bsn(), "naam": sower.word()}])))
    sower.drop("ruis", b"\x00\x01" + sower.bsn().encode() + b"\xff\xfe" + sower.word().encode())
    sower.drop("vreemd", csv_bytes(sower.records(f"{sower.soort}-vreemd")[:3]), supplier=f"map-{sower.bsn()}")
