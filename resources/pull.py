"""One file over http(s), with everything a stranger's server may do to us: wait, send too much, or send us elsewhere.

What is in the file is not this module's business; nor is where it is kept.
"""

import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

MOST_BYTES = 100 * 1024 * 1024
"""Far more than any file of DUO, after decompression."""
PATIENCE = (10.0, 30.0)
"""Seconds to wait for a connection, and for the next bytes."""
MOST_SECONDS = 300.0
MOST_REDIRECTS = 5
_CHUNK = 1 << 16
_TRANSIENT = (429, 500, 502, 503, 504)
_OK, _NOT_MODIFIED = 200, 304


class PullError(Exception):
    """A file could not be pulled; the message says why, in Dutch, without the address."""


@dataclass(frozen=True)
class Pulled:
    """What came. ``data`` is None when the server says that nothing changed."""

    data: bytes | None
    etag: str
    last_modified: str


def pull(
    url: str,
    etag: str = "",
    last_modified: str = "",
    *,
    most_bytes: int = MOST_BYTES,
    most_seconds: float = MOST_SECONDS,
    pause: float = 0.5,
) -> Pulled:
    """The file at an address, or that it did not change since. Transient errors are tried three times.

    Only http and https, never from https to http, and no password in the address. Raises PullError.
    """
    conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    asked = {name: value for name, value in conditions.items() if value}
    until = time.monotonic() + most_seconds
    try:
        with _session(pause) as session, _answer(session, url, asked) as answer:
            if answer.status_code == _NOT_MODIFIED:
                return Pulled(None, etag, last_modified)
            if answer.status_code != _OK:
                raise PullError(f"de server antwoordt met code {answer.status_code}")
            data = _read(answer, most_bytes, until)
            return Pulled(data, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    except requests.RequestException as error:
        # the message of the library holds the address
        raise PullError(f"de server is niet te bereiken ({type(error).__name__})") from None


def checked_address(url: str) -> str:
    """The address. Raises PullError when it is none that may be used."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PullError("alleen een adres met http of https wordt opgehaald")
    if "@" in parts.netloc:
        raise PullError("in het adres staat een gebruikersnaam of wachtwoord; dat mag niet")
    return url


def _session(pause: float) -> requests.Session:
    session = requests.Session()
    tries = Retry(
        total=2,
        backoff_factor=pause,
        status_forcelist=_TRANSIENT,
        allowed_methods=["GET"],
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=tries))
    session.auth = _nobody
    return session


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No password from a ``.netrc`` either."""
    return request


def _answer(session: requests.Session, url: str, asked: dict[str, str]) -> requests.Response:
    here = checked_address(url)
    for _ in range(MOST_REDIRECTS + 1):
        answer = session.get(here, headers=asked, stream=True, timeout=PATIENCE, allow_redirects=False)
        if not answer.is_redirect:
            return answer
        there = checked_address(urljoin(here, answer.headers["Location"]))
        answer.close()
        if urlsplit(here).scheme == "https" and urlsplit(there).scheme != "https":
            raise PullError("de server verwijst van https naar http; dat is niet veilig")
        here = there
    raise PullError("de server verwijst te vaak door")


def _read(answer: requests.Response, most_bytes: int, until: float) -> bytes:
    found = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        found += chunk
        if len(found) > most_bytes:
            raise PullError(f"het bestand is groter dan {most_bytes} bytes")
        if time.monotonic() > until:
            raise PullError("het bestand komt te langzaam binnen")
    return bytes(found)
