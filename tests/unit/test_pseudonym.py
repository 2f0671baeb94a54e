"""Numbers, pseudonyms and keys: public test vectors, and what must fail closed."""

import hashlib
import hmac

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.pseudonym import (
    NumberKind,
    UnusableKeyError,
    canonical_number,
    classify,
    elfproef,
    is_guessable,
    is_person_number,
    pseudonym,
    read_key,
    second_hash,
    with_leerling_id,
)

KEY = bytes(range(32))


@pytest.mark.parametrize("number", ["123456782", "111222333", "012345672"])
def test_numbers_that_pass_the_elfproef(number):
    assert elfproef(number)


@pytest.mark.parametrize("number", ["123456789", "000000000", "999999999", "12345678", "1234567820", "12345678a", ""])
def test_numbers_that_do_not(number):
    assert not elfproef(number)


@given(st.integers(1, 999_999_999))
@settings(deadline=None, max_examples=150)
def test_elfproef_is_the_weighted_sum(value):
    digits = f"{value:09d}"
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    assert elfproef(digits) == (total % 11 == 0)


@pytest.mark.parametrize(("number", "valid"), [("100310303", True), ("100729533", True), ("100310304", False)])
def test_onderwijsnummer_has_remainder_five(number, valid):
    """Test numbers of the public TOP description of the elfproef."""
    assert is_person_number(number) is valid
    assert not elfproef(number)


@pytest.mark.parametrize(
    "cell",
    ["123456782", "1234.56.782", "123 456 782", "123-456-782", " 123456782 ", "123456782.0", "123456782,0",
     "123456782.00", "\u00a0123456782", "123\u200b456782", "１２３４５６７８２"],
)  # fmt: skip
def test_spellings_of_one_number(cell):
    assert canonical_number(cell) == "123456782"


def test_a_lost_leading_zero_is_padded():
    assert canonical_number("12345672") == "012345672"
    assert canonical_number("12345672.0") == "012345672"


@pytest.mark.parametrize("cell", ["", "abc", "1234567", "1234567820", "12345678x", "123456782.5", "-"])
def test_what_is_no_number(cell):
    assert canonical_number(cell) is None


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("123456782", NumberKind.VALID),
        ("100310303", NumberKind.VALID),
        ("999999999", NumberKind.UNKNOWN),
        ("999999999.0", NumberKind.UNKNOWN),
        ("000000000", NumberKind.UNKNOWN),
        ("0", NumberKind.UNKNOWN),
        ("", NumberKind.UNKNOWN),
        (None, NumberKind.UNKNOWN),
        ("123456789", NumberKind.INVALID),
        ("leerling 12", NumberKind.INVALID),
    ],
)
def test_classification(cell, kind):
    found, number = classify(cell)
    assert found is kind
    assert (number is not None) == (kind is NumberKind.VALID)


def test_pseudonym_is_the_promised_hmac():
    """Spec 1.1, computed the long way, and frozen so that no release can change it."""
    expected = hmac.new(KEY, b"jos/pseudoniem/1/123456782", hashlib.sha256).hexdigest()
    assert pseudonym(KEY, "123456782") == expected == FROZEN_PSEUDONYM
    assert second_hash(KEY, expected) == FROZEN_LEERLING_ID
    with pytest.raises(ValueError, match="nine digits"):
        pseudonym(KEY, "12345672")


def test_leerling_id_takes_the_place_of_the_pseudonym():
    frame = pl.DataFrame({"a": [1, 2, 3], "pseudoniem": ["f" * 64, None, "f" * 64], "b": [1, 2, 3]})
    result = with_leerling_id(frame, KEY)
    assert result.columns == ["a", "leerling_id", "b"]
    assert result["leerling_id"].to_list() == [second_hash(KEY, "f" * 64), None, second_hash(KEY, "f" * 64)]


def test_frames_without_pseudonym_or_rows_are_left_alone():
    frame = pl.DataFrame({"a": [1]})
    assert with_leerling_id(frame, KEY) is frame
    empty = pl.DataFrame(schema={"pseudoniem": pl.String})
    assert with_leerling_id(empty, KEY).schema == {"leerling_id": pl.String}


def test_a_key_is_read_from_hex():
    assert read_key(f" {KEY.hex().upper()}\n") == KEY


@pytest.mark.parametrize(
    "text",
    ["", "  \n", "abc", "geheim" * 12, bytes(range(31)).hex()],
)
def test_an_unusable_key_fails_closed_and_stays_unseen(text):
    with pytest.raises(UnusableKeyError) as caught:
        read_key(text)
    assert not text.strip() or text.strip() not in str(caught.value)
    assert caught.value.__cause__ is None


FROZEN_PSEUDONYM = "58c16cd4ae563b50caf822e07b72d87eab8567f8758d331e9f224c0b516738bb"
FROZEN_LEERLING_ID = "199b8dc11530f3ecb2842b849f8d44abed9c5edb550dad88d70e8fcd2dd26f89"


def test_a_key_of_one_repeated_byte_works_and_is_known_to_be_guessable():
    assert is_guessable(read_key("ab" * 32))
    assert not is_guessable(read_key(bytes(range(32)).hex()))
