"""The Dagster UI on the finished demo, driven as a data engineer does."""

import os
import re
import shutil
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.finished_demo import ROOT
from tests.webserver import free_port, reading_room, webserver


@pytest.fixture(scope="module")
def address(finished_demo) -> Iterator[str]:
    """A webserver on the demo's instance, on a free port of the loopback."""
    with webserver(finished_demo.directory, finished_demo.home / "dagster") as url:
        yield url


def test_the_grid_shows_which_school_delivered(page: Page, address):
    page.set_viewport_size({"width": 1500, "height": 900})
    page.goto(f"{address}/assets/bronnen/leerlingen?view=partitions")
    expect(page.get_by_text("19zq00").first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Materialized (10)").first).to_be_visible(timeout=90_000)


def test_the_graph_shows_the_layers(page: Page, address):
    page.set_viewport_size({"width": 1800, "height": 1000})
    page.goto(f"{address}/asset-groups")
    for group in ("bronnen", "gevalideerd", "gekoppeld", "indicatoren", "publicatie", "rapportage"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible(timeout=90_000)


def test_a_check_tells_in_dutch_and_english_what_it_guards(page: Page, address):
    page.set_viewport_size({"width": 1500, "height": 900})
    page.goto(f"{address}/assets/publicatie/beveiligd?view=checks")
    expect(page.get_by_text("geen_kleine_aantallen").first).to_be_visible(timeout=90_000)
    page.get_by_text("geen_kleine_aantallen").first.click()
    expect(page.get_by_text("Geen zichtbaar cijfer rust op te weinig leerlingen")).to_be_visible(timeout=90_000)


def test_a_run_is_found_by_its_supplier_and_leads_to_checks_and_figures(page: Page, address):
    page.set_viewport_size({"width": 1700, "height": 1300})
    page.set_default_timeout(30_000)
    page.goto(f"{address}/runs")
    page.get_by_text("View all tags").first.click()
    expect(page.get_by_text("levering/groeimee").first).to_be_visible(timeout=90_000)
    page.goto(f"{address}/assets/bronnen/leveringen?view=checks")
    expect(page.get_by_text("Elke afgesproken levering van dit schooljaar is er")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("docs/runbook.md#jos-s050")).to_be_visible(timeout=90_000)
    page.goto(f"{address}/assets/publicatie/monitor_indicator?view=events")
    expect(page.get_by_text("Leerlingen met JOS", exact=True)).to_be_visible(timeout=90_000)
    page.get_by_text("Show Markdown").click()
    picture = page.get_by_role("img", name="Cijfers per niveau")
    expect(picture).to_be_visible(timeout=90_000)
    assert picture.evaluate("image => image.naturalWidth") == 640


@pytest.fixture
def read(finished_demo) -> Iterator[dict[str, str]]:
    """The pages of the demo, as `make dev` serves them."""
    with reading_room(finished_demo.directory, finished_demo.addresses):
        yield finished_demo.addresses


def opened(page: Page, link: str, of: str) -> Page:
    """The page that a link of the UI opens, in a window of its own."""
    expect(page.get_by_role("link", name=link).first).to_be_visible(timeout=90_000)
    with page.context.expect_page() as other:
        page.get_by_role("link", name=link).first.click()
    other.value.wait_for_load_state()
    assert other.value.url.startswith(of)
    return other.value


def test_a_click_opens_report_overview_runbook_and_feedback(page: Page, address, read):
    page.set_viewport_size({"width": 1700, "height": 1300})
    page.set_default_timeout(30_000)
    page.goto(f"{address}/assets/rapportage/rapport?view=events")
    report = opened(page, f"{read['JOS_SITE_ADRES']}/2022-2023/index.html", read["JOS_SITE_ADRES"])
    expect(report.get_by_role("heading", level=1)).to_contain_text("schooljaar 2022-2023")
    pdf = report.locator("a[href$='.pdf']").first
    assert pdf.evaluate("link => fetch(link.href).then(got => got.headers.get('content-type'))") == "application/pdf"
    page.goto(f"{address}/assets/rapportage/overzicht?view=events")
    overview = opened(page, "overzicht_2022-2023.html", read["JOS_RAPPORT_ADRES"])
    expect(overview.get_by_role("heading", name="Wat is geweigerd")).to_be_visible()
    page.goto(f"{address}/assets/bronnen/leveringen?view=checks")
    runbook = opened(page, "#jos-s050", read["JOS_HANDLEIDING"])
    expect(runbook.get_by_role("heading", name="JOS-S050 Een levering is te laat")).to_be_in_viewport()
    page.goto(f"{address}/assets/bronnen/leveringen?view=events")
    page.get_by_text("Show Markdown").first.click()
    page.get_by_role("link", name="groeimee").click()
    page.wait_for_url(f"{read['JOS_TERUGKOPPELING_ADRES']}/groeimee/index.html")
    page.get_by_role("link", name="Terugkoppeling op").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/terugkoppeling.html")


def test_the_report_that_the_demo_ends_with_is_shown_as_made(page: Page, address):
    page.set_viewport_size({"width": 1700, "height": 1300})
    page.goto(f"{address}/assets/rapportage/rapport?view=events")
    expect(page.get_by_text("eerdere_publicatie")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("2022-2023/2023-02-01/1").first).to_be_visible()
    page.goto(f"{address}/assets/rapportage/rapport?view=partitions")
    expect(page.get_by_text("Materialized (1)").first).to_be_visible(timeout=90_000)


PASSWORD = "een lang wachtwoord"
OF_ITSELF = ssl._create_unverified_context()
"""The proxy of the test signs its own certificate."""


@pytest.fixture(scope="module")
def login(address: str, finished_demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The proxy of ``deploy/proxy`` in front of that webserver, as it stands there but for what is behind it."""
    if (caddy := shutil.which("caddy")) is None:
        pytest.skip("no Caddy on this machine")
    directory = tmp_path_factory.mktemp("proxy")
    site = (ROOT / "deploy" / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    site = site.replace("webserver:3000", address.removeprefix("http://"))
    site = site.replace("root * /site", f"root * {finished_demo.home / 'rapport' / 'monitor'}")
    version = re.search(r"(\d+)\.(\d+)", subprocess.check_output([caddy, "version"], text=True))
    if tuple(map(int, version.groups())) < (2, 8):
        site = site.replace("basic_auth", "basicauth")  # Debian's is older than this name
    quiet = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"
    (directory / "Caddyfile").write_text(quiet + site, encoding="utf-8")
    hashed = subprocess.check_output([caddy, "hash-password", "--plaintext", PASSWORD], text=True).strip()
    url = f"https://localhost:{free_port()}"
    own = {"JOS_DOMEIN": url, "JOS_LOGIN": "beheer", "JOS_LOGIN_HASH": hashed}
    own |= {name: str(directory) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    proxy = subprocess.Popen(
        [caddy, "run", "--config", str(directory / "Caddyfile"), "--adapter", "caddyfile"],
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(120):
            if asked(url, login=False) is not None:
                break
            time.sleep(0.25)
        yield url
    finally:
        proxy.kill()
        proxy.wait(timeout=30)


@pytest.fixture
def inside(browser: Browser) -> Iterator[Page]:
    """A page of somebody who has the login."""
    known = {"username": "beheer", "password": PASSWORD}
    context = browser.new_context(http_credentials=known, ignore_https_errors=True)
    yield context.new_page()
    context.close()


def asked(url: str, *, login: bool, password: str = PASSWORD, **headers: str) -> int | None:
    """The status of the answer; None when nobody answers."""
    return (answered(url, login=login, password=password, **headers) or (None,))[0]


def answered(url: str, *, login: bool, password: str = PASSWORD, **headers: str) -> tuple[int, bytes] | None:
    known = urllib.request.HTTPPasswordMgrWithPriorAuth()
    known.add_password(None, url, "beheer", password, is_authenticated=login)
    request = urllib.request.Request(url, headers=headers)
    handlers = [urllib.request.HTTPSHandler(context=OF_ITSELF)]
    handlers += [urllib.request.HTTPBasicAuthHandler(known)] if login else []
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()
    except OSError:
        return None


def test_behind_the_proxy_nobody_comes_in_without_the_login(login: str):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    for path in ("/", "/graphql", "/server_info", "/report_asset_materialization/x"):
        assert asked(login + path, login=False) == 401
    assert asked(f"{login}/graphql", login=False, **upgrade, **{"Sec-WebSocket-Key": "MTIzNDU2Nzg5MDEyMzQ1Ng=="}) == 401
    assert asked(f"{login}/server_info", login=True, password="een ander wachtwoord") == 401
    assert asked(f"{login}/server_info", login=True) == 200


def test_behind_the_login_lies_the_report_and_nothing_that_lies_beside_it(inside: Page, login: str):
    start = f"{login}/rapport/2022-2023/index.html"
    assert [asked(start, login=False), asked(start, login=True)] == [401, 200]
    beside = ("", "2022-2023/../", "terugkoppeling/groeimee/index.html", "overzicht_2022-2023.html")
    up = ("..", "%2e%2e", "..%2f", "2022-2023/..%2f..", "2022-2023/%2e%2e/%2e%2e")
    beside += tuple(f"{way}/{page}" for way in up for page in ("overzicht_2022-2023.html", "../warehouse.db"))
    for one in beside:  # a path that leaves that of the report is one of the UI, which has a page for every path
        status, text = answered(f"{login}/rapport/{one}", login=True)
        assert status in (400, 404) or b'"nextExport":true' in text, one
    inside.goto(start)
    inside.get_by_role("link", name="Wat ontbreekt").first.click()
    expect(inside.get_by_role("heading", level=1)).to_contain_text("ontbreekt")


def test_with_the_login_the_ui_works_as_ever(inside: Page, login: str):
    live = []
    inside.on("websocket", lambda opened: opened.on("framereceived", lambda frame: live.append(len(frame))))
    answer = inside.goto(f"{login}/asset-groups")
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    expect(inside.get_by_text("publicatie", exact=True).first).to_be_visible(timeout=90_000)
    assert live, "what changes while one looks comes through a websocket"


IP = shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
COMES_AND_GOES = (
    "link add jos-komt type veth peer name jos-gaat",
    "address add 192.0.2.1/30 dev jos-komt",
    "link set jos-komt up",
    "link set jos-gaat up",
    "link delete jos-komt",
)


@pytest.mark.skipif(IP is None or os.getuid() != 0, reason="networks are made by root, with iproute2")
def test_the_browser_is_not_disturbed_by_networks_that_other_tests_make(inside: Page, login: str):
    """All that comes over one connection of HTTP/2, as through the proxy, would be broken off."""
    done = threading.Event()

    def come_and_go() -> None:
        while not done.is_set():
            for line in COMES_AND_GOES:
                subprocess.run([IP, *line.split()], check=True)
                time.sleep(0.1)

    others = threading.Thread(target=come_and_go)
    others.start()
    try:
        inside.goto(f"{login}/asset-groups")
        expect(inside.get_by_text("publicatie", exact=True).first).to_be_visible(timeout=90_000)
    finally:
        done.set()
        others.join()
