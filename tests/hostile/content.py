"""Names of files, school years and days, and cells: what is read, what is mended, what is refused (1.2-1.5)."""

from datetime import date

from tests.hostile.seed import Seed, as_text, coded, edited, no, ok, records, some, table, with_cells, with_column
from tests.records import name_of

_CSV = table()


def _of(soort: str, **cells: str):
    return with_cells(soort, **cells)


def _all(soort: str, **cells: str):
    """Every record with these cells."""
    return lambda: as_text([one | cells for one in records(soort)]).encode()


def _key_twice(**cells: str):
    """The last record with the key of the first, and with other cells."""

    def build() -> bytes:
        made = records()
        made[-1] = made[0] | cells
        return as_text(made).encode()

    return build


def _overlap() -> bytes:
    """The second row is the care of the first, two weeks later."""
    made = records("jeugdhulp")
    later = {"aanvang": "2022-09-15", "einde": "", "reden_beeindiging": ""}
    made[1] = made[0] | later
    made[0] |= {"aanvang": "2022-09-01", "einde": "", "reden_beeindiging": ""}
    return as_text(made).encode()


NAMES: list[Seed] = [
    ok("free text after the day", _CSV, file_name="tlv_2022-2023_2023-02-01_tweede poging.csv"),
    ok("capitals and spaces in the name", _CSV, file_name="TLV 2022-2023 2023-02-01.CSV"),
    ok("a Dutch day in the name", _CSV, file_name="tlv_2022-2023_01-02-2023.csv"),
    ok("a day without signs in the name", _CSV, file_name="tlv_2022-2023_20230201.csv"),
    ok("a name with a path", _CSV, file_name="../../tlv_2022-2023_2023-02-01.csv"),
    ok("a name with a direction mark", _CSV, file_name="tlv_2022-2023_2023-02-01_\u202efdp.csv"),
    ok("no day in the name", _CSV, "S014", file_name="tlv_2022-2023.csv"),
    ok("nothing in the name", _all("tlv", aanvraagdatum="2022-09-01"), "S014", file_name="export.csv"),
    no("nothing in the name and dates in two years", _of("tlv", aanvraagdatum="2022-05-01"), "E013", "S014",
       file_name="export.csv"),
    no("a header that fits no soort", b"school;functie\r\n19ZQ00;gedragswetenschapper\r\n", "E012", "S014",
       file_name="export.csv"),
    no("a day that does not exist", _CSV, "E014", file_name="tlv_2022-2023_2023-02-30.csv"),
    no("a day before the school year", _CSV, "E014", file_name="tlv_2022-2023_2022-07-31.csv"),
    no("a school year that does not exist", _CSV, "E018", file_name="tlv_2022-2024_2023-02-01.csv"),
    no("a school year long ago", _CSV, "E018", file_name="tlv_1999-2000_2000-02-01.csv"),
    no("a year of three thousand", _CSV, "E014", file_name="tlv_2022-2023_3023-02-01.csv"),
    no("a stranger", _CSV, "E015", supplier="onbekend"),
    no("a supplier of something else", _CSV, "E016", supplier="19zq00"),
    no("another soort than its columns", _CSV, "E009", "S001", file_name=name_of("inzet")),
    ok("changed on the day itself", _CSV, "S014", file_name="tlv_2022-2023.csv", modified=date(2023, 3, 1)),
]  # fmt: skip

_DAYS = {
    "2022-09-15": (), "15-09-2022": (), "15/9/2022": (), "1/9/2022": (), "20220915": (), "2022-09-15 00:00:00": (),
    "2022-09-15T00:00:00": (), "44805": ("S010",), "20220900": ("S009",), "20220000": ("S009",),
}  # fmt: skip
_NO_DAYS = ("31-02-2022", "9/15/2022", "15-09-22", "2022-13-01", "sep 2022", "2022-09-15 13:05", "0", "2022-W37", "1-9")

