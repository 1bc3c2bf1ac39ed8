"""Several workspaces: OAuth, the installation store, and the settings' names in the environment."""

import re
from pathlib import Path

import httpx
import pytest
from fake_slack import Slack
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Bot
from slack_workspace import QUESTION, app_in, event, shown_text

from api.sessions import SessionSettings
from api.sessions_sqlite import SqliteSessions
from api.settings import load_settings
from api.slack.installations import Installations, States

OTHER, FIRST, GRID = "xoxb-of-another-team", "xoxb-1", "xoxb-e"


def test_a_second_workspace_installs_the_app_and_is_answered_with_its_own_token(
    troubled: Slack, tmp_path: Path
) -> None:
    slack = troubled
    slack.tokens[OTHER] = ("T2", "UBOT2")
    oauth = {"client_id": "1.2", "client_secret": SecretStr("c")}
    with app_in(slack, tmp_path, **oauth) as (service, people):
        page = people.client.get(f"{service.url}/slack/install")
        (link,) = re.findall(r'href="(https://slack.com/oauth/[^"]+)"', page.text)
        address = httpx.URL(link.replace("&amp;", "&"))
        assert address.params["client_id"] == "1.2"
        cookie = page.headers["set-cookie"].split(";")[0]
        query = {"code": "good", "state": address.params["state"]}
        back = f"{service.url}/slack/oauth_redirect"
        assert people.client.get(back, params=query, headers={"Cookie": ""}).status_code == 400
        assert people.client.get(back, params=query, headers={"Cookie": cookie}).status_code == 200
        assert people.client.get(back, params=query, headers={"Cookie": cookie}).status_code == 401
        ts = slack.ts()
        people.deliver(event("app_mention", "T2", "UBOT2", channel="C9", user="U9", text=f"<@UBOT2> {QUESTION}", ts=ts))
        (message,) = slack.wait_for_answers(ts)
        assert message["token"] == OTHER
        assert "1998" in shown_text(message)


def test_an_installation_is_found_by_workspace_and_forgotten(tmp_path: Path) -> None:
    store = SqliteSessions(tmp_path / "s.sqlite3", SessionSettings())
    installations = Installations(store)
    kept = {"app_id": "A1", "bot_scopes": ["chat:write"], "installed_at": 1.0}
    installations.save_bot(Bot(team_id="T1", bot_token=FIRST, bot_id="B1", bot_user_id="U1", **kept))
    grid = {"enterprise_id": "E1", "is_enterprise_install": True}
    installations.save_bot(Bot(team_id=None, bot_token=GRID, bot_id="B2", bot_user_id="U2", **grid, **kept))
    found = [installations.workspace("", "T1"), installations.workspace("E1", "T7"), installations.workspace("", "T7")]
    assert [workspace and workspace.token for workspace in found] == [FIRST, GRID, None]
    assert "xoxb" not in repr(found)
    installations.delete_bot(enterprise_id=None, team_id="T1")
    assert installations.workspace("", "T1") is None


def test_a_state_is_good_once(tmp_path: Path) -> None:
    states = States(SqliteSessions(tmp_path / "s.sqlite3", SessionSettings()))
    state = states.issue()
    assert [states.consume(state), states.consume(state), states.consume("invented")] == [True, False, False]


def test_slacks_names_in_the_environment_are_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("FOOTNOTE_SLACK__API_URL", "http://127.0.0.1:8/api/")
    settings = load_settings()
    assert settings.slack.bot_token.get_secret_value() == "xoxb-secret"
    assert settings.slack.api_url == "http://127.0.0.1:8/api/"
    assert "xoxb-secret" not in settings.model_dump_json() + repr(settings)
