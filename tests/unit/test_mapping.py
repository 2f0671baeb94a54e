"""A supplier's own names and codes: the mapping file, the making of one, and the formats everybody knows."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.verdict import Outcome
from jos_pipeline.mapping.applying import applied
from jos_pipeline.mapping.checking import mapping_findings
from jos_pipeline.mapping.draft import UndraftableError, draft
from jos_pipeline.mapping.known import known_formats
from jos_pipeline.mapping.reading import LEAVE_OUT, NO_VALUE, Mapping, MappingError, decode_mapping, parse_mapping
from jos_pipeline.mapping.targets import VALUED, target_of, ways_of
from jos_pipeline.prepare import prepare
from jos_pipeline.pseudonym import pseudonym
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.finished_demo import ROOT
from tests.records import PEILDATUM, csv_bytes, name_of, region, supplier_of, valid_records
from tests.unit.test_prepare import CANARIES, KEY, _said, bsn, raw_records

STUDIES = {"HV": "havo", "VW": "vwo", "TL": "vmbo_gt"}
SCHOOL = "19ZQ00"


def school_export(count=60):
    """What comes out of a school's own system: its headings, its codes, and persons."""
    return [
        {
            "Stamnr": str(1000 + number),
            "Roepnaam": "Jan",
            "Achternaam": "Jansen",
            "Klas": f"{number % 3 + 1}h{number % 4}",
            "Leerlaag": str(number % 3 + 1),
            "Studie": list(STUDIES)[number % 3],
            "Leerling BSN": bsn(number),
            "Geb.dat.": "04-03-2008",
            "PC": "1811 AB",
            "Datum van inschrijving": "01-08-2022",
            "OPP?": "NJ"[number % 2],
            "Mentor": f"M. de Vries {number % 5}",
        }
        for number in range(1, count + 1)
    ]


MAPPING = """
soort = "leerlingen"

[kolommen]
"Leerling BSN" = "bsn"
"Geb.dat." = "geboortedatum"
"PC" = "postcode"
"Studie" = "onderwijssoort"
"Leerlaag" = "leerjaar"
"Datum van inschrijving" = "inschrijfdatum"
"OPP?" = "extra_ondersteuning"
"Klas" = "weglaten"
"Mentor" = "weglaten"

[vast]
school = "19ZQ00"

[waarden.onderwijssoort]
"hv" = "havo"
"VW" = "vwo"
"TL " = "vmbo_gt"
"""


def prepared(records, mapping, soort="leerlingen", **options):
    data = None if mapping is None else mapping.encode()
    supplier = "19zq00" if soort == "leerlingen" else supplier_of(soort)
    return prepare(csv_bytes(records), name_of(soort), PEILDATUM, region(), supplier, key=KEY, mapping=data, **options)


def codes_of(result):
    return [(one.code, one.kolom) for one in result.shown.findings if one.ernst == "fout"]


def test_an_export_with_its_own_names_becomes_a_delivery():
    result = prepared(school_export(), MAPPING)
    assert result.verdict.oordeel is Outcome.GEACCEPTEERD, result.verdict.findings
    accepted = result.verdict.accepted
    assert set(accepted["school"]) == {SCHOOL}
    assert accepted["onderwijssoort"].to_list()[:3] == ["vwo", "vmbo_gt", "havo"]
    assert accepted["leerjaar"].to_list()[:3] == [2, 3, 1]
    assert accepted["pseudoniem"][0] == pseudonym(KEY, bsn(1))
    assert {(one.code, one.aantal) for one in result.findings} == {("JOS-S035", 60), ("JOS-S001", 1), ("JOS-I001", 5)}
    said = _said(result)
    assert not [canary for canary in (*CANARIES, "Vries", "Stamnr", "Leerlaag") if canary in said]
    assert not [number for number in range(1, 61) if bsn(number) in said]


def test_what_the_mapping_does_not_say_is_read_as_always():
    records = [record | {"Studie": "Gymnasium"} for record in school_export()]
    result = prepared(records, MAPPING)
    assert set(result.verdict.accepted["onderwijssoort"]) == {"vwo"}
    assert "JOS-S007" in [one.code for one in result.findings]


def test_a_mapped_column_goes_before_one_of_the_same_name():
    records = [record | {"leerjaar": "99", "BSN": "123456782"} for record in school_export()]
    result = prepared(records, MAPPING)
    assert set(result.verdict.accepted["leerjaar"]) == {1, 2, 3}
    assert result.verdict.accepted["pseudoniem"][0] == pseudonym(KEY, bsn(1))


