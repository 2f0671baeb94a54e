"""iJw messages at a gemeente: what happened becomes rows, and no number, name or birth date comes out."""

import copy
import csv
import io
import json
import os
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from jos_pipeline.feedback import feedback_html, feedback_text
from jos_pipeline.ijw.checking import official_problems, official_schemas, problems_of
from jos_pipeline.ijw.preparing import Wishes, prepare_messages
from jos_pipeline.ijw.reading import MOST_BYTES, UnreadableError, read_message
from jos_pipeline.intake.verdict import Outcome, verdict_json
from jos_pipeline.pseudonym import pseudonym
from tests.ijw_messages import asked, assigned, message, start, stop
from tests.records import lenient_region

KEY = bytes(range(32))
BSN = "111222333"
DAY = date(2023, 2, 1)
REAL = Path(os.environ.get("JOS_SHARED") or Path(__file__).parents[3] / "shared") / "data" / "ijw"
with_real = pytest.mark.skipif(not REAL.is_dir(), reason="the official XSDs and examples of iJw are not here")
GIVEN = message("JW301", assigned())


def made(*messages, schemas=None, peildatum=DAY, **wishes):
    files = [(f"bericht{number}.xml", data) for number, data in enumerate(messages)]
    told = Wishes(peildatum=peildatum, schooljaar=wishes.pop("schooljaar", "2022-2023"), **wishes)
    return prepare_messages(files, lenient_region(), "gm0361", key=KEY, wishes=told, schemas=schemas)


def rows(result, soort="jeugdhulp"):
    found = [one for one in result.deliveries if one.file_name.startswith(soort)]
    return list(csv.DictReader(io.StringIO(found[0].content.decode()), delimiter=";")) if found else []


def codes(result):
    return {(one.code, one.kolom) for verdict in result.verdicts for one in verdict.findings}


def said(result):
    told = [json.dumps(verdict_json(one)) + feedback_text(one) + feedback_html(one) for one in result.verdicts]
    return "".join(told) + repr(result) + "".join(one.content.decode() for one in result.deliveries)


def test_toewijzing_start_and_stop_become_two_deliveries_without_a_person():
    result = made(GIVEN, message("JW305", start()), message("JW307", stop()))
    assert [one.oordeel for one in result.verdicts] == [Outcome.GEACCEPTEERD] * 3, said(result)
    assert [one.file_name for one in result.deliveries] == [
        "jeugdhulp_2022-2023_2023-02-01.csv",
        "wachttijden_2022-2023_2023-02-01.csv",
    ]
    (care,), (wait,) = rows(result), rows(result, "wachttijden")
    assert care == {
        "pseudoniem": pseudonym(KEY, BSN),
        "geslacht": "V",
        "leeftijdsklasse": "12-13",
        "woongemeente": "GM0361",
        "verwijzer": "01",
        "hulpvorm": "02",
        "gestart_met_crisis": "02",
        "aanvang": "2022-12-01",
        "einde": "2023-01-05",
        "reden_beeindiging": "01",
        "aanbieder": "65656055",
    }
    assert (wait["aanmelddatum"], wait["startdatum"], wait["soort"]) == ("2022-11-01", "2022-12-01", "jeugdhulp")
    assert not [canary for canary in (BSN, "Kanarie", "2010-02-14", "1811AB") if canary in said(result)]


@pytest.mark.parametrize(
    ("reason", "cbs"),
    [("31", "01"), ("34", "02"), ("32", "03"), ("33", "04"), ("35", "05"), ("02", "05"), ("39", "01")],
)
def test_reasons_that_end_the_help(reason, cbs):
    (care,) = rows(made(GIVEN, message("JW305", start()), message("JW307", stop(reason=reason))))
    assert (care["einde"], care["reden_beeindiging"]) == ("2023-01-05", cbs)


@pytest.mark.parametrize("reason", ["20", "36", "37", "38"])
def test_reasons_that_end_nothing_lose_no_row(reason):
    result = made(GIVEN, message("JW305", start()), message("JW307", stop(reason=reason)))
    (care,) = rows(result)
    assert (care["einde"], care["reden_beeindiging"]) == ("", "")
    assert (("JOS-S032", "RedenBeeindiging") in codes(result)) is (reason == "38")
    assert not [one for one in result.verdicts if one.rijen_afgekeurd]


