"""The shape of a CSV file: encoding, separator, line ends, quotes, header, rows that are no records (spec 1.2)."""

import csv

from jos_pipeline.intake.table import Limits
from tests.hostile.seed import Seed, as_text, coded, edited, no, ok, records, renamed, some, table, with_column
from tests.records import name_of

_BLANK = ";" * 10 + "\r\n"
_TITLE = "Overzicht toelaatbaarheidsverklaringen"


def _without_last(text: str) -> str:
    return text.removesuffix("\r\n")


def _split_first() -> bytes:
    """An opgave of which every row begins with its uitsplitsing, which is ``totaal``."""
    made = [{"uitsplitsing": "totaal"} | one | {"uitsplitsing": "totaal"} for one in records("opgave")]
    return as_text(made).encode()


def _head(text: str) -> str:
    return text.splitlines()[0]


ENCODINGS: list[Seed] = [
    ok("UTF-8", table()),
    ok("UTF-8 with byte order mark", table("utf-8-sig")),
    ok("UTF-16 little endian", edited(lambda t: "\ufeff" + t, "utf-16-le")),
    ok("UTF-16 big endian", edited(lambda t: "\ufeff" + t, "utf-16-be")),
    ok("Windows-1252", lambda: as_text(records("jeugdhulp", aanbieder="Café Zoë")).encode("cp1252"), "S005",
       file_name=name_of("jeugdhulp"), counts=coded(S005=1)),
    ok("accents in UTF-8", lambda: as_text(records("jeugdhulp", aanbieder="Café Zoë")).encode(),
       file_name=name_of("jeugdhulp")),
    no("UTF-16 without its mark", table("utf-16-le"), "E062"),
    no("UTF-16 that stops in a character", lambda: as_text(records()).encode("utf-16")[:-1], "E003"),
    no("a NUL character in a cell", edited(lambda t: t.replace("A-2", "A\0-2")), "E062"),
    no("NUL characters at the end", edited(lambda t: t + "\0" * 512), "E062"),
    no("only NUL characters", b"\0" * 4096, "E062"),
    no("UTF-8 and Windows-1252 in one file", lambda: as_text(records()).encode() + "é".encode() + b"\xe9;\r\n", "E006"),
    no("a byte of no encoding", lambda: as_text(records()).encode() + b"\x81;\r\n", "E006"),
    no("a mark that promises UTF-8 and lies", lambda: b"\xef\xbb\xbf" + as_text(records()).encode() + b"\xe9;", "E006"),
    no("UTF-8 cut in its only accent", lambda: as_text(records()).encode() + b"caf\xc3", "E003"),
    no("UTF-8 cut in its only euro sign", lambda: as_text(records()).encode() + b"5 \xe2\x82", "E003"),
    no("UTF-32", table("utf-32"), "E062"),
    ok("a second byte order mark inside", edited(lambda t: "\ufeff\ufeff" + t), "S022", counts=coded(S022=1)),
]  # fmt: skip

