"""Metadata as links: where pages are read at an address, every way to a page is one that a browser can open."""

import re
from collections.abc import Iterator

import dagster as dg
import pytest

from jos_pipeline.settings import Settings
from tests.dagster.conftest import TRAJECTEN, YEAR, installed
from tests.records import delivery

ADDRESSES = {
    "site_adres": "https://monitor.example.nl/rapport",
    "rapport_adres": "https://huis.example.nl",
    "terugkoppeling_adres": "https://huis.example.nl/terug",
    "handleiding": "https://huis.example.nl/handleiding.html",
}


@pytest.fixture
def linked(tmp_path) -> Iterator[tuple[Settings, list[tuple[str, dg.MetadataValue]]]]:
    """All that is told of a file that is taken in, one that is refused, the figures and the report."""
    with installed(tmp_path / "home", **ADDRESSES) as made:
        made.drop("groeimee", TRAJECTEN, delivery("trajecten"))
        made.drop("vo2703", f"tlv_{YEAR}_2023-02-15.csv", b"%PDF-1.7")
        ran = [made.run()]
        ran.append(made.defs.resolve_job_def("rapport").execute_in_process(partition_key=YEAR, instance=made.instance))
        told = []
        for run in ran:
            events = [one.step_materialization_data.materialization for one in run.get_asset_materialization_events()]
            events += [one.asset_observation_data.asset_observation for one in run.get_asset_observation_events()]
            told += [pair for one in (*events, *run.get_asset_check_evaluations()) for pair in one.metadata.items()]
        yield made.settings, told


def test_every_way_to_a_page_is_a_link_and_every_link_leads_to_a_page(linked):
    settings, told = linked
    pages = settings.report_path
    directories = {
        ADDRESSES["site_adres"]: settings.site_path,
        ADDRESSES["terugkoppeling_adres"]: pages / "terugkoppeling",
        ADDRESSES["rapport_adres"]: pages,
    }
    assert [name for name, value in told if isinstance(value, dg.PathMetadataValue)] == []
    links = [(name, value.value) for name, value in told if isinstance(value, dg.UrlMetadataValue)]
    fed_back = [value for name, value in told if name == "terugkoppeling"]
    texts = [value.value for value in fed_back if isinstance(value, dg.MarkdownMetadataValue)]
    links += [("terugkoppeling", link) for text in texts for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert len(texts) == 1
    assert {name for name, _ in links} == {"pagina", "terugkoppeling", "datadocs", "uitleg"}
    for name, link in links:
        if name == "uitleg":
            assert link.startswith(f"{ADDRESSES['handleiding']}#jos-s05")
            continue
        address = next(one for one in directories if link.startswith(f"{one}/"))
        page, _, anchor = link.removeprefix(f"{address}/").partition("#")
        text = (directories[address] / page).read_text(encoding="utf-8")
        assert f'id="{anchor}"' in text if anchor else text