def test_a_value_can_mean_nothing():
    records = [record | {"Uit": "?"} for record in school_export()]
    text = MAPPING.replace('"Klas" =', '"Uit" = "uitstroom"\n"Klas" =') + '[waarden.uitstroom]\n"?" = "leeg"\n'
    assert prepared(records, text).verdict.accepted["uitstroom"].null_count() == 60


def test_schools_classes_and_gemeenten_can_be_translated_too():
    records = [record | {"Locatie": "Zonnebloem"} for record in school_export()]
    text = MAPPING.replace('[vast]\nschool = "19ZQ00"', "").replace('"Leerlaag" = "leerjaar"', '"Locatie" = "school"')
    text = text.replace('"Klas" = "weglaten"', '"Klas" = "leerjaar"') + '[waarden.school]\n"Zonnebloem" = "19ZQ00"\n'
    text += "[waarden.leerjaar]\n" + "".join(f'"{y}H{n}" = "{y}"\n' for y in (1, 2, 3) for n in range(4))
    result = prepared(records, text)
    assert result.verdict.oordeel is Outcome.GEACCEPTEERD, result.verdict.findings
    assert result.verdict.accepted["leerjaar"].to_list()[:3] == [2, 3, 1]


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ('"Studie" = "onderwijssoort"', '"Studie" = "onderwijsoort"', "JOS-E054", "bedoelt u onderwijssoort?"),
        ('"Studie" = "onderwijssoort"', '"Studie" = "qqq"', "JOS-E054", "regel 8 is geen kolom van leerlingen"),
        ('"Studie" = "onderwijssoort"', '"Studie" = ""', "JOS-E059", "regel 8"),
        ('"hv" = "havo"', '"hv" = ""', "JOS-E059", "regel 19"),
        ('"hv" = "havo"', '"hv" = "hafo"', "JOS-E055", "regel 19; kies uit vmbo_b"),
        ('school = "19ZQ00"', 'school = "Zonnebloem"', "JOS-E055", "regel 16; schrijf een BRIN"),
        ('school = "19ZQ00"', 'school = ""', "JOS-E059", "regel 16"),
        ('school = "19ZQ00"', 'pseudoniem = "19ZQ00"', "JOS-E055", "regel 16"),
        ('school = "19ZQ00"', 'bsn = "19ZQ00"', "JOS-E053", "regel 16 kan niet vast zijn"),
        ('"Klas" = "weglaten"', '"Klasse" = "weglaten"', "JOS-E056", "regel 12"),
        ('"Klas" = "weglaten"', '"Klas" = "leerjaar"', "JOS-E057", "regel 9, 12"),
        ('"Klas" = "weglaten"', '"Klas" = "school"', "JOS-E057", "regel 12, 16"),
        ('"Klas" = "weglaten"', '"Achternaam" = "inschrijfdatum"', "JOS-E058", "regel 12"),
        ('"Klas" = "weglaten"', '"Roepnaam" = "pseudoniem"', "JOS-E058", "regel 12"),
        ("[waarden.onderwijssoort]", "[waarden.inschrijfdatum]", "JOS-E053", "kent geen codes"),
        ("[waarden.onderwijssoort]", "[waarden.studie]", "JOS-E054", "regel 18"),
        ('soort = "leerlingen"', 'soort = "tlv"', "JOS-E053", "het is voor tlv, deze export wordt leerlingen"),
        ('soort = "leerlingen"', 'soort = "lln"', "JOS-E053", "kies uit leerlingen"),
        ('"hv" = "havo"', '"hv" = havo', "JOS-E053", "regel 19"),
        ('"hv" = "havo"', '"hv" = 3', "JOS-E053", "regel 19 heeft aanhalingstekens nodig"),
        ('"VW" = "vwo"', '"hv" = "vwo"', "JOS-E053", "regel 20 noemt iets dat er al staat"),
        ('"VW" = "vwo"', '" HV" = "vwo"', "JOS-E053", "regel 19, 20 noemen twee keer hetzelfde"),
        ('"Klas" = "weglaten"', '"studie" = "weglaten"', "JOS-E053", "regel 8, 12 noemen"),
        ('"Klas" = "weglaten"', '"" = "weglaten"', "JOS-E056", "regel 12"),
        ("[vast]", "[vastt]", "JOS-E053", "regel 15 hoort er niet"),
        ("[vast]", "[[vast]]", "JOS-E053", "zet de regels onder [vast]"),
        ("[waarden.onderwijssoort]", "[waarden]", "JOS-E053", "zet waarden onder"),
    ],
)
def test_every_mistake_in_a_mapping_is_told_with_its_line(old, new, code, said):
    assert old in MAPPING
    result = prepared(school_export(), MAPPING.replace(old, new))
    assert result.content is None
    assert code in [found for found, _ in codes_of(result)]
    assert said in " ".join(one.melding for one in result.findings)
    assert not [word for word in ("Zonnebloem", "Klasse", "hafo", "qqq", "Roepnaam", "lln") if word in _said(result)]


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, len(MAPPING)),
    st.integers(0, 40),
    st.sampled_from(["", '"', "[", "=", "3", "herkenning = 3\n", "\n"]),
)
def test_a_spoilt_mapping_is_told_and_never_breaks_anything(start, length, instead):
    text = MAPPING[:start] + instead + MAPPING[start + length :]
    try:
        mapping = parse_mapping(text)
    except MappingError:
        return
    found = mapping_findings(
        mapping, tuple(school_export(1)[0]), CONTRACTS["leerlingen"], region().reference_on(PEILDATUM)
    )
    assert {one.code for one in found} <= {f"JOS-E05{number}" for number in range(3, 10)}