DATES: list[Seed] = [
    *(ok(f"day {text!r}", with_cells(aanvraagdatum=text), *codes) for text, codes in _DAYS.items()),
    *(some(f"no day {text!r}", with_cells(aanvraagdatum=text), "E021", rows=coded(E021=(2,))) for text in _NO_DAYS),
    some("a day before 1990", with_cells(aanvraagdatum="1989-12-31"), "E022"),
    some("a day in the far future", with_cells(einddatum="2024-02-02"), "E022"),
    ok("a year after the peildatum", with_cells(einddatum="2024-02-01")),
    some("an end before the begin", with_cells(ingangsdatum="2022-10-01", einddatum="2022-09-30"), "E036"),
    ok("an end in the month of the begin", with_cells(ingangsdatum="2022-10-05", einddatum="20221000"), "S009"),
]

_MISSING = ("", " ", "-", "NULL", "n.v.t.", "nvt", "onbekend", "\u00a0")

CELLS: list[Seed] = [
    *(ok(f"missing as {text!r}", with_cells(einddatum=text)) for text in _MISSING),
    *(some(f"a required cell missing as {text!r}", with_cells(school=text), "E020") for text in ("", "-", "NULL")),
    ok("a school in small letters", with_cells(school="19zq00")),
    ok("a gemeente without letters and zeros", _of("trajecten", woongemeente="361"), "S004",
       file_name=name_of("trajecten"), rows=coded(S004=(2,)), counts=coded(S004=1)),
    ok("a code without its zero", _of("jeugdhulp", verwijzer="1"), "S004", file_name=name_of("jeugdhulp")),
    ok("a label for a code", _of("trajecten", functie="J&G coach"), "S007", file_name=name_of("trajecten")),
    ok("a label with an en dash", _of("trajecten", functie="jeugd– en gezinscoach VO"), "S007",
       file_name=name_of("trajecten")),
    ok("a code with capitals and hyphens", _of("trajecten", functie="Jeugd-en-Gezinscoach"),
       file_name=name_of("trajecten")),
    some("a code that is not in the list", _of("trajecten", functie="psycholoog"), "E027",
         file_name=name_of("trajecten")),
    some("a school that is not in the region", with_cells(school="98ZZ09"), "E030"),
    some("a school without vestiging", with_cells(school="19ZQ"), "E029"),
    some("the name of a school", with_cells(school="Stedelijk Dalton College"), "E029"),
    some("a name of a gemeente", _of("trajecten", woongemeente="Alkmaar"), "E031", file_name=name_of("trajecten")),
    some("a gemeente that is no more", _of("trajecten", woongemeente="GM0398"), "E032", file_name=name_of("trajecten")),
    ok("that gemeente while it was there", lambda: as_text([one | {
        "woongemeente": "GM0398", "aanmelddatum": "2021-09-01", "eerste_contact": "", "begindatum": "", "einddatum": "",
        "uitkomst": ""} for one in records("trajecten")]).encode(), file_name="trajecten_2021-2022_2021-11-01.csv"),
    some("its successor before it was there", lambda: as_text([one | {
        "woongemeente": "GM0398" if n else "GM1980", "aanmelddatum": "2021-09-01", "eerste_contact": "",
        "begindatum": "", "einddatum": "", "uitkomst": ""} for n, one in enumerate(records("trajecten"))]).encode(),
        "E032", file_name="trajecten_2021-2022_2021-11-01.csv"),
    some("half a pseudonym", with_cells(pseudoniem="ab" * 31), "E028"),
    ok("a pseudonym in capitals", with_cells(pseudoniem="AB" * 32)),
    ok("an integer with a thousands point", _of("activiteiten", minuten="1.440"), file_name=name_of("activiteiten")),
    some("an integer too large", _of("activiteiten", minuten="1.611"), "E033", file_name=name_of("activiteiten")),
    some("an integer with a fraction", _of("activiteiten", minuten="2,5"), "E023", file_name=name_of("activiteiten")),
    ok("a decimal with a comma", _of("inzet", fte="0,8"), file_name=name_of("inzet")),
    ok("a decimal with a certain point", _of("inzet", fte="0.8"), file_name=name_of("inzet")),
    some("a decimal that may be thousands", _of("inzet", fte="1.125"), "E024", file_name=name_of("inzet")),
    some("a masked number where none may be", _of("activiteiten", minuten="<5"), "E023",
         file_name=name_of("activiteiten")),
    *(ok(f"yes or no as {text!r}", _of("trajecten", overbrugging=text), file_name=name_of("trajecten"))
      for text in ("J", "N", "ja", "NEE", "1", "0", "TRUE", "false", "01", "02", "x", "X")),
    some("neither yes nor no", _of("trajecten", overbrugging="soms"), "E026", file_name=name_of("trajecten")),
    some("a cell that begins as a formula", with_cells(tlv_nummer="=1+1"), "E034", "S021", rows=coded(S021=(2,)),
         counts=coded(S021=1)),
    some("a formula around a code", with_cells(school='="19ZQ00"'), "E029", "S021"),
    some("a call to a program", with_cells(tlv_nummer="@SUM(1)*cmd|' /C calc'!A0"), "E034", "S021"),
    some("a wide equals sign", with_cells(tlv_nummer="＝1+1"), "E034", "S021"),
    some("a plus and a text", with_cells(tlv_nummer="+cmd"), "E034", "S021"),
    some("a negative number is no formula", _of("activiteiten", minuten="-5"), "E033",
         file_name=name_of("activiteiten")),
    ok("a formula in a column that nobody keeps", with_column("opmerking", "=HYPERLINK(1)"), "S001"),
    some("a tag in a cell", with_cells(tlv_nummer="<script>alert(1)</script>"), "E034"),
    some("a zero-width space in a code", with_cells(school="19ZQ\u200b00"), "E029"),
    *(ok(f"a provider called {name!r}", _of("jeugdhulp", aanbieder=name), file_name=name_of("jeugdhulp"))
      for name in ("'s Heeren Loo", "’s Heeren Loo", "Kenter, Haarlem", 'Stichting "De Hoop"', "De Praktijk: jeugd")),
    *(ok(f"the number {text!r}", with_cells(tlv_nummer=text)) for text in ("#12", "(5)")),
    *(some(f"a formula behind a quote: {text!r}", with_cells(tlv_nummer=text), "E034")
      for text in ("'=1+1", '"=1+1"', "'@SUM(1)", "('+1")),
    some("a provider that begins with a plus", _of("jeugdhulp", aanbieder="+Zorg"), "E034", "S021",
         file_name=name_of("jeugdhulp")),
    some("a provider that is an error of Excel", _of("jeugdhulp", aanbieder="#N/A"), "E034",
         file_name=name_of("jeugdhulp")),
    ok("a name of a provider with accents", _of("jeugdhulp", aanbieder="Zorg é ü ç"), file_name=name_of("jeugdhulp")),
]  # fmt: skip

