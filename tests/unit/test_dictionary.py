"""The data dictionary in the documentation is the one that schemas and catalogue give."""

import re
from pathlib import Path

from jos_pipeline.dictionary import dictionary_page
from jos_pipeline.dpia import dpia_page
from jos_pipeline.indicators.catalogue import INDICATORS
from schemas.contracts import CONTRACTS
from schemas.warehouse import metadata

PAGE = Path(__file__).parents[2] / "docs" / "woordenboek.md"


def test_the_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == dictionary_page(), "write it anew with: make docs"


def test_the_annex_to_the_dpia_is_up_to_date_and_names_every_column_of_every_delivery():
    page = PAGE.with_name("dpia.md").read_text(encoding="utf-8")
    assert page == dpia_page(), "write it anew with: make docs"
    for contract in CONTRACTS.values():
        section = page.split(f"(`{contract.soort}`)\n", 1)[1].split("\n### ", 1)[0]
        assert all(re.search(rf"[:,] {field.name}\b", section) for field in contract.fields), contract.soort


def test_every_table_column_indicator_and_category_is_on_it():
    page = dictionary_page()
    for table in metadata.tables.values():
        section = page.split(f"### `{table.name}`\n", 1)[1].split("\n### ", 1)[0]
        assert all(f"| `{column.name}` |" in section for column in table.columns), table.name
    for entry in INDICATORS.values():
        assert f"- code `{entry.id}`, versie {entry.versie};" in page
        assert entry.definitie in page
        assert all(f"| `{code}` |" in page for split in entry.uitsplitsingen for code in split.categories)