def test_all_mistakes_are_told_at_once():
    text = MAPPING.replace("onderwijssoort", "studie").replace("Klas", "Klasse").replace('"havo"', '""')
    assert {code for code, _ in codes_of(prepared(school_export(), text))} == {"JOS-E054", "JOS-E056", "JOS-E059"}


def test_a_mapping_is_utf8():
    assert decode_mapping(b"\xef\xbb\xbfx") == "x"
    with pytest.raises(MappingError) as caught:
        decode_mapping('"Reden beëindiging" = ""'.encode("cp1252"))
    assert "UTF-8" in caught.value.findings[0].melding
    ansi = MAPPING.replace("Mentor", "Mentör").encode("cp1252")
    refused = prepare(
        csv_bytes(school_export()), name_of("leerlingen"), PEILDATUM, region(), "19zq00", key=KEY, mapping=ansi
    )
    assert codes_of(refused) == [("JOS-E053", None)]


@pytest.mark.parametrize("column", ["onderwijssoort", "inschrijfdatum", "leerjaar"])
def test_a_bsn_in_a_mapped_column_stops_everything(column):
    records = school_export()
    heading = {"onderwijssoort": "Studie", "inschrijfdatum": "Datum van inschrijving", "leerjaar": "Leerlaag"}[column]
    records[3][heading] = "123456782"
    result = prepared(records, MAPPING)
    assert result.content is None
    assert [(one.code, one.rijen) for one in result.findings] == [("JOS-E011", (5,))]


def test_a_bsn_as_constant_or_code_is_refused():
    text = 'soort = "inzet"\n[vast]\naanbieder = "123456782"\n'
    records = [{name: cell for name, cell in row.items() if name != "aanbieder"} for row in valid_records("inzet")]
    assert ("JOS-E055", "aanbieder") in codes_of(prepared(records, text, "inzet"))


@pytest.mark.parametrize("soort", list(CONTRACTS))
def test_every_soort_can_be_mapped_from_strange_headings(soort):
    """An export of which no heading is known, with every value in a code of its own."""
    contract = CONTRACTS[soort]
    ways = {"BSN": "bsn", "Geboortedatum": "geboortedatum", "Postcode": "postcode"}
    records, coded = raw_records(soort), {}
    for field in contract.fields:
        if field.column.kind in (Kind.CODE, Kind.BOOLEAN, Kind.SCHOOL, Kind.MUNICIPALITY) and field.name in records[0]:
            for record in records:
                own = coded.setdefault(field.name, {})
                record[field.name] = own.setdefault(record[field.name], f"eigen {len(own)}")
    named = {name: f"Veld {number}" for number, name in enumerate(contract.by_name)}
    strange = [{named.get(name, name): cell for name, cell in record.items()} for record in records]
    columns = [f'"{heading}" = "{name}"' for name, heading in named.items() if heading in strange[0]]
    columns += [f'"{name}" = "{way}"' for name, way in ways.items() if way in ways_of(contract)]
    lines = [f'soort = "{soort}"', "[kolommen]", *columns]
    for name, own in coded.items():
        lines += [f"[waarden.{name}]", *(f'"{mine.upper()}" = "{code}"' for code, mine in own.items() if code)]
    result = prepared(strange, "\n".join(lines), soort)
    plain = prepared(raw_records(soort), None, soort)
    assert result.content == plain.content, result.shown.findings
    assert result.verdict.oordeel is Outcome.GEACCEPTEERD


