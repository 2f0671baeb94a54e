"""The pages of this installation in a browser, for this machine alone: what the UI of ``make dev`` links to.

    python -m jos_pipeline.reading_room

Which pages: those that the settings say to be read on this machine (``site_adres = "http://127.0.0.1:3100/rapport"``).
Only to be read, by the names that pages have: nothing is listed, nothing beside them is found, and a link in a
directory leads nowhere outside of it. Who asks for another host gets nothing, so that no website can ask.
"""

import os
import re
import socket
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from markdown import markdown
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from jos_pipeline.pages import ENVIRONMENT, EXPECTATION_PAGES, FEEDBACK_PAGES, overview_page
from jos_pipeline.settings import Settings

THIS_MACHINE = ("127.0.0.1", "localhost")
RUNBOOK = Settings.model_fields["handleiding"].default
_PROJECT = Path(__file__).parents[1]
_YEAR = r"\d{4}-\d{4}"
_FOLDER, _PAGE = r"[^./][^/]*/", r"[^./][^/]*\.(?:html|json|pdf)"
_OVERVIEW = re.escape(overview_page("Y")).replace("Y", _YEAR)


class _Pages(StaticFiles):
    """The files of a directory whose path fits; a directory that is not there yet has none."""

    def __init__(self, directory: Path, fitting: str) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._fitting = re.compile(fitting)

    async def check_config(self) -> None:
        pass

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if self._fitting.fullmatch(path) else ("", None)


def room(settings: Settings) -> Starlette:
    """Everything that is read on this machine, each at its address."""
    mounts = [Mount(urlsplit(address).path, app) for address, app in _places(settings)]
    return Starlette(routes=mounts, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[*THIS_MACHINE])])


def port(settings: Settings) -> int | None:
    """The port of the addresses on this machine; None where there are none. Raises ValueError when they have more."""
    ports = {urlsplit(address).port or 80 for address, _ in _places(settings)}
    if len(ports) > 1:
        raise ValueError(f"addresses on this machine need one port, and have {len(ports)}")
    return ports.pop() if ports else None


def _places(settings: Settings) -> list[tuple[str, ASGIApp]]:
    pages = settings.report_path
    manual = settings.handleiding.removesuffix(f"/{RUNBOOK}")
    every: Iterable[tuple[str, ASGIApp]] = (
        (settings.site_adres, _Pages(settings.site_path, rf"{_YEAR}(?:-\w+)?/{_PAGE}")),
        (settings.rapport_adres, _Pages(pages, rf"{_OVERVIEW}|{EXPECTATION_PAGES}/{_YEAR}/{_PAGE}")),
        (settings.terugkoppeling_adres, _Pages(pages / FEEDBACK_PAGES, rf"(?:{_FOLDER})+{_PAGE}")),
        (manual, _manual(_PROJECT)),
    )
    mine = [(address, app) for address, app in every if _is_mine(address)]
    return sorted(mine, key=lambda place: len(place[0]), reverse=True)


def _is_mine(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in THIS_MACHINE


def _manual(project: Path) -> Router:
    """The pages on the project, as far as they are here, each under its own name."""
    found = (*project.glob("*.md"), *project.glob("docs/*.md"), *project.glob("deploy/*.md"))
    known = {page.relative_to(project).as_posix(): page for page in found}
    template = ENVIRONMENT.get_template("handleiding.html.j2")

    def show(request: Request) -> HTMLResponse:
        name = request.path_params["name"]
        if name not in known:
            raise HTTPException(404)
        made = markdown(known[name].read_text("utf-8"), extensions=["fenced_code", "sane_lists", "tables", "toc"])
        return HTMLResponse(template.render(name=name, content=Markup(made)))  # noqa: S704 - our own pages

    return Router(
        [
            Mount("/docs/images", _Pages(project / "docs" / "images", r"[\w-]+\.png")),
            Route("/{name:path}", show),
        ]
    )


def main() -> None:
    """Serves until Ctrl-C; where nothing is read on this machine there is nothing to do. Where something else has the
    port, as another demo, it says so and ends: the links of the UI lead there."""
    settings = Settings()
    if (chosen := port(settings)) is None:
        return
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((THIS_MACHINE[0], chosen))
            door.listen()
        except OSError as taken:
            raise SystemExit(
                f"Pages are not served: port {chosen} of this machine cannot be had ({taken.strerror}). If another "
                "demo has it, links in the UI show pages of that one. Stop it, or choose another port in jos.toml: in "
                "site_adres, rapport_adres, terugkoppeling_adres and handleiding."
            ) from None
        uvicorn.Server(uvicorn.Config(room(settings), log_level="warning")).run(sockets=[door])


if __name__ == "__main__":
    main()
