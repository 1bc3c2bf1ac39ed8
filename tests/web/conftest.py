"""A real Chromium on a real service; see playwright_or_skip for where there is none."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from http_service import HeldGenerator, Service, Start, build_index, serving, settings_for

from ingest.load import document_from_text
from retriever.embed_hash import HashEmbedder
from retriever.indexer import update_index

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
HARBOUR = """The harbour of Lund 🚢

Ferries and ships

The ferry Aurora 🚢 was launched in 1998 by the mayor of Lund 🎉. It carries 420 passengers. The ferry Borealis was launched in 2004 by the queen.

- Coal was shipped until 1961.
- The lighthouse 🗼 was built in 1877.

Words from afar

المنارة بنيت سنة ١٨٧٧ في لوند. The harbour is called חוף in one letter.

The old crane

The crane was built by Anna Berg in 1912 and it lifts 30 tonnes.
"""  # noqa: E501
ORCHARD = "The orchard\n\nThe orchard has 300 apple trees, and pears are sold in October."


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright
    from playwright_or_skip import CHROMIUM, expect

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with two articles, for tests that leave them as they are."""
    settings = settings_for(tmp_path_factory.mktemp("site"))
    documents = [document_from_text("harbour.txt", HARBOUR), document_from_text("orchard.txt", ORCHARD)]
    update_index(settings.index, documents, HashEmbedder(), settings.ingest)
    with serving(settings) as running:
        yield running


@pytest.fixture
def start(browser: "Browser", tmp_path: Path) -> Iterator[Start]:
    """Start a service of one's own: ``start(queue=0)``; with ``text=""`` it has no index."""
    with ExitStack() as stack:

        def run(text: str = HARBOUR, **http: Any) -> Service:
            settings = settings_for(tmp_path, **http)
            if text:
                build_index(settings, text)
            return stack.enter_context(serving(settings, ready=bool(text)))

        yield run


@pytest.fixture
def held(browser: "Browser", monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldGenerator]:
    """The generator of services that are started after this: it writes until the test releases it."""
    generator = HeldGenerator()
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: generator)
    yield generator
    generator.released.set()


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    """A fresh profile."""
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: "BrowserContext") -> "Iterator[Page]":
    """A tab in which no script may fail and nothing may break the content security policy."""
    tab = context.new_page()
    failures: list[str] = []
    tab.on("pageerror", lambda error: failures.append(str(error)))
    tab.on("console", lambda said: failures.append(said.text) if "Content Security Policy" in said.text else None)
    yield tab
    assert failures == []
