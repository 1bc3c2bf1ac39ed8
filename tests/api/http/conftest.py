from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from http_service import TEXT, HeldGenerator, Service, Start, build_index, serving, settings_for


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests that leave its articles and settings as they are."""
    settings = settings_for(tmp_path_factory.mktemp("service"))
    build_index(settings)
    with serving(settings) as running:
        yield running


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a service of one's own: ``start(queue=0)``; with ``text=""`` it has no index."""
    with ExitStack() as stack:

        def run(text: str = TEXT, **http: Any) -> Service:
            settings = settings_for(tmp_path, **http)
            if text:
                build_index(settings, text)
            return stack.enter_context(serving(settings, ready=bool(text)))

        yield run


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldGenerator]:
    """The generator of services that are started after this: it writes until the test releases it."""
    generator = HeldGenerator()
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: generator)
    yield generator
    generator.released.set()
