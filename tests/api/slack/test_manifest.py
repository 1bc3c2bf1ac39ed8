"""The manifest asks for what the code uses, and names what the code listens for."""

import json
from pathlib import Path

from api.slack.http import SCOPES
from api.slack.listeners import CHECK

MANIFEST = json.loads((Path(__file__).parents[3] / "slack-manifest.json").read_text(encoding="utf-8"))


def test_scopes_and_the_shortcut_are_those_of_the_code() -> None:
    assert tuple(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES
    assert [shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]] == [CHECK]


def test_it_is_for_the_agent_view_and_within_the_limits_of_a_manifest() -> None:
    assert "assistant_view" not in MANIFEST["features"]
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"]
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert len(MANIFEST["features"]["agent_view"]["agent_description"]) <= 300
