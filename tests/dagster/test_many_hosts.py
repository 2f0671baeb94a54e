"""Hosts that share nothing but PostgreSQL and a bucket, and that lose their power: the outcome is that of one host.

The suite looks at what everything rests on, a turn that comes free. ``make hosts`` runs ``jos run`` on three hosts at
once, with two school years, and lets one of them die: in the middle of a run, and at moments of chance.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import boto3
import polars as pl
import psycopg
import pytest
import s3fs
import sqlalchemy as sa
from moto.server import ThreadedMotoServer

from jos_pipeline.headless import INSTANCE_FILE
from jos_pipeline.pseudonym import second_hash
from resources.lake import Lake
from resources.turns import turn_if_free, turn_of
from resources.warehouse import WarehouseStore
from tests.dagster.commands_on_hosts import hold_a_turn, jos
from tests.dagster.hosts import HOME, Host, Network, network, until
from tests.records import csv_bytes, delivery, name_of, valid_records, violations

ROUNDS = int(os.environ.get("JOS_HOSTS", "0"))
"""How many rounds of the long version are done; the suite does none."""
OVERLAY = INSTANCE_FILE.parent / "deploy" / "postgres" / "dagster.yaml"
YEAR, OTHER_YEAR = "2022-2023", "2023-2024"
AWS = {"AWS_ACCESS_KEY_ID": "sleutelnaam", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_DEFAULT_REGION": "us-east-1"}
KEY = "5a" * 32
PUPIL = 7
FILES = {
    f"groeimee/{name_of('trajecten')}": delivery("trajecten"),
    # one row of it is rejected
    f"gm0361/{name_of('jeugdhulp')}": csv_bytes([*valid_records("jeugdhulp"), violations("jeugdhulp")[0].record]),
    # it is refused, and makes work for a second school year
    f"groeimee/{name_of('trajecten').replace('2022-2023_2023', '2023-2024_2024')}": csv_bytes(
        [row | {"bsn": "123456782"} for row in valid_records("trajecten", 5)]
    ),
}
"""What suppliers left, by its place in the inbox."""
AT_ONCE = "-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c tcp_user_timeout=3000"
"""The server hears of a lost host in three seconds; else it would be half a minute."""


def database(machines: Network, name: str) -> str:
    """The URL of a new database."""
    server = {"host": machines.address, "port": machines.postgres_port, "user": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = sa.URL.create("postgresql+psycopg", "postgres", None, machines.address, machines.postgres_port, name)
    return url.set(query={"options": AT_ONCE}).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with network(("een", "twee", "drie"), tmp_path_factory.mktemp("hosts")) as made:
        yield made


def free(url: str, year: str) -> bool:
    with turn_if_free(url, year) as turn:
        return turn is not None


def test_the_turn_of_a_host_that_lost_its_power_comes_free_and_not_before(machines: Network):
    url, (host, *_) = database(machines, "beurten"), machines.hosts
    host.start(partial(hold_a_turn, url, YEAR), {})
    until((host.directory / "beurt").exists)
    host.freeze()
    assert (free(url, YEAR), free(url, OTHER_YEAR)) == (False, True)
    host.lose_power()
    assert not free(url, YEAR), "no process was left to tell the server"
    begun = time.monotonic()
    with turn_of(url, YEAR):
        assert time.monotonic() - begun < 30


# --- make hosts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Installation:
    """One monitor that hosts work for: a database and a bucket."""

    warehouse: str
    s3: str
    name: str

    @property
    def lake(self) -> Lake:
        return Lake(f"s3://{self.name}/meer")

    def run_on(self, host: Host) -> None:
        self.do_on(host, "run", "--publiceer")

    def do_on(self, host: Host, *arguments: str, **settings: str) -> None:
        home = host.directory / "dagster"
        home.mkdir(exist_ok=True)
        (home / "dagster.yaml").write_text(INSTANCE_FILE.read_text() + OVERLAY.read_text())
        url = sa.make_url(self.warehouse)
        dagster = {"HOST": url.host, "PORT": str(url.port), "DB": self.name, "USERNAME": "postgres", "PASSWORD": "geen"}
        host.start(
            partial(jos, *arguments),
            {
                **AWS,
                "AWS_ENDPOINT_URL": self.s3,
                "DAGSTER_HOME": str(HOME / "dagster"),
                **{f"DAGSTER_PG_{name}": value for name, value in dagster.items()},
                "JOS_HOME": str(HOME / "home"),
                "JOS_INBOX": f"s3://{self.name}/inbox",
                "JOS_LAKE": f"s3://{self.name}/meer",
                "JOS_WAREHOUSE": self.warehouse,
                "JOS_SLEUTEL_MONITOR": KEY,
                "JOS_STABIEL_SECONDEN": "0",
                **settings,
            },
        )

    def waiting(self) -> int:
        """How many hosts wait for a turn."""
        asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with sa.create_engine(self.warehouse, poolclass=sa.NullPool).connect() as connection:
            return connection.execute(sa.text(asked)).scalar_one()

    def ended_runs(self) -> set[str]:
        """How the runs stand that all hosts together know of."""
        with sa.create_engine(self.warehouse, poolclass=sa.NullPool).connect() as connection:
            return set(connection.execute(sa.text("SELECT status FROM runs")).scalars())

    def outcome(self) -> dict[str, object]:
        """Everything that must be the same, however many hosts there were."""
        names = ["leverancier", "bestand", "oordeel", "geldend", "rijen", "sha256"]
        with closing(WarehouseStore(self.warehouse)) as store:
            known = store.deliveries()[names].sort_values(["leverancier", "bestand"])
            out, found = store.publications(), store.findings()
        return {
            "publicaties": out[["id", "sha256", "rijen"]].to_numpy().tolist(),
            "leveringen": known.to_numpy().tolist(),
            "bevindingen": sorted(found[["code", "aantal", "melding"]].itertuples(index=False, name=None)),
        }

    def rows(self) -> dict[str, pl.DataFrame]:
        lake = self.lake
        return {name: pl.read_parquet(lake.read_file(name)) for name in lake.files() if name.endswith(".parquet")}


@pytest.fixture(scope="module")
def s3(machines: Network) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address=machines.address, port=0, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        for variable, value in {**AWS, "AWS_ENDPOINT_URL": endpoint}.items():
            patch.setenv(variable, value)
        s3fs.S3FileSystem.clear_instance_cache()
        yield endpoint
    server.stop()


def installed(machines: Network, s3: str, name: str) -> Installation:
    bucket = boto3.client("s3")
    bucket.create_bucket(Bucket=name)
    for place, content in FILES.items():
        bucket.put_object(Bucket=name, Key=f"inbox/{place}", Body=content)
    return Installation(database(machines, name), s3, name)


@pytest.fixture(scope="module")
def alone(machines: Network, s3: str) -> Installation:
    """What one host makes of it, with nobody beside it."""
    made = installed(machines, s3, "alleen")
    made.run_on(machines.hosts[0])
    assert machines.hosts[0].ended() == 0, machines.hosts[0].said()
    assert made.outcome()["publicaties"]
    return made


def same_as_alone(monitor: Installation, alone: Installation) -> None:
    assert monitor.outcome() == alone.outcome()
    there, expected = monitor.rows(), alone.rows()
    assert set(there) == set(expected)
    assert [name for name in there if not there[name].equals(expected[name])] == []
    assert monitor.ended_runs() <= {"SUCCESS", "FAILURE"}, "no run is left that others would wait for"


def in_the_middle(monitor: Installation, one: Host, others: tuple[Host, ...]) -> None:
    """Whoever comes to a school year that another is at waits for it, and goes on when that one is gone."""
    monitor.run_on(one)
    until(lambda: monitor.lake.has_layer("gevalideerd", "trajecten", YEAR))
    one.freeze()
    for other in others:
        monitor.run_on(other)
    until(lambda: monitor.waiting() > 0)
    assert "FAILURE" not in monitor.ended_runs(), "a run that is at work elsewhere is not called dead"
    one.lose_power()


def at_a_moment_of_chance(monitor: Installation, one: Host, others: tuple[Host, ...]) -> None:
    """All begin at once; one dies somewhere."""
    for host in (one, *others):
        monitor.run_on(host)
    time.sleep(random.uniform(1, 40))
    one.lose_power()


if ROUNDS:

    @pytest.mark.parametrize("number", range(ROUNDS))
    def test_hosts_of_which_one_dies_do_what_one_alone_does(
        machines: Network, s3: str, alone: Installation, number: int
    ):
        monitor = installed(machines, s3, f"ronde-{number}".replace("-", ""))
        one, *others = machines.hosts[number % 3 :] + machines.hosts[: number % 3]
        (at_a_moment_of_chance if number else in_the_middle)(monitor, one, tuple(others))
        for other in others:
            assert other.ended() == 0, other.said()
        same_as_alone(monitor, alone)

    def test_an_erasure_goes_on_elsewhere_when_its_host_dies_and_what_has_had_its_time_leaves_the_bucket(
        machines: Network, alone: Installation
    ):
        pseudonym, (one, other, _) = f"{PUPIL:064x}", machines.hosts
        gone = second_hash(bytes.fromhex(KEY), pseudonym)
        before, figures = alone.outcome(), alone.rows()[f"indicatoren/kubus/{YEAR}.parquet"]
        assert len(holding(alone, gone)) > 2
        alone.do_on(one, "erase", "--leerling-pseudoniem", pseudonym)
        until((one.directory / "home" / "privacyregister" / "bezig.jsonl").exists)
        one.lose_power()

        # the register was that host's own and is lost with it: the command is given again
        alone.do_on(other, "erase", "--leerling-pseudoniem", pseudonym)
        assert other.ended() == 0, other.said()
        assert holding(alone, gone) == []
        assert alone.outcome() == before, "publications and ledger are what they were"
        assert not alone.rows()[f"indicatoren/kubus/{YEAR}.parquet"].equals(figures), "internal figures were made anew"
        (proof,) = (other.directory / "home" / "privacyregister").glob("vergeten_*.json")
        told = json.loads(proof.read_text())
        assert (told["uitkomst"], told["treffers"], told["ververst"]) == ("verwijderd", [], [YEAR])
        assert pseudonym not in proof.read_text()

        assert any(name.startswith("quarantaine/") for name in alone.lake.files())
        alone.do_on(other, "prune", "--uitvoeren", "--vandaag", "2028-01-01", JOS_VANDAAG="2028-01-01")
        assert other.ended() == 0, other.said()
        assert not any(name.startswith("quarantaine/") for name in alone.lake.files())
        assert alone.outcome() == before

    def holding(monitor: Installation, leerling_id: str) -> list[str]:
        """The files of the lake in which a pupil is."""
        return [
            name
            for name, frame in monitor.rows().items()
            if any(frame[column].eq(leerling_id).any() for column, kind in frame.schema.items() if kind == pl.String)
        ]