@pytest.mark.parametrize(
    ("category", "form"),
    list(zip(map(str, range(31, 39)), ("01", "02", "03", "04", "11", "12", "13", "14"), strict=True)),
)
def test_product_categories_that_are_a_hulpvorm(category, form):
    assert rows(made(GIVEN, message("JW305", start(category=category))))[0]["hulpvorm"] == form


def test_a_category_without_hulpvorm_is_told_and_still_waits():
    result = made(message("JW301", assigned(category="45")), message("JW305", start(category="45")))
    assert not rows(result)
    assert len(rows(result, "wachttijden")) == 1
    assert ("JOS-S031", "Categorie") in codes(result)


@pytest.mark.parametrize(("status", "left"), [("1", 1), ("2", 1), ("3", 0), ("9", 1)])
def test_a_correction_replaces_removes_or_leaves(status, left):
    correction = message("JW305", start(status=status), sent="2023-01-20")
    result = made(correction, message("JW305", start()), GIVEN)
    assert len(rows(result)) == left
    assert ("JOS-S030", "StatusAanlevering") not in codes(result)


def test_a_changed_stop_counts_whatever_the_order_of_the_files():
    changed = message("JW307", stop(end="2023-01-31", reason="32", status="2"), sent="2023-01-31")
    (care,) = rows(made(changed, message("JW307", stop()), message("JW305", start()), GIVEN))
    assert (care["einde"], care["reden_beeindiging"]) == ("2023-01-31", "03")


@pytest.mark.parametrize("status", ["2", "3", "9"])
def test_a_correction_of_nothing_is_told(status):
    assert ("JOS-S030", "StatusAanlevering") in codes(made(GIVEN, message("JW305", start(status=status))))


def test_a_stop_without_a_start_is_help_all_the_same():
    result = made(GIVEN, message("JW307", stop()))
    assert [row["aanvang"] for row in rows(result)] == ["2022-12-01"]
    assert ("JOS-S030", "Begindatum") in codes(result)


def test_a_stop_with_another_first_day_ends_the_only_start():
    result = made(GIVEN, message("JW305", start()), message("JW307", stop(begin="2022-12-02")))
    assert [(row["aanvang"], row["einde"]) for row in rows(result)] == [("2022-12-01", "2023-01-05")]
    assert ("JOS-S033", "Begindatum") in codes(result)


PAIRS = {"02": "02", "03": "36", "05": "36", "06": "39", "07": "35", "08": "36", "09": "38", "10": "36", "11": "36"}


@pytest.mark.parametrize(("change", "reason"), [*PAIRS.items(), ("12", "37")])
def test_the_stop_must_follow_the_reason_of_the_toewijzing(change, reason):
    given = message("JW301", assigned(reason=change))
    right = made(given, message("JW305", start()), message("JW307", stop(reason=reason)))
    wrong = made(given, message("JW305", start()), message("JW307", stop(reason="31")))
    assert ("JOS-S033", "RedenBeeindiging") not in codes(right)
    assert ("JOS-S033", "RedenBeeindiging") in codes(wrong)


def test_the_verzoek_says_who_referred():
    given = message("JW301", assigned(reference="R1"))
    result = made(given, message("JW305", start()), message("JW315", asked(referrer="05")))
    assert rows(result)[0]["verwijzer"] == "05"
    assert ("JOS-S034", "verwijzer") not in codes(result)


def test_without_toewijzing_and_verzoek_the_referrer_is_unknown_and_the_row_does_not_count():
    result = made(message("JW305", start()), peildatum=DAY)
    assert rows(result)[0]["verwijzer"] == ""
    assert ("JOS-S030", "ToewijzingNummer") in codes(result)
    assert result.verdicts[0].rijen_afgekeurd == 1
    assert [one.rijen for one in result.verdicts[0].findings if one.kolom == "verwijzer"] == [(13,)]


