"""The settings of one installation: environment variables ``JOS_*``, a TOML file, or defaults that work.

Everything that differs between two installations is here and nowhere else. What a region is stands in its
directory (``jos_pipeline.region``). Secrets come from the environment or a file, never from the TOML file.
"""

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from jos_pipeline.config_files import ConfigFileError, in_dutch, read_toml

CONFIG_VARIABLE = "JOS_CONFIG"
"""Names another TOML file than ``jos.toml`` in the working directory."""


_SCHEMES = {"inbox": ("s3", "sftp"), "lake": ("s3",)}
"""What may stand before ``://``, apart from a directory."""


def checked_address(address: str, schemes: tuple[str, ...]) -> str:
    """A directory, or an address with one of these schemes. Raises ValueError (Dutch), which does not repeat it.

    An address is shown in the UI and stored with runs, so it may hold no password.
    """
    scheme, separator, _ = address.partition("://")
    if not separator:
        return address
    if scheme not in schemes:
        raise ValueError(f"geef een map, of een adres dat begint met {' of '.join(f'{one}://' for one in schemes)}")
    parts = urlsplit(address)
    if parts.password is not None or (parts.username is not None and scheme != "sftp"):
        raise ValueError("in een adres staat geen wachtwoord of sleutel: die komen uit de omgeving of een bestand")
    if parts.query or parts.fragment or not parts.hostname or (scheme == "sftp" and not parts.path.strip("/")):
        raise ValueError(f"schrijf het adres als {_EXAMPLES[scheme]}")
    return address


_DATABASES = re.compile(r"(sqlite|postgresql)(\+\w+)?://")
"""How the address of a database begins."""

_EXAMPLES = {"s3": "s3://bucket/map", "sftp": "sftp://gebruiker@server/map"}


class Settings(BaseSettings):
    """Where things are and how this installation behaves. Relative paths in the TOML file are relative to it."""

    model_config = SettingsConfigDict(env_prefix="JOS_", frozen=True, extra="ignore", hide_input_in_errors=True)

    home: Path = Path(".jos")
    inbox: str = ""
    """Directory, ``s3://bucket/prefix`` or ``sftp://user@host:port/path`` with one folder per supplier; default
    ``<home>/inbox``."""
    lake: str = ""
    """Directory or ``s3://bucket/prefix`` of the lake; default ``<home>/lake``."""
    sftp_sleutel_bestand: Path | None = None
    """File with our private key for the SFTP server. ``JOS_SFTP_WACHTWOORD``: the password, or the key's own."""
    sftp_known_hosts: Path | None = None
    """File by which the SFTP server is known; default ``~/.ssh/known_hosts``."""
    warehouse: str = ""
    """SQLAlchemy URL; default an SQLite file in ``home``."""
    open_data: str = ""
    """Open data files (DUO): a directory, http(s) addresses, or a file with either on its lines; default
    ``<home>/open_data``."""
    rapport: str = ""
    """Directory for pages that people read; default ``<home>/rapport``."""
    site: str = ""
    """Directory for the reports of ``jos report``, one per school year; default ``<home>/rapport/monitor``."""
    rapport_adres: str = ""
    """Where ``rapport`` is read in a browser; the UI then links to the pages on deliveries and expectations in it."""
    terugkoppeling_adres: str = ""
    """The same for the feedback to suppliers in it, which is not for everybody who may read the rest."""
    site_adres: str = ""
    """Where ``site`` is read in a browser."""
    export: str = ""
    """Directory for the data package of ``jos export``; default ``<home>/export``."""
    privacyregister: str = ""
    """Directory with who must stay forgotten and the proofs of that; default ``<home>/privacyregister``. Better apart
    from ``home``: what is restored from a back-up must not bring back whom the register forgot."""
    regio: str = "alkmaar"
    """A region shipped with the pipeline, or a directory (in the TOML file: with a ``/``) with ``regio.toml``."""
    sleutel_monitor_bestand: Path | None = None
    """File with the monitor's own key; made once when it is not there. ``JOS_SLEUTEL_MONITOR`` overrides it."""
    ijw_xsd: Path | None = None
    """Directory with the official XSDs of iJw 3.2; ``jos prepare`` then validates messages against them too."""
    revisie: Literal["nacht", "direct"] = "nacht"
    """When a corrected delivery makes a revision due: at the nightly run, or with the run that takes it in."""
    stabiel_seconden: float = 5.0
    """A file that changed less than this many seconds ago is still being written."""
    meldingen_bestand: Path | None = None
    """File with an address for messages (an apprise URL) a line. ``JOS_MELDINGEN`` overrides it."""
    meldingen_logboek: str = ""
    """File in which every message is written too; default ``<home>/meldingen.jsonl``."""
    meldingen_herhaal_dagen: Annotated[int, Field(ge=1)] = 7
    """After how many days a problem that is still there is told again."""
    meldingen_uren: Annotated[str, Field(pattern=r"^(\d{1,2}-\d{1,2})?$")] = ""
    """Working hours such as ``8-18``: outside these, and in the weekend, addresses get nothing. Empty: always."""
    log: str = ""
    """Where runs tell what they do as JSON lines: a file, or ``-`` for stderr. Empty: only in Dagster."""
    handleiding: str = "docs/runbook.md"
    """Where the runbook can be read: messages link to a section of it."""
    vandaag: date | None = None
    """For a demo only: the day on which the delivery calendar looks, instead of today."""

    @field_validator("inbox", "lake", mode="after")
    @classmethod
    def _address(cls, address: str, field: ValidationInfo) -> str:
        # taken for a directory, records of persons would lie in a folder called "s3:" wherever the command runs
        return checked_address(address, _SCHEMES[str(field.field_name)])

    @field_validator("open_data", mode="after")
    @classmethod
    def _addresses(cls, open_data: str) -> str:
        # settings are shown in the UI and by jos doctor
        if "://" in open_data and any("@" in urlsplit(word).netloc for word in open_data.split()):
            raise ValueError("in een adres van open data staat geen gebruikersnaam of wachtwoord")
        return open_data

    @field_validator("rapport_adres", "terugkoppeling_adres", "site_adres", mode="after")
    @classmethod
    def _readable(cls, address: str) -> str:
        # shown as a link in the UI: another scheme would be something to run, a login a secret
        parts = urlsplit(address)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc
        if address and (wrong or parts.query or parts.fragment):
            raise ValueError("schrijf het adres als https://server/map, zonder gebruikersnaam of wachtwoord")
        return address.rstrip("/")

    @field_validator("warehouse", mode="after")
    @classmethod
    def _database(cls, warehouse: str) -> str:
        # it may hold a password, so it is not repeated
        if warehouse and not _DATABASES.match(warehouse):
            raise ValueError("schrijf de database als sqlite:///map/bestand.db of postgresql+psycopg://wie@server/naam")
        return warehouse

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic-settings' own
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, env_settings, _TomlFile(settings_cls))

    @property
    def inbox_url(self) -> str:
        return self.inbox or str(self.home / "inbox")

    @property
    def lake_url(self) -> str:
        return self.lake or str(self.home / "lake")

    @property
    def lake_is_remote(self) -> bool:
        return "://" in self.lake

    @property
    def warehouse_url(self) -> str:
        return self.warehouse or f"sqlite:///{self.home / 'warehouse.db'}"

    @property
    def open_data_source(self) -> str:
        return self.open_data or str(self.home / "open_data")

    @property
    def open_data_store(self) -> Path:
        """Where pulled files are kept."""
        return self.home / "open_data_opgehaald"

    @property
    def report_path(self) -> Path:
        return Path(self.rapport) if self.rapport else self.home / "rapport"

    @property
    def site_path(self) -> Path:
        return Path(self.site) if self.site else self.report_path / "monitor"

    @property
    def export_path(self) -> Path:
        return Path(self.export) if self.export else self.home / "export"

    @property
    def privacy_register(self) -> Path:
        return Path(self.privacyregister) if self.privacyregister else self.home / "privacyregister"

    @property
    def log_book(self) -> Path:
        return Path(self.meldingen_logboek) if self.meldingen_logboek else self.home / "meldingen.jsonl"

    @property
    def heartbeat_file(self) -> Path:
        return self.home / "hartslag.json"

    @property
    def key_file(self) -> Path:
        return self.sleutel_monitor_bestand or self.home / "sleutels" / "monitor.sleutel"

    @property
    def dagster_home(self) -> Path:
        return Path(os.environ.get("DAGSTER_HOME") or self.home / "dagster")