KEYS: list[Seed] = [
    some("the same row twice", _key_twice(), "E035", rows=coded(E035=(41,)), height=39),
    some("two rows with one key", _key_twice(categorie="3"), "E035", rows=coded(E035=(2, 41)), height=38),
    ok("care that overlaps", _overlap, "S013", rows=coded(S013=(2, 3)), file_name=name_of("jeugdhulp"), height=39),
    no("most rows are wrong", _all("tlv", school="98ZZ09"), "E017", "E030", counts=coded(E030=40)),
    some("exactly five percent", lambda: as_text([one | ({"categorie": "9"} if n < 2 else {})
                                                  for n, one in enumerate(records())]).encode(), "E027", height=38),
    no("more than five percent", lambda: as_text([one | ({"categorie": "9"} if n < 3 else {})
                                                  for n, one in enumerate(records())]).encode(), "E017", "E027"),
    some("a traject that ended without outcome", _of("trajecten", uitkomst=""), "E038", file_name=name_of("trajecten")),
    some("school and team are both empty", _of("inzet", school="", team=""), "E039", file_name=name_of("inzet")),
    some("a team nobody knows", _of("inzet", school="", team="noord"), "E041", file_name=name_of("inzet")),
    some("more goals reached than set", _of("trajecten", doelen_gesteld="1", doelen_behaald="2"), "E040",
         file_name=name_of("trajecten")),
    some("contact before the application", _of("trajecten", eerste_contact="2022-08-01"), "E037",
         file_name=name_of("trajecten")),
    ok("the last line has no end and the year is known", edited(lambda t: t.rstrip()), "S023"),
]  # fmt: skip

SEEDS = [*NAMES, *DATES, *CELLS, *KEYS]
