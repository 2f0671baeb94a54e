"""The inbox as suppliers leave it: nested, linked, copied, with clocks that are wrong."""

import hashlib
import os
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from assets.intake import new_files, waiting
from jos_pipeline.region import load_region
from resources.inbox import NO_FOLDER, Inbox, InboxFile, LocalFolder

NAME = "trajecten_2022-2023_2023-02-01.csv"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inbox" / "groeimee").mkdir(parents=True)
    return tmp_path / "inbox" / "groeimee"


def inbox_of(folder):
    return Inbox(LocalFolder(folder.parent))


REGION = load_region()


def ledger(*rows):
    """Of each file: supplier, name, size, time stamp, hash, verdict and yardstick."""
    names = ["leverancier", "bestand", "grootte", "gewijzigd_op", "sha256", "oordeel", "getoetst_aan"]
    known = pd.DataFrame(rows, columns=names)
    return known.assign(id=range(1, len(known) + 1), soort="trajecten", schooljaar="2022-2023")


def test_a_file_belongs_to_the_folder_directly_below_the_inbox(folder):
    (folder / "2023").mkdir()
    (folder / "2023" / NAME).write_bytes(b"x")
    (folder.parent / "los.csv").write_bytes(b"x")
    found = [(file.leverancier, file.name, file.readable) for file in inbox_of(folder).files()]
    assert found == [(NO_FOLDER, "los.csv", True), ("groeimee", NAME, True)]


def test_links_and_pipes_are_told_but_never_followed_and_hold_up_nobody(folder):
    (folder.parent / "gm0361").mkdir()
    (folder.parent / "gm0361" / "van-een-ander.csv").write_bytes(b"geheim")
    (folder / "goed.csv").write_bytes(b"x")
    (folder / "dood.csv").symlink_to("/bestaat/niet")
    (folder / "lus.csv").symlink_to("lus.csv")
    (folder / "buren").symlink_to(folder.parent / "gm0361")
    os.mkfifo(folder / "pijp.csv")
    inbox = inbox_of(folder)
    mine = [file for file in inbox.files() if file.leverancier == "groeimee"]
    assert {file.name: file.readable for file in mine} == {
        "buren": False,
        "dood.csv": False,
        "goed.csv": True,
        "lus.csv": False,
        "pijp.csv": False,
    }
    found = new_files(inbox, mine, ledger(), REGION)
    assert {file.name for file in found} == {file.name for file in mine}, "each is told once"
    assert [file.name for file in found if file.readable] == ["goed.csv"]


def test_the_folder_of_a_supplier_may_be_a_link(folder, tmp_path):
    (tmp_path / "sftp").mkdir()
    (tmp_path / "sftp" / NAME).write_bytes(b"x")
    (folder.parent / "gm0361").symlink_to(tmp_path / "sftp")
    assert [(file.leverancier, file.readable) for file in inbox_of(folder).files()] == [("gm0361", True)]


def test_a_copy_under_the_same_name_is_not_new_whatever_its_time_stamp(folder):
    (folder / NAME).write_bytes(b"inhoud")
    os.utime(folder / NAME, (1e9, 1e9))
    (folder / "archief").mkdir()
    (folder / "archief" / NAME).write_bytes(b"inhoud")
    known = ("groeimee", NAME, 6, datetime.fromtimestamp(1e9, UTC))
    same, other = hashlib.sha256(b"inhoud").hexdigest(), "0" * 64
    inbox = inbox_of(folder)
    accepted = ("geaccepteerd", None)
    assert new_files(inbox, inbox.files(), ledger((*known, same, *accepted)), REGION) == []
    assert len(new_files(inbox, inbox.files(), ledger((*known, other, *accepted)), REGION)) == 1


REFUSED_ON = datetime(2023, 2, 3, 10, tzinfo=UTC)
SHA256 = hashlib.sha256(b"inhoud").hexdigest()


def refused(yardstick, name=NAME):
    return ("groeimee", name, 6, REFUSED_ON, SHA256, "afgekeurd", yardstick)


@pytest.mark.parametrize(
    ("hours", "yardstick", "after", "judged"),
    [
        pytest.param(0, REGION.yardstick("groeimee"), [], False, id="nothing changed"),
        pytest.param(1, REGION.yardstick("groeimee"), [], True, id="touched"),
        pytest.param(-1, REGION.yardstick("groeimee"), [], False, id="an older copy"),
        pytest.param(0, "0" * 64, [], True, id="another region"),
        pytest.param(0, None, [], True, id="of before yardsticks"),
        pytest.param(0, "0" * 64, ["b.csv"], False, id="another region, but something better came"),
        pytest.param(1, "0" * 64, ["b.csv"], True, id="touched, though something better came"),
    ],
)
def test_a_refused_file_is_judged_again_when_what_refused_it_may_have_changed(folder, hours, yardstick, after, judged):
    (folder / NAME).write_bytes(b"inhoud")
    stamp = (REFUSED_ON + timedelta(hours=hours)).timestamp()
    os.utime(folder / NAME, (stamp, stamp))
    better = [("groeimee", name, 6, REFUSED_ON, "1" * 64, "geaccepteerd", None) for name in after]
    inbox = inbox_of(folder)
    assert bool(new_files(inbox, inbox.files(), ledger(refused(yardstick), *better), REGION)) is judged


