"""A file or directory that cannot be used is one line in Dutch, with its path and what to do (spec 4.1)."""

import sys
from pathlib import Path

import pytest

from jos_pipeline.cli import main
from jos_pipeline.unusable_path import CHOSEN_WITH, unusable_path


@pytest.mark.parametrize("path", ["bestand", "bestand/x"])
@pytest.mark.parametrize(("command", "option"), [("sjabloon", "--uit"), ("explain", "--html")])
def test_a_file_where_a_directory_must_be_is_a_usage_error(jos, tmp_path, command, option, path):
    (tmp_path / "bestand").write_text("van mij", encoding="utf-8")
    code, _, told = jos(command, option, path)
    assert (code, told.count("\n")) == (2, 1)
    assert told.startswith(f"jos: {path} kan geen map zijn: op dat pad staat een bestand. ")
    assert told.endswith(f"kies een andere map met {option}\n")


def test_a_home_that_is_a_file_is_a_wrong_setting(jos, tmp_path):
    (tmp_path / ".jos").write_text("van mij", encoding="utf-8")
    code, _, told = jos("status")
    assert code == 2
    assert told.endswith("kies een andere map met JOS_HOME\n")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError, "geen toegang tot"),
        (FileNotFoundError, "is er niet en is daar niet te maken"),
    ],
)
def test_where_nothing_can_be_written_is_a_failure_with_advice(jos, monkeypatch, error, says):
    def refused(path, *_arguments, **_more):
        raise error(13, "in English", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    code, _, told = jos("sjabloon", "--uit", "map 111222333")
    assert (code, told.count("\n")) == (3, 1)
    assert says in told
    assert "map #########" in told
    assert "kies een andere map met --uit" in told
    assert "English" not in told


def test_a_file_that_is_open_in_excel_is_to_be_closed():
    assert "Sluit het bestand in Excel" in str(unusable_path(PermissionError(13, "", "map/x.xlsx"), ["check"]))
    assert "Excel" not in str(unusable_path(PermissionError(13, "", ".jos"), ["status"]))
    assert "hier hoort een bestand" in str(unusable_path(IsADirectoryError(21, "", "map"), ["check"]))


def test_a_path_stays_on_one_line_and_an_error_without_a_path_is_not_ours():
    assert "\n" not in str(unusable_path(PermissionError(13, "", b"a\nb.csv"), ["check"]))
    assert unusable_path(PermissionError(1, "Operation not permitted"), ["run"]) is None
    assert unusable_path(ConnectionRefusedError(111, "", "adres"), ["run"]) is None
    assert unusable_path(ValueError("x"), ["run"]) is None


@pytest.mark.parametrize("command", CHOSEN_WITH)
def test_the_option_that_is_named_is_one_of_the_command(jos, capsys, monkeypatch, command):
    monkeypatch.setattr(sys, "argv", ["jos", command, "--help"])
    with pytest.raises(SystemExit):
        main()
    options = [word for word in CHOSEN_WITH[command].split() if word.startswith("--")]
    assert all(option in capsys.readouterr().out for option in options)
