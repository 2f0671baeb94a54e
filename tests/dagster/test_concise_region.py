"""A region that publishes fewer breakdowns: exactly these rows go out, and everything that is made of them says so."""

from assets.indicatoren import CUBE
from assets.indicatoren import GROUP as INDICATORS
from assets.publicatie import GROUP
from jos_pipeline.areas import Level
from jos_pipeline.concise import Depth, concise_text, going_out
from jos_pipeline.counted import COUNTED
from jos_pipeline.earlier import KEYS
from jos_pipeline.export.content import contents
from jos_pipeline.export.guide import guide_text
from jos_pipeline.publication import content_hash, current
from jos_pipeline.publishing import PublishOutcome, outcome_text
from jos_pipeline.region import load_region
from jos_pipeline.report.html import files
from resources.published import report_on
from tests.dagster.conftest import PEILDATUM, YEAR, installed
from tests.small_region import region_of

TO = Depth("school", "samenwerkingsverband")
NO_SCHOOLS = Depth("gemeente", "gemeente")
SAYS = "Deze publicatie is beknopt."


def test_only_the_chosen_breakdowns_go_out_and_all_that_is_made_of_them_says_so(with_figures, tmp_path):
    regio = region_of(tmp_path / "regio", TO)
    with installed(with_figures.settings.home, regio=regio) as installation:
        installation.publish()
        lake, store = installation.lake, installation.store
        cube, (whole, out) = lake.read_layer(INDICATORS, CUBE, YEAR), store.brought_out(YEAR)
        safe = lake.read_layer(GROUP, "beveiligd", YEAR)
        assert safe.select(KEYS).equals(going_out(cube, TO).select(KEYS))
        assert content_hash(safe) == out.sha256 != whole.sha256
        rows = installation.published()
        assert len(rows) == safe.height < cube.height
        broken = rows[rows["uitsplitsing"] != "totaal"]
        assert set(broken["niveau"]) == {"regio", "samenwerkingsverband"}
        assert set(rows["niveau"]) == {"regio", "samenwerkingsverband", "gemeente", "school"}
        report = lake.read_report(GROUP, "beveiligd", YEAR)
        assert (report["te_herleiden"], report["cijfers_tot"]) == (0, "school")
        assert report["uitsplitsingen_tot"] == "samenwerkingsverband"
        assert report["eerdere_publicaties"] == 1, "tied to what is out, which had every breakdown"
        assert lake.read_under(COUNTED, YEAR, out.sha256).height == safe.height

        region = load_region(regio)
        model = report_on(store, region, out.id)
        assert len(files(model)) >= len(model.pages)
        assert SAYS in str(model.page("index").sections)
        for place, totals in ((Level.SCHOOL, True), (Level.GEMEENTE, True), (Level.SAMENWERKINGSVERBAND, False)):
            pages = [page for page in model.pages if page.kind.value == place.value]
            assert pages
            assert all(("alleen totalen" in page.lead) == totals for page in pages)
            assert any(one.breakdowns for page in pages for one in page.figures) != totals
        silent = [str(section) for page in model.pages for section in page.sections if section.id == "niet-te-zien"]
        assert silent
        assert not any("'cijfer'" in text for text in silent), "what is not there has no status of what is"
        package = contents(region, store.copy_of(out.id))
        assert SAYS in guide_text(package, ())
        assert SAYS not in guide_text(contents(region, store.copy_of(whole.id)), ())
        told = outcome_text(PublishOutcome(YEAR, PEILDATUM, out, nieuw=True, huidig=out, beknopt_tot=TO))
        assert concise_text(TO) in told


def test_once_concise_it_stays_so_for_the_school_year(with_figures, tmp_path):
    with installed(with_figures.settings.home, regio=region_of(tmp_path / "beknopt", TO)) as installation:
        installation.publish()
        concise = current(installation.store.brought_out(YEAR))
    with installed(with_figures.settings.home, regio=region_of(tmp_path / "alles", Depth())) as installation:
        installation.publish()
        assert current(installation.store.brought_out(YEAR)).sha256 == concise.sha256
        report = installation.lake.read_report(GROUP, "beveiligd", YEAR)
        assert report["uitsplitsingen_tot"] == "samenwerkingsverband"


def test_without_figures_of_schools_none_is_in_a_table_or_on_a_page(with_figures, tmp_path):
    regio = region_of(tmp_path / "regio", NO_SCHOOLS)
    with installed(with_figures.settings.home, regio=regio) as installation:
        installation.publish()
        store, out = installation.store, current(installation.store.brought_out(YEAR))
        rows = installation.published()
        assert set(rows["niveau"]) == {"regio", "samenwerkingsverband", "gemeente"}
        assert set(rows[rows["uitsplitsing"] != "totaal"]["niveau"]) == set(rows["niveau"])
        assert (rows["waarde_status"] == "ok").any()
        report = installation.lake.read_report(GROUP, "beveiligd", YEAR)
        assert (report["te_herleiden"], report["cijfers_tot"]) == (0, "gemeente")

        region = load_region(regio)
        model = report_on(store, region, out.id)
        assert not [page.name for page in model.pages if page.kind.value == "school"]
        pages = files(model)
        assert not [name for name in pages if name.startswith("school-")]
        assert "Zoek een cijfer, gemeente<" in pages["index.html"].decode()
        index = str(model.page("index").sections)
        assert "Over scholen staan er geen cijfers." in index
        assert "Kies een school" not in index
        assert "alleen totalen" not in " ".join(page.lead for page in model.pages)
        assert "Over scholen staan er geen cijfers." in guide_text(contents(region, store.copy_of(out.id)), ())