def test_a_gemeente_that_is_called_huisarts_is_told():
    result = made(GIVEN, message("JW305", start()), message("JW315", asked(referrer="01", name="Huisarts X")))
    assert ("JOS-S033", "Verwijzer") in codes(result)


@pytest.mark.parametrize(("use", "age"), [(None, "12-13"), ("1", "12-13"), ("2", ""), ("3", "")])
def test_a_birth_date_that_is_partly_unknown(use, age):
    born = "2009-06-01" if use == "2" else "2010-02-14"
    assert rows(made(GIVEN, message("JW305", start(), born=born, use=use)))[0]["leeftijdsklasse"] == age


def test_the_unknown_number_gives_no_pseudonym_and_a_wrong_one_is_told_with_its_line():
    result = made(message("JW301", assigned(), bsn="999999999"), message("JW305", start(), bsn="123456789"))
    assert rows(result, "wachttijden")[0]["pseudoniem"] == ""
    wrong = [one for one in result.verdicts[1].findings if one.code == "JOS-E050"]
    assert [(one.aantal, one.rijen) for one in wrong] == [(1, (13,))]
    assert "123456789" not in said(result)


def test_a_changed_toewijzing_waits_since_the_first_and_a_removed_one_does_not_wait():
    later = message("JW301", assigned(day="2023-01-15", reason="04"), sent="2023-01-16")
    assert [row["aanmelddatum"] for row in rows(made(GIVEN, later), "wachttijden")] == ["2022-11-01"]
    gone = message("JW301", assigned(reason="13"), assigned(2), sent="2023-01-16")
    result = made(GIVEN, gone)
    assert [row["startdatum"] for row in rows(result, "wachttijden")] == [""]
    assert ("JOS-S031", "RedenWijziging") in codes(result)


def test_school_year_and_peildatum_follow_from_the_messages():
    files = [("a.xml", GIVEN), ("b.xml", message("JW305", start(), sent="2023-01-12"))]
    result = prepare_messages(files, lenient_region(), "gm0361", key=KEY, wishes=Wishes())
    assert result.deliveries[0].file_name == "jeugdhulp_2022-2023_2023-01-12.csv"
    assert ("JOS-S014", None) in codes(result)


def test_two_gemeenten_are_no_delivery():
    result = made(GIVEN, message("JW305", start(), gemeente="0373"))
    assert ("JOS-E075", None) in codes(result)
    assert not result.deliveries


def test_one_refused_message_means_no_delivery():
    result = made(GIVEN, message("JW305", start(begin="2022-13-01")))
    assert codes(result) == {("JOS-E076", None), ("JOS-E073", "StartProduct/Begindatum")}
    assert not result.deliveries


def test_only_the_soort_that_is_wanted():
    result = made(GIVEN, message("JW305", start()), soort="wachttijden")
    assert [one.file_name.partition("_")[0] for one in result.deliveries] == ["wachttijden"]


TEXT = message("JW305", start()).decode()
BODY = TEXT.partition("?>")[2]
BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else BSN}">' for n in range(9))
HOSTILE = {
    "dtd": f"<!DOCTYPE Bericht>{BODY}".encode(),
    "bomb": f"<!DOCTYPE Bericht [{BOMB}]>{BODY.replace(BSN, '&a8;')}".encode(),
    "external": f'<!DOCTYPE B [<!ENTITY x SYSTEM "file:///etc/passwd">]>{BODY.replace(BSN, "&x;")}'.encode(),
    "deep": b"<a>" * 100_000 + BSN.encode(),
    "huge text": BODY.replace("Kanarie", "x" * 11_000_000).encode(),
    "large": b" " * (MOST_BYTES + 1),
    "utf-16": TEXT.encode("utf-16"),
    "utf-7": f'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a>{BODY}'.encode(),
    "cp1252": TEXT.replace("Kanarie", "Kanarïe").encode("cp1252"),
    "empty": b"",
    "html": b"<html><body>111222333</body></html>",
    "undefined": BODY.replace(BSN, f"&{'x' * 9}{BSN};").encode(),
    "twice": TEXT.replace("<Geslacht>", f"<Bsn>{BSN}</Bsn><Geslacht>").encode(),
    "attribute": TEXT.replace("<Client>", f'<Client bsn="{BSN}">').encode(),
    "loose text": TEXT.replace("<Client>", f"<Client>{BSN}").encode(),
    "own element": TEXT.replace("<Client>", f"<Client><x{BSN}/>").encode(),
    "wrong place": TEXT.replace(">1</StatusAanlevering>", f">{BSN}</StatusAanlevering>").encode(),
}