class _TomlFile(TomlConfigSettingsSource):
    """``jos.toml``, with its relative paths made absolute from where it lies."""

    _PATHS = (
        *("home", "inbox", "lake", "open_data", "rapport", "site", "export", "sleutel_monitor_bestand", "ijw_xsd"),
        *("meldingen_bestand", "meldingen_logboek", "sftp_sleutel_bestand", "sftp_known_hosts", "privacyregister"),
        "log",
    )

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        self._file = config_file()
        super().__init__(settings_cls, self._file)

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        values = read_toml(file_path)
        unknown = sorted(set(values) - set(Settings.model_fields))
        if unknown:
            raise ConfigFileError(
                f"{file_path}: dit bestaat niet: {', '.join(unknown)}. Kijk hoe u het schrijft, of haal het weg"
            )
        base = Path(file_path).absolute().parent
        return {name: str(base / value) if self._is_path(name, value) else value for name, value in values.items()}

    def _is_path(self, name: str, value: Any) -> bool:
        if not isinstance(value, str):  # left as it is, for pydantic to refuse
            return False
        if name == "regio":
            return "/" in value
        return name in self._PATHS and "://" not in value and value != "-"


def config_file() -> Path:
    """The TOML file with settings, which need not be there unless it was named. Raises ConfigFileError."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        # working with the defaults would put what is made in another place than was meant
        raise ConfigFileError(
            f"{CONFIG_VARIABLE} noemt {named}, en dat bestand is er niet. Verbeter {CONFIG_VARIABLE}, of haal die weg"
        )
    return Path(named or "jos.toml")


def wrong_setting(error: Exception) -> str | None:
    """Which setting is no good and why (Dutch), without what it holds; None for an error about something else."""
    if isinstance(error, ConfigFileError):
        return str(error)
    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(map(str, first["loc"]))
    return f"instelling {name}: {in_dutch(first)}. Verbeter JOS_{name.upper()}, of {name} in jos.toml"