def test_the_words_of_a_mapping_are_no_columns_and_no_codes():
    for contract in CONTRACTS.values():
        assert not {LEAVE_OUT, *ways_of(contract)} & set(contract.by_name)
        assert all(target_of(way, contract) == way for way in ways_of(contract))
        for field in contract.fields:
            assert field.column.codes is None or NO_VALUE not in field.column.codes.values


# --- making one -----------------------------------------------------------------------------------------------------


def drafted(records, soort="leerlingen", name="export.csv"):
    return draft(csv_bytes(records), name, PEILDATUM, region(), soort)


def test_a_draft_finds_what_a_person_would():
    first = drafted(school_export())
    mapping = parse_mapping(first.text)
    assert mapping.soort == "leerlingen"
    assert {heading: target for heading, target in mapping.columns.items() if target != LEAVE_OUT} == {
        "Leerling BSN": "bsn",
        "Studie": "onderwijssoort",
        "Leerlaag": "leerjaar",
        "Geb.dat.": "geboortedatum",
        "PC": "postcode",
        "Datum van inschrijving": "inschrijfdatum",
        "OPP?": "extra_ondersteuning",
    }
    assert first.missing == ("school",)
    assert mapping.values["onderwijssoort"] == {"HV": "", "VW": "vwo", "TL": ""}
    assert '"VW" = "vwo"  # voorstel: kijk na' in first.text
    assert mapping.values["extra_ondersteuning"] == {"J": "ja", "N": "nee"}
    assert "vmbo_gt  (Vmbo gemengde/theoretische leerweg)" in first.text


def test_an_incomplete_draft_says_what_is_open_and_a_complete_one_works():
    text = drafted(school_export()).text
    assert [one.aantal for one in prepared(school_export(), text).findings if one.code == "JOS-E059"] == [2]
    for own, code in STUDIES.items():
        text = text.replace(f'"{own}" = ""', f'"{own}" = "{code}"')
    assert codes_of(prepared(school_export(), text)) == [("JOS-E009", "school")]
    complete = text.replace('# school = "19ZQ00"', 'school = "19ZQ00"')
    assert prepared(school_export(), complete).verdict.oordeel is Outcome.GEACCEPTEERD


@pytest.mark.parametrize("soort", list(CONTRACTS))
def test_a_draft_for_an_export_that_is_right_already_changes_nothing(soort):
    first = drafted(raw_records(soort), soort)
    assert first.missing == ()
    with_mapping = prepared(raw_records(soort), first.text, soort)
    assert with_mapping.content == prepared(raw_records(soort), None, soort).content, with_mapping.findings


PERSONAL = (
    "123456782",
    "Jansen",
    "jan@school.nl",
    "06-12345678",
    "0612345678",
    "04-03-2008",
    "1811 AB",
    "M. de Vries 1",
)


@pytest.mark.parametrize("heading", ["Studie", "OPP?", "Leerlaag", "Mentor", "Roepnaam", "onderwijssoort"])
def test_no_value_of_a_person_stands_in_a_draft(heading):
    """Neither when it slipped into a column of codes, nor when a whole column holds such values."""
    slipped, whole = school_export(), school_export()
    for record, value in zip(slipped, PERSONAL, strict=False):
        record[heading] = value
    for number, record in enumerate(whole):
        record[heading] = f"{PERSONAL[number % len(PERSONAL)]} {number // 3}"
    for text in (drafted(slipped).text, drafted(whole).text):
        assert not [value for value in PERSONAL if value in text]
        assert parse_mapping(text).columns["Geb.dat."] == "geboortedatum"


@pytest.mark.parametrize("value", [value for value in PERSONAL if not value.startswith(("Jansen", "M. de"))])
def test_not_even_when_it_comes_back(value):
    records = [record | {"Studie": value if number % 2 else "HV"} for number, record in enumerate(school_export())]
    assert value not in drafted(records).text


