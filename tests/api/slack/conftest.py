from collections.abc import Iterator

import pytest
from fake_slack import Slack, fake_slack
from http_service import Service
from slack_workspace import People, app_in


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Slack, Service, People]]:
    with fake_slack() as slack, app_in(slack, tmp_path_factory.mktemp("slack")) as (service, people):
        yield slack, service, people


@pytest.fixture
def slack(shared: tuple[Slack, Service, People]) -> Slack:
    """The workspace that all tests share which do not make trouble."""
    return shared[0]


@pytest.fixture
def service(shared: tuple[Slack, Service, People]) -> Service:
    """The HTTP service that answers in that workspace."""
    return shared[1]


@pytest.fixture
def people(shared: tuple[Slack, Service, People]) -> People:
    """Somebody in that workspace."""
    return shared[2]


@pytest.fixture
def troubled() -> Iterator[Slack]:
    """A workspace of one's own."""
    with fake_slack() as slack:
        yield slack
