"""One web page or file over HTTP: bounded in size, time and redirects. Imports httpx when first used."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ingest.errors import SourceError
from ingest.formats import EXTENSIONS, MIB, Content, Format
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    import httpx

MAX_REDIRECTS = 5
USER_AGENT = "footnote/0.1 (reads single pages when its user asks; no crawler)"

_TYPES: dict[str, Format] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "plain",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})


def fetch(url: str, settings: IngestSettings) -> Content:
    """Fetch one URL; ``settings.fetch_timeout_s`` bounds the whole of it, redirects included.

    A host may redirect to any public address; only a private one may redirect to a private one.

    Raises:
        SourceError: bad URL, no such host, refused, timeout, HTTP error, too large, or a type we do not read.
    """
    import httpx

    deadline = time.monotonic() + settings.fetch_timeout_s
    headers = {"User-Agent": USER_AGENT, "Accept": ", ".join(_TYPES) + ", */*;q=0.1"}
    with _translated(url, settings), httpx.Client(headers=headers, timeout=settings.fetch_timeout_s) as client:
        target = _checked_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            with client.stream("GET", target) as response:
                if not response.has_redirect_location:
                    return _content(url, response, settings, deadline)
                target = _redirected(target, response.headers["location"])
    raise SourceError(f"{url} redirects more than {MAX_REDIRECTS} times", "use the address it leads to in a browser")


@contextmanager
def _translated(url: str, settings: IngestSettings) -> Iterator[None]:
    """Turn httpx's errors into one line each."""
    import httpx

    try:
        yield
    except httpx.TimeoutException as error:
        raise _timeout(url, settings) from error
    except httpx.ConnectError as error:
        raise _connect_refusal(url, error) from error
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise SourceError(
            f"{url} cannot be fetched: {type(error).__name__}", "check the address in a browser"
        ) from error


def _timeout(url: str, settings: IngestSettings) -> SourceError:
    return SourceError(
        f"{url} did not answer in full within {settings.fetch_timeout_s:g} s",
        "try again later or raise fetch_timeout_s",
    )


def _connect_refusal(url: str, error: Exception) -> SourceError:
    host = urlsplit(url).hostname
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return SourceError(f"{url}: there is no host {host!r}", "check the address and the network")
        if isinstance(cause, ssl.SSLError):
            return SourceError(f"{url}: the certificate of {host!r} is not trusted", "check the address in a browser")
        cause = cause.__cause__ or cause.__context__
    return SourceError(f"{url}: {host!r} refuses the connection", "check the address and the network")


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise SourceError(f"{url} is not an http or https address", "give one such as https://example.org/page")
    if parts.username or parts.password:
        raise SourceError(
            f"{parts.hostname}: addresses with a user name or password are not fetched", "download the page"
        )
    return url


def _redirected(source: str, location: str) -> str:
    target = _checked_url(urljoin(source, location))
    if _is_private(target) and not _is_private(source):
        raise SourceError(f"{source} redirects to a private address", "give that address itself if it is meant")
    return target


def _is_private(url: str) -> bool:
    """Whether a host resolves to an address that is not on the public internet."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False  # the request itself will say so
    return any(not ipaddress.ip_address(str(address[4][0]).split("%")[0]).is_global for address in found)


def _content(url: str, response: "httpx.Response", settings: IngestSettings, deadline: float) -> Content:
    if response.status_code != 200:
        raise SourceError(
            f"{url} answered {response.status_code} {response.reason_phrase}", "check the address in a browser"
        )
    named = _named(url, response)
    limit = settings.max_file_mb * MIB
    data = bytearray()
    for chunk in response.iter_bytes(64 * 1024):
        data += chunk
        if len(data) > limit:
            raise SourceError(f"{url} has more than {settings.max_file_mb} MiB", "raise max_file_mb or download a part")
        if time.monotonic() > deadline:
            raise _timeout(url, settings)
    if not data:
        raise SourceError(f"{url} answered with nothing", "check the address in a browser")
    return Content(bytes(data), named, response.charset_encoding or "")


def _named(url: str, response: "httpx.Response") -> Format:
    """The format the server states; where it states none or only "text", the extension of the address."""
    stated = response.headers.get("content-type", "").split(";")[0].strip().lower()
    path = urlsplit(str(response.url)).path.lower()
    by_name = next((kind for extension, kind in EXTENSIONS.items() if path.endswith(extension)), None)
    if stated in _UNTYPED:
        return by_name or "html"
    if stated == "text/plain" and by_name == "markdown":
        return "markdown"
    if stated not in _TYPES:
        raise SourceError(
            f"{url} is of type {stated}, which is not read", "give a page, text, PDF, Markdown or DOCX address"
        )
    return _TYPES[stated]