def test_a_heading_with_a_number_of_a_person_is_told_by_its_letter():
    records = [{"123456782": "x"} | record | {"geb 04-03-2008": "x"} for record in school_export()]
    text = drafted(records).text
    assert "123456782" not in text
    assert "04-03-2008" not in text
    assert "# kolom A staat hier niet" in text
    assert parse_mapping(text).columns["Studie"] == "onderwijssoort"


def test_at_most_fifty_values_are_shown():
    records = [record | {"Studie": f"studie {number % 60}"} for number, record in enumerate(school_export(300))]
    values = parse_mapping(drafted(records).text).values["onderwijssoort"]
    assert len(values) == 50
    assert "# 10 waarden staan hier niet" in drafted(records).text


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=8, unique=True), st.lists(st.text(max_size=20), max_size=6))
def test_whatever_the_headings_and_cells_a_draft_can_be_read_back(headings, cells):
    row = {heading: cells[place] if place < len(cells) else "x" for place, heading in enumerate(headings)}
    try:
        first = drafted([{"BSN": "", "Studie": cells[0] if cells else "", "leerjaar": "1"} | row] * 4)
    except UndraftableError:
        return
    assert parse_mapping(first.text).soort == "leerlingen"


def test_a_draft_needs_to_know_the_soort():
    with pytest.raises(UndraftableError, match="--soort"):
        drafted([{"Achternaam": "Jansen", "Voornaam": "Jan"}] * 3, soort=None)
    with pytest.raises(UndraftableError, match="kolomnamen"):
        draft(b"1;2\r\n3;4\r\n", "x.csv", PEILDATUM, region(), "tlv")
    assert drafted(raw_records("tlv"), soort=None).soort == "tlv"


# --- formats everybody knows ----------------------------------------------------------------------------------------


def cbs_records(count=40):
    """The CBS spreadsheet as programs write it: numbers lost their zeros, dates may miss a day."""
    return [
        {
            "Burgerservicenummer": bsn(number),
            "Geboortedatum": ("20080304", "20080300")[number % 2],
            "Geslacht": "VMO"[number % 3],
            "Postcode": "1811AB" if number % 2 else "",
            "Gemeentecode": "" if number % 2 else "373",
            "Verwijzer": ("1", "02", "8")[number % 3],
            "Type hulp": ("1", "4", "11")[number % 3],
            "Gestart met crisis": "12"[number % 2],
            "Datum aanvang": ("20220900", "20220915")[number % 2],
            "Datum einde": ("", "20221231")[number % 2],
            "Reden beëindiging": ("", "1")[number % 2],
            "Type informant": "Ouder/opvoeder",
        }
        for number in range(1, count + 1)
    ]


def prepared_cbs(records, name="levering CBS.csv"):
    return prepare(
        csv_bytes(records), name, PEILDATUM, region(), "gm0361", key=KEY, schooljaar="2022-2023", peildatum=PEILDATUM
    )


def test_the_cbs_spreadsheet_is_recognised_and_read():
    result = prepared_cbs(cbs_records())
    assert result.verdict.oordeel is Outcome.GEACCEPTEERD, result.verdict.findings
    assert result.file_name == name_of("jeugdhulp")
    rows = result.verdict.accepted.rows(named=True)
    first, second = (next(row for row in rows if row["pseudoniem"] == pseudonym(KEY, bsn(n))) for n in (1, 2))
    told = ("geslacht", "woongemeente", "verwijzer", "hulpvorm", "gestart_met_crisis", "reden_beeindiging", "informant")
    assert [first[name] for name in told] == ["M", "GM0361", "02", "04", "02", "01", "ouder"]
    assert [second[name] for name in told] == ["O", "GM0373", "08", "11", "01", None, "ouder"]
    assert {row["leeftijdsklasse"] for row in rows} == {"14-15"}
    assert second["aanvang_precisie"] == "maand"
    assert [one.melding for one in result.findings if one.code == "JOS-S036"] == [
        "Uw export is gelezen als CBS Beleidsinformatie Jeugd."
    ]


@pytest.mark.parametrize(("cell", "gemeente"), [("1811 AB", "GM0361"), ("373", "GM0373"), ("1980", "GM1980")])
def test_a_postcode_or_else_a_gemeente_in_one_column(cell, gemeente):
    records = [
        {"Postcode of gemeentecode": cell}
        | {name: text for name, text in record.items() if name not in ("Postcode", "Gemeentecode")}
        for record in cbs_records()
    ]
    assert set(prepared_cbs(records).verdict.accepted["woongemeente"]) == {gemeente}