@pytest.mark.parametrize("data", list(HOSTILE.values()), ids=list(HOSTILE))
def test_hostile_files_are_refused_and_never_repeated(data):
    result = made(data)
    assert result.verdicts[0].refused
    assert not result.deliveries
    assert not [canary for canary in (BSN, "Kanarie", "root:") if canary in said(result)]


def test_a_message_cut_off_anywhere_is_refused():
    data = TEXT.encode()
    for length in range(len(data) - 1):
        with pytest.raises(UnreadableError) as refused:
            read_message(data[:length])
        assert BSN not in repr(refused.value) + refused.value.detail
        assert refused.value.__cause__ is None


def test_a_byte_order_mark_and_comments_do_no_harm():
    plain = message("JW305", start())
    marked = b"\xef\xbb\xbf" + plain.replace(b"<Client>", b"<Client><!-- x -->").replace(b"\n", b"\r\n")
    assert made(GIVEN, marked).deliveries == made(GIVEN, plain).deliveries


def _official():
    return official_schemas(REAL / "xsd")


@with_real
@pytest.mark.parametrize("kind", ["JW301", "JW305", "JW307", "JW315"])
def test_the_real_examples(kind):
    read = read_message((REAL / "xml" / f"{kind}.xml").read_bytes())
    lines = [one.line for one in problems_of(read)]
    assert lines == ([44, 66] if kind == "JW315" else [])
    assert sorted({one.line for one in official_problems(read, _official())}) == lines


@with_real
def test_the_real_examples_of_two_gemeenten_are_not_combined():
    result = made(*((REAL / "xml" / f"{kind}.xml").read_bytes() for kind in ("JW301", "JW305")))
    assert ("JOS-E075", None) in codes(result)
    assert "999900006" not in said(result)


@with_real
def test_our_own_messages_are_valid_and_the_official_schema_is_used():
    own = [GIVEN, message("JW305", start()), message("JW307", stop()), message("JW315", asked(name="X"))]
    assert len(made(*own, schemas=_official()).deliveries) == 2


VALUES = (
    "",
    " ",
    "x",
    "0",
    "1",
    "01",
    "99",
    "2026-02-30",
    "2026-02-28Z",
    " 2026-02-28 ",
    "-1",
    "x" * 300,
    "1.0",
    "a\nb",
)


def _mutations(root):
    """Every element dropped, doubled, emptied, moved to the end, given an attribute and each of the odd values."""
    for place in range(1, len(list(root.iter()))):
        for kind in ("drop", "double", "move", "attribute", "text", "child", *VALUES):
            changed = copy.deepcopy(root)
            element = list(changed.iter())[place]
            parent = element.getparent()
            if kind == "drop":
                parent.remove(element)
            elif kind == "double":
                element.addnext(copy.deepcopy(element))
            elif kind == "move":
                parent.append(element)
            elif kind == "attribute":
                element.set("x", "1")
            elif kind == "text":
                element.tail = "tekst"
            elif kind == "child":
                element.append(etree.Element("{urn:x}x"))
            elif len(element) == 0:
                element.text = kind
            else:
                continue
            yield f"{kind!r} at {element.tag}", changed


@with_real
@pytest.mark.parametrize("kind", ["JW301", "JW305", "JW307", "JW315"])
def test_our_description_and_the_official_schema_agree(kind):
    read = read_message((REAL / "xml" / f"{kind}.xml").read_bytes().replace(b"2027-06-31", b"2027-06-30"))
    schemas = _official()
    count = 0
    for what, root in _mutations(read.root):
        changed = type(read)(read.kind, root)
        assert bool(problems_of(changed)) == bool(official_problems(changed, schemas)), what
        count += 1
    assert count > 300