LAYOUTS: list[Seed] = [
    *(ok(f"separator {sep!r}", table(sep=sep)) for sep in (",", "\t", "|")),
    *(ok(f"line end {end!r}", table(end=end)) for end in ("\n", "\r")),
    ok("mixed line ends", edited(lambda t: t.replace("\r\n", "\n", 20).replace("\r\n", "\r", 10))),
    ok("mixed line ends and quotes", lambda: as_text(records(), quoting=csv.QUOTE_ALL)
       .replace("\r\n", "\n", 20).replace("\r\n", "\r", 10).encode()),
    ok("every cell quoted", table(quoting=csv.QUOTE_ALL)),
    ok("the line of Excel that names the separator", edited(lambda t: "sep=;\r\n" + t)),
    ok("that line with a byte order mark", edited(lambda t: "\ufeffsep=;\r\n" + t)),
    ok("no line end after the last line", edited(_without_last), "S023", rows=coded(S023=(41,)), counts=coded(S023=1)),
    ok("no line end, UTF-16", edited(lambda t: "\ufeff" + _without_last(t), "utf-16-le"), "S023"),
    ok("no line end, quoted", lambda: _without_last(as_text(records(), quoting=csv.QUOTE_ALL)).encode(), "S023"),
    some("the last value is cut off", edited(lambda t: _without_last(t)[:-1]), "E021", "S023",
         rows=coded(E021=(41,), S023=(41,))),
    some("the last line is cut off", edited(lambda t: _without_last(t)[:-40]), "E019", "S023", rows=coded(E019=(41,))),
    no("a quote that is never closed", edited(lambda t: t.replace("A-20", '"A-20')), "E003"),
    no("text after a closing quote", edited(lambda t: t.replace("A-20", '"A-20"x')), "E002"),
    no("a quote that swallows half the file", edited(lambda t: t + '"' + "x;y\r\n" * 40_000 + '"\r\n'), "E069"),
    ok("a line break in a cell that nobody keeps", with_column("opmerking", "een\r\ntwee"), "S001"),
    some("a separator in a cell without quotes", edited(lambda t: t.replace("A-20;", "A;20;")), "E019",
         rows=coded(E019=(21,))),
]  # fmt: skip

HEADERS: list[Seed] = [
    ok("headings in capitals with spaces", table(headings=[n.upper().replace("_", " ") for n in records()[0]])),
    ok("headings with hyphens and space around", table(headings=[f" {n.replace('_', '-')} " for n in records()[0]])),
    ok("headings with an en dash", renamed("tlv_nummer", "tlv – nummer")),
    ok("headings with no-break spaces", renamed("tlv_nummer", "\u00a0tlv\u00a0 nummer\u00a0")),
    ok("headings with accents", renamed("school", "schóól")),
    ok("an alias", renamed("school", "BRIN6")),
    ok("a hash before the first heading", renamed("tlv_nummer", "# tlv_nummer")),
    ok("a Cyrillic letter in a heading", renamed("school", "sсhооl"), "S022", counts=coded(S022=1)),
    ok("a Greek letter in a heading", renamed("school", "schοοl"), "S022"),
    ok("a zero-width space in a heading", renamed("school", "sch\u200bool"), "S022"),
    ok("a soft hyphen in a heading", renamed("ingangsdatum", "ingangs\u00addatum"), "S022"),
    ok("a direction mark in a heading", renamed("school", "\u202eschool"), "S022"),
    ok("wide letters in a heading", renamed("school", "ｓｃｈｏｏｌ")),
    ok("two headings with other letters", lambda: as_text(records(), headings=[
        {"school": "sсhool", "categorie": "саtegorie"}.get(n, n) for n in records()[0]]).encode(), "S022",
       counts=coded(S022=2)),
    no("a heading and its Cyrillic twin", with_column("sсhool", "19ZQ00"), "E008", "E063", counts=coded(E063=1)),
    no("a heading and its invisible twin", with_column("sch\u200bool", "19ZQ00"), "E008", "E063"),
    no("a heading twice", edited(lambda t: t.replace("afgiftedatum", "aanvraagdatum", 1)), "E008"),
    no("a heading and its alias", with_column("BRIN6", "19ZQ00"), "E008"),
    no("a heading twice in other case", with_column("SCHOOL", "19ZQ00"), "E008"),
    ok("an unknown heading", with_column("opmerking", "x"), "S001", counts=coded(S001=1)),
    ok("an unknown heading twice", edited(lambda t: t.replace("\r\n", ";x;x\r\n")), "S001", counts=coded(S001=2)),
    ok("empty columns at the end", edited(lambda t: t.replace("\r\n", ";;;\r\n"))),
    ok("a column without heading that holds something", edited(lambda t: t.replace("\r\n", ";;x\r\n")
       .replace(";;x", ";;", 1)), "S001"),
    no("a required heading is missing", renamed("school", "onderwijsplek"), "E009", "S001"),
    no("no header at all", edited(lambda t: t.split("\r\n", 1)[1]), "E007"),
    ok("five titles", edited(lambda t: f"{_TITLE}\r\n" * 5 + t), "S003", counts=coded(S003=5)),
    no("six titles", edited(lambda t: f"{_TITLE}\r\n" * 6 + t), "E007"),
    ok("titles and blank lines", edited(lambda t: f"{_TITLE}\r\n\r\nSchool: Dalton;\r\n" + t), "S003",
       rows=coded(S003=(1, 2, 3))),
    some("row numbers count titles", edited(lambda t: f"{_TITLE}\r\n\r\n" + t.replace("A-1;", ";", 1)), "E020", "S003",
         rows=coded(E020=(4,))),
    no("the header on every page", edited(lambda t: t + (_head(t) + "\r\n") * 3),
       "E017", "E021", "E027", "E028", "E029", "E035"),
]  # fmt: skip