@pytest.mark.parametrize("unknown", ["999999999", "000000000"])
def test_a_child_without_number_gets_no_pseudonym(unknown):
    records = cbs_records()
    records[4]["Burgerservicenummer"] = unknown
    shown = prepared_cbs(records).shown
    assert (shown.oordeel, shown.rijen_afgekeurd) == (Outcome.MET_AFKEUR, 1)
    assert ("JOS-S015", (6,)) in [(one.code, one.rijen) for one in shown.findings]


def test_known_formats_fit_their_contract():
    for form in known_formats():
        contract = CONTRACTS[form.soort]
        assert form.title
        assert form.signs <= form.headings
        assert all(target_of(target, contract) for target in form.columns.values())
        for name, codes in form.values.items():
            assert contract.by_name[name].column.kind in VALUED
            assert set(codes.values()) <= set(contract.by_name[name].column.codes.values)


def test_a_mapping_without_anything_changes_nothing():
    from jos_pipeline.intake.reading import read_table
    from jos_pipeline.mapping.known import export_words

    table = read_table(csv_bytes(raw_records("tlv")), "x.csv", export_words())
    same, hits = applied(Mapping(None, {}, {}, {}), table, CONTRACTS["tlv"])
    assert (same.headings, hits) == (table.headings, [])
    assert same.cells.equals(table.cells)
    assert replace(same, cells=table.cells) == table


def test_the_example_in_the_documentation_is_a_right_mapping():
    page = (ROOT / "docs" / "voorbereiden.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml mapping.toml\n(.*?)```", page, re.DOTALL)
    records = [{name.rstrip("?"): cell for name, cell in record.items()} for record in school_export()]
    assert codes_of(prepared(records, example + '"VW" = "vwo"\n')) == []


# --- the supplier's machine -----------------------------------------------------------------------------------------


def test_what_a_supplier_runs_needs_no_pipeline(tmp_path):
    """prepare, check and explain, in one process, do without what the single file does not bring."""
    (tmp_path / name_of("leerlingen")).write_bytes(csv_bytes(school_export()))
    (tmp_path / "sleutel").write_text(KEY.hex())
    export, delivery = name_of("leerlingen"), f"uit/{name_of('leerlingen')}"
    script = f"""
import contextlib, io, sys
class Absent:
    heavy = {{"dagster", "pandas", "numpy", "pyarrow", "great_expectations", "sqlalchemy", "apprise"}}
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.heavy:
            raise ModuleNotFoundError(f"No module named {{name!r}}")
sys.meta_path.insert(0, Absent())
from jos_pipeline.supplier import app
with contextlib.redirect_stdout(io.StringIO()):
    app(["prepare", {export!r}, "--maak-mapping", "m.toml"], exit_on_error=False, result_action="return_value")
    text = open("m.toml", encoding="utf-8").read().replace('# school =', 'school =')
    for own, code in {STUDIES!r}.items():
        text = text.replace(f'"{{own}}" = ""', f'"{{own}}" = "{{code}}"')
    open("m.toml", "w", encoding="utf-8").write(text)
    options = ["--leverancier", "19zq00", "--sleutel-bestand", "sleutel", "--mapping", "m.toml", "--uit", "uit"]
    codes = [app(["prepare", {export!r}, *options], result_action="return_value")]
    codes += [app(["check", {delivery!r}, "--leverancier", "19zq00"], result_action="return_value")]
    codes += [app(["explain", "JOS-E059"], result_action="return_value")]
print(codes)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert ran.stdout.strip() == "[0, 0, 0]", ran.stderr


def test_a_supplier_runs_the_versions_the_monitor_runs():
    pinned = [(ROOT / "requirements" / f"{name}.in").read_text().split() for name in ("leverancier", "runtime")]
    assert {line for line in pinned[0] if "==" in line} <= set(pinned[1])


def test_a_mapping_of_brackets_within_brackets_is_refused_like_any_other_that_cannot_be_read():
    with pytest.raises(MappingError) as refused:
        parse_mapping("a=" + "[" * 100_000)
    assert [one.code for one in refused.value.findings] == ["JOS-E053"]
