"""Take the pictures of the page in docs/images, from the service with the settings that are in force.

    make var/index && .venv/bin/python scripts/page_screenshots.py --index var/index

Needs Chromium and the development packages. Starts ``footnote serve`` with conversations of its own, asks QUESTION,
lights the last footnote, and ends the service.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "How far behind are Chinese models?"
IMAGES = Path(__file__).parent.parent / "docs" / "images"
WAIT_S = 120
MAX_BYTES = 200_000


@dataclass(frozen=True)
class Shot:
    """One picture; sizes are CSS pixels."""

    name: str
    width: int
    height: int
    scheme: str


SHOTS = (
    Shot("page-light", 1280, 800, "light"),
    Shot("page-dark", 1280, 800, "dark"),
    Shot("page-phone", 390, 844, "light"),
)


@contextmanager
def service(index: Path) -> Iterator[str]:
    """The service on a free port, until the block ends; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"FOOTNOTE_INDEX": str(index), "FOOTNOTE_SESSIONS": f"{folder}/sessions.sqlite3"}
        command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
        with subprocess.Popen(command, env=os.environ | own, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
            try:
                url = address(running)
                wait(url)
                yield url
            finally:
                running.terminate()


def address(running: "subprocess.Popen[str]") -> str:
    """Where the service says that it listens."""
    assert running.stderr is not None  # noqa: S101
    for line in running.stderr:
        _, found, url = line.partition("serving at ")
        if found:
            return url.strip().partition(",")[0]
    raise SystemExit("the service did not start; run `footnote serve` to see why")


def wait(url: str) -> None:
    """Until models and index are loaded."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if httpx.get(f"{url}/ready").status_code == 200:
            return
        time.sleep(0.2)
    raise SystemExit(f"the service was not ready within {WAIT_S} s; see {url}/ready")


def take(browser: "Browser", url: str, shot: Shot) -> Path:
    """Ask, light a footnote, take the picture."""
    size = {"width": shot.width, "height": shot.height}
    context = browser.new_context(viewport=size, color_scheme=shot.scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.locator(".example").first.wait_for()
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    page.locator(".answer-foot").wait_for(timeout=WAIT_S * 1000)
    page.locator(".note").last.click()
    page.locator(".mark-active").first.wait_for()
    page.wait_for_timeout(500)
    path = IMAGES / f"{shot.name}.png"
    page.screenshot(path=path)
    context.close()
    return path


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--index", type=Path, default=Path("var/index"), help="folder of the index")
    index = parser.parse_args().index.resolve()
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium was found; apt-get install chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with service(index) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in [take(browser, url, shot) for shot in SHOTS]:
            size = path.stat().st_size
            if size > MAX_BYTES:
                raise SystemExit(f"{path} has {size} bytes, the limit is {MAX_BYTES}")
            sys.stdout.write(f"{path.relative_to(IMAGES.parent.parent)} {size // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    main()
