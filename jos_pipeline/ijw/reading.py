"""Opens an XML file that nobody vouches for: no DTD, no entities, no network, no more than 25 MB.

Only whether it is XML and which message it is. What stands in it is for ``checking``. No text of the file is ever
in an error: parser messages quote it.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from lxml import etree

from jos_pipeline.ijw.messages import MESSAGES, Message

MOST_BYTES = 25 * 1024 * 1024
"""OP179 of iJw: a message is at most 25 MB."""
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY")


class UnreadableError(Exception):
    """The file is no message: ``code`` and ``detail`` of the finding, and the line when it is known."""

    def __init__(self, code: str, detail: str = "", line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.line = line


@dataclass(frozen=True)
class ReadMessage:
    """A message that is well-formed; ``root`` has neither comments nor instructions in it."""

    kind: Message
    root: etree._Element


def looks_like_xml(data: bytes, file_name: str) -> bool:
    """Whether ``jos prepare`` is to read the file as a message: by its name, or by how it begins."""
    start = data.lstrip(BOM_UTF8 + b" \t\r\n")[:5]
    return file_name.casefold().endswith(".xml") or start in (b"<?xml", b"<!DOC")


def read_message(data: bytes) -> ReadMessage:
    """The message in the bytes of a file. Raises UnreadableError."""
    if len(data) > MOST_BYTES:
        raise UnreadableError("JOS-E077", ": het is groter dan 25 MB")
    root = _parsed(_text(data))
    kind = MESSAGES.get(etree.QName(root).namespace or "")
    if kind is None or etree.QName(root).localname != "Bericht":
        raise UnreadableError("JOS-E071")
    return ReadMessage(kind, root)


def _text(data: bytes) -> str:
    """The file as text: iJw prescribes UTF-8, whatever the file says of itself."""
    if data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        raise UnreadableError("JOS-E070", ": het is geen UTF-8")
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnreadableError("JOS-E070", ": het is geen UTF-8", data[: problem.start].count(b"\n") + 1) from None
    if not text.strip():
        raise UnreadableError("JOS-E001")
    if any(word in text for word in _FORBIDDEN):
        raise UnreadableError("JOS-E077", ": er staat een DTD in")
    return text


def _parsed(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",  # goes before what the file declares, behind which a DTD could hide
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as problem:
        line = problem.lineno or None
        raise UnreadableError("JOS-E070", f" (regel {line})" if line else "", line) from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableError("JOS-E077", ": er staat een DTD in")
    return root