ROWS: list[Seed] = [
    ok("blank rows at the end", edited(lambda t: t + _BLANK * 5 + "\r\n\r\n")),
    ok("blank rows between", edited(lambda t: t.replace("A-20;", f"{_BLANK}\r\nA-20;")), "S006",
       rows=coded(S006=(21, 22)), counts=coded(S006=2)),
    ok("a total at the end", edited(lambda t: t + "Totaal;40\r\n"), "S002", rows=coded(S002=(42,)),
       counts=coded(S002=1)),
    ok("totals between", edited(lambda t: t.replace("A-20;", "Subtotaal;19\r\nA-20;") + "Eindtotaal:;40\r\n"), "S002",
       counts=coded(S002=2)),
    ok("a total in the second column", edited(lambda t: t + ";totaal 40\r\n"), "S002"),
    some("a row with a cell too few", edited(lambda t: t + "A-99;x\r\n"), "E019", rows=coded(E019=(42,))),
    some("a row with a cell too many", edited(lambda t: t.replace("A-20;", "A-20;x;")), "E019"),
    ok("spaces and no-break spaces around cells", edited(lambda t: t.replace("A-20;", " \u00a0A-20\u00a0 ;"))),
    ok("double spaces in a name", lambda: as_text(records("jeugdhulp", aanbieder="Zorg  \u00a0Samen")).encode(),
       file_name=name_of("jeugdhulp")),
    no("a header and nothing else", edited(lambda t: _head(t) + "\r\n"), "E001"),
    ok("totals as they are reported", _split_first, file_name=name_of("opgave")),
    ok("a total below those", lambda: _split_first() + b"Totaal;;;;;40;\r\n", "S002", rows=coded(S002=(42,)),
       file_name=name_of("opgave")),
    no("a header and a total", edited(lambda t: _head(t) + "\r\nTotaal;0\r\n"), "E001"),
    no("a header and blank rows", edited(lambda t: _head(t) + "\r\n" + _BLANK * 9), "E001"),
    no("nothing", b"", "E001"),
    no("only space", " \r\n\t\u00a0\r\n", "E001"),
    no("only a byte order mark", b"\xef\xbb\xbf", "E001"),
    no("a sentence", "Beste collega, zie bijlage.\r\n", "E007"),
]  # fmt: skip

LIMITS: list[Seed] = [
    no("too many bytes", table(), "E004", limits=Limits(bytes=1000)),
    no("too many rows", table(), "E004", limits=Limits(rows=39)),
    no("too many columns", edited(lambda t: t.replace("\r\n", ";" * 300 + "\r\n")), "E068"),
    no("a hundred thousand columns", edited(lambda t: t.replace("\r\n", ";" * 100_000 + "\r\n", 1)), "E068"),
    no("a cell too long", with_column("opmerking", "x" * 40_000), "E069"),
    no("a heading too long", with_column("x" * 40_000), "E069"),
    no("one endless line", b"x" * 5_000_000, "E069"),
    no("five million separators", b";" * 5_000_000, "E069"),
    no("time is up", table(), "E067", limits=Limits(seconds=-1)),
]

SEEDS = [*ENCODINGS, *LAYOUTS, *HEADERS, *ROWS, *LIMITS]
