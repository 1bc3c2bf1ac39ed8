import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ingest import fetch as fetch_module
from ingest.errors import SourceError
from ingest.fetch import USER_AGENT, fetch
from ingest.load import load_source
from ingest.settings import IngestSettings

SETTINGS = IngestSettings(fetch_timeout_s=5, max_file_mb=1)

ANSWERS: dict[str, tuple[int, str, bytes] | tuple[int, str, bytes, str]] = {
    "/page": (200, "text/html; charset=koi8-r", "<html><p>Москва растёт.</p></html>".encode("koi8-r")),
    "/notes.md": (200, "text/plain", b"Some *words*."),
    "/raw.txt": (200, "application/octet-stream", b"Raw words."),
    "/image": (200, "image/png", b"PNG"),
    "/big": (200, "text/plain", b"x" * (2**20 + 1)),
    "/empty": (200, "text/plain", b""),
    "/moved": (302, "text/plain", b"", "/raw.txt"),
    "/loop": (302, "text/plain", b"", "/loop"),
    "/to-file": (302, "text/plain", b"", "file:///etc/hostname"),
}


class _Handler(BaseHTTPRequestHandler):
    """Answers by path; what it was asked is kept in ``seen``."""

    seen: list[str]

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, status: int, kind: str, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        type(self).seen.append(self.headers["User-Agent"])
        if self.path == "/slow":
            self._drip()
        else:
            self._answer(*ANSWERS.get(self.path, (404, "text/html", b"no")))

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        try:
            for _ in range(40):
                self.wfile.write(b"x" * 70_000)
                time.sleep(0.05)
        except OSError:
            pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "*")
    _Handler.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_page_is_loaded_with_its_charset(server: str) -> None:
    document = load_source(f"{server}/page", SETTINGS)
    assert (document.text, document.source) == ("Москва растёт.", f"{server}/page")


def test_we_say_who_we_are(server: str) -> None:
    fetch(f"{server}/page", SETTINGS)
    assert _Handler.seen == [USER_AGENT]


def test_the_extension_decides_where_the_server_does_not(server: str) -> None:
    assert fetch(f"{server}/notes.md", SETTINGS).named == "markdown"
    assert fetch(f"{server}/raw.txt", SETTINGS).named == "plain"


def test_redirects_are_followed(server: str) -> None:
    assert fetch(f"{server}/moved", SETTINGS).data == b"Raw words."


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none", "answered 404"),
        ("/image", "of type image/png"),
        ("/big", "more than 1 MiB"),
        ("/empty", "answered with nothing"),
        ("/loop", "redirects more than 5 times"),
        ("/to-file", "file:///etc/hostname is not an http"),
    ],
)
def test_refusals(server: str, path: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        fetch(server + path, SETTINGS)
    assert caught.value.hint


def test_a_slow_answer_ends_at_the_limit(server: str) -> None:
    start = time.perf_counter()
    with pytest.raises(SourceError, match=r"within 0\.3 s"):
        fetch(f"{server}/slow", IngestSettings(fetch_timeout_s=0.3))
    assert time.perf_counter() - start < 1.5


def test_nobody_listening(server: str) -> None:
    with pytest.raises(SourceError, match="refuses the connection"):
        fetch("http://127.0.0.1:1/", SETTINGS)


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(SourceError, match=r"there is no host 'nowhere\.invalid'"):
        fetch("http://nowhere.invalid/", SETTINGS)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "https://h:99999/", "http://h:x/"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(SourceError, match="is not an http or https address"):
        fetch(url, SETTINGS)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(SourceError) as caught:
        fetch("http://me:secret@example.org/", SETTINGS)
    assert "secret" not in str(caught.value)


def test_a_public_host_may_not_redirect_to_a_private_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_module, "_is_private", lambda url: "127.0.0.1" in url)
    with pytest.raises(SourceError, match="redirects to a private address"):
        fetch_module._redirected("http://example.org/a", "http://127.0.0.1/admin")
    assert fetch_module._redirected("http://127.0.0.1/a", "/b") == "http://127.0.0.1/b"