def test_refused_bytes_that_were_accepted_under_another_name_are_settled(folder):
    (folder / NAME).write_bytes(b"inhoud")
    accepted = ("groeimee", "goed.csv", 6, REFUSED_ON, SHA256, "geaccepteerd", None)
    inbox = inbox_of(folder)
    assert new_files(inbox, inbox.files(), ledger(refused("0" * 64), accepted), REGION) == []


def test_two_copies_of_a_refused_file_do_not_keep_each_other_new(folder):
    """The newest stands for both, however often somebody looks."""
    (folder / "archief").mkdir()
    for place, hours in ((folder / NAME, 0), (folder / "archief" / NAME, 5)):
        place.write_bytes(b"inhoud")
        stamp = (REFUSED_ON + timedelta(hours=hours)).timestamp()
        os.utime(place, (stamp, stamp))
    inbox = inbox_of(folder)
    row = refused(REGION.yardstick("groeimee"))
    (newer,) = new_files(inbox, inbox.files(), ledger(row), REGION)
    seen = (*row[:3], newer.modified, *row[4:])
    assert new_files(inbox, inbox.files(), ledger(seen), REGION) == []


def test_the_yardstick_is_what_the_gate_asks_of_the_region_for_a_supplier():
    """What changes no verdict, changes no yardstick: every open refusal would be judged again for nothing."""
    school = REGION.scholen[0].model_copy(update={"geldig_tot": date(2020, 8, 1)})
    another = REGION.model_copy(update={"scholen": (school, *REGION.scholen[1:])})
    groeimee = REGION.suppliers["groeimee"]
    more = groeimee.model_copy(update={"levert": (*groeimee.levert, "tlv")})
    agreed = REGION.model_copy(
        update={"leveranciers": tuple(more if one is groeimee else one for one in REGION.leveranciers)}
    )
    calendar = REGION.model_copy(update={"stil_na_dagen": 31, "drempel": REGION.drempel + 1})
    mine, others, unknown = (
        [region.yardstick(who) for region in (REGION, another, agreed, calendar)]
        for who in ("groeimee", "gm0361", "nieuw")
    )
    assert [one == mine[0] for one in mine] == [True, False, False, True]
    assert [one == others[0] for one in others] == [True, False, True, True]
    assert unknown[0] == unknown[2] != mine[0]


def test_a_file_that_was_taken_away_after_it_was_listed_holds_up_nobody(folder):
    (folder / "export.csv").write_bytes(b"a;b\n1;2\n")
    (folder / "weg.csv").write_bytes(b"a;b\n1;2\n")
    inbox = inbox_of(folder)
    files = inbox.files()
    (folder / "weg.csv").unlink()
    assert [found.file.name for found in waiting(inbox, files, load_region())] == ["export.csv"]


def test_what_rows_refer_to_is_judged_first_and_else_the_oldest(folder):
    names = ("activiteiten", "tlv", "trajecten", "export")
    for age, soort in enumerate(names):
        file = folder / (f"{soort}_2022-2023_2023-02-01.csv" if soort != "export" else "export.csv")
        file.write_bytes(soort.encode())
        os.utime(file, (1e9 + age, 1e9 + age))
    inbox = inbox_of(folder)
    found = waiting(inbox, new_files(inbox, inbox.files(), ledger(), REGION), REGION)
    assert [one.soort for one in found] == ["tlv", "trajecten", None, "activiteiten"]


def test_a_time_stamp_in_the_future_does_not_keep_a_file_waiting_for_years():
    now = datetime(2023, 2, 1, tzinfo=UTC)
    file = InboxFile("groeimee", NAME, "/x", 1, now, now + timedelta(days=2000))
    assert file.is_stable(now, seconds=5)


def test_a_folder_with_a_number_of_a_person_is_named_as_the_ledger_names_it(folder):
    (folder.parent / "999990019 klas").mkdir()
    (folder.parent / "999990019 klas" / NAME).write_bytes(b"x")
    assert [file.leverancier for file in inbox_of(folder).files()] == ["######### klas"]
