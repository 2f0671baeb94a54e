"""A bucket of an object store (S3 or what speaks like it): whole objects, listed, read and written.

Keys, endpoint and region come from where the AWS libraries look for them (environment ``AWS_*``, ``~/.aws``, the role
of the machine): never from an address or a setting. Those libraries try transient errors again by themselves; what is
left is told as a ``StorageError``, without the name of an object.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from resources.storage import StorageError

try:
    from botocore.exceptions import BotoCoreError, NoCredentialsError
    from s3fs import S3FileSystem
except ImportError:
    raise StorageError(
        "een adres met s3:// vraagt de pakketten uit requirements/productie.txt: installeer die"
    ) from None

PATIENCE = {"connect_timeout": 10, "read_timeout": 60, "retries": {"mode": "standard", "total_max_attempts": 3}}
"""Seconds to wait for a connection and for the next bytes, and how often something transient is tried."""


class Bucket:
    """The objects of a bucket whose keys begin with a prefix; ``address`` is ``s3://bucket/prefix``."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._bucket = parts.netloc
        self._root = f"{parts.netloc}/{parts.path.strip('/')}".rstrip("/")
        # no listing is remembered: another process may write at any moment
        self._fs = S3FileSystem(use_listings_cache=False, config_kwargs=PATIENCE)

    def holds_all(self, places: Collection[str]) -> bool:
        """Of many it asks for a list per top folder: one request instead of one per object."""
        if len(places) == 1:
            return all(self._holds(place) for place in places)
        there = {place for top in {place.partition("/")[0] for place in places} for place, _ in self.listed(top)}
        return there.issuperset(places)

    def _holds(self, place: str) -> bool:
        try:
            with self._told():
                self._fs.info(self._key(place))
        except FileNotFoundError:
            return False
        return True

    def listed(self, below: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
        """Place and details (``size``, ``LastModified``) of every object. An empty bucket has none."""
        with self._told():
            found = self._fs.find(self._key(below), detail=True)
        for key, info in found.items():
            if not key.endswith("/"):  # consoles leave an empty object for a folder
                yield key.removeprefix(f"{self._root}/"), info

    def source(self, place: str) -> BytesIO:
        return BytesIO(self.read(place))

    def read(self, place: str) -> bytes:
        with self._told():
            return bytes(self._fs.cat_file(self._key(place)))

    @contextmanager
    def replacing(self, place: str) -> Iterator[BinaryIO]:
        file = BytesIO()
        yield file
        with self._told():
            self._fs.pipe_file(self._key(place), file.getvalue())

    def keep(self, place: str, data: bytes) -> bytes:
        try:
            with self._told():
                self._fs.pipe_file(self._key(place), data, mode="create")
        except FileExistsError:
            return self.read(place)
        return data

    def changed(self) -> dict[str, datetime]:
        return {place: info["LastModified"].astimezone(UTC) for place, info in self.listed()}

    def remove(self, place: str) -> None:
        with suppress(FileNotFoundError), self._told():
            self._fs.rm_file(self._key(place))

    def _key(self, place: str) -> str:
        return f"{self._root}/{place}" if place else self._root

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the libraries raise holds names of objects; here it becomes one line."""
        try:
            yield
        except FileExistsError:
            raise
        except FileNotFoundError as error:
            if _code(error) == "NoSuchBucket":
                raise StorageError(f"de bucket {self._bucket} bestaat niet: maak hem, of verbeter het adres") from None
            raise FileNotFoundError("the object is not there") from None
        except NoCredentialsError:
            raise StorageError(
                f"geen sleutels voor de bucket {self._bucket}: zet AWS_ACCESS_KEY_ID en AWS_SECRET_ACCESS_KEY, "
                "of een profiel in ~/.aws/credentials"
            ) from None
        except PermissionError as error:
            raise StorageError(
                f"geen toegang tot de bucket {self._bucket} ({_code(error)}): controleer de sleutels (AWS_*) "
                "en de rechten op de bucket"
            ) from None
        except (OSError, BotoCoreError) as error:
            raise StorageError(
                f"de bucket {self._bucket} is niet te bereiken ({_code(error)}): controleer AWS_ENDPOINT_URL, "
                "AWS_REGION en het netwerk, en probeer het daarna opnieuw"
            ) from None


def _code(error: BaseException) -> str:
    """What the server called the error, or else the name of its class: neither holds a value."""
    answer = getattr(error.__cause__, "response", None) or {}
    return str(answer.get("Error", {}).get("Code") or type(error).__name__)
