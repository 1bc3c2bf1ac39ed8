"""Workspaces that have installed the app, and the states of installations under way, in the session database.

Tokens lie there as they are: whoever reads the database can act as the bot, as with the conversations themselves.
"""

import json
import logging
import secrets
import time
from dataclasses import dataclass
from logging import Logger
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from api.sessions import SessionStore

STATE_S = 600.0
_log = logging.getLogger("footnote.slack")


@dataclass(frozen=True, slots=True, repr=False)
class Workspace:
    """What is needed to act in a workspace. Not shown in logs: it has the token.

    Attributes:
        token: of the bot.
        bot_user: user id of the bot.
        bot: id of the bot.
    """

    token: str
    bot_user: str
    bot: str


class Installations(InstallationStore):
    """An InstallationStore of the SDK over the session database; of bots alone, there are no user tokens."""

    def __init__(self, store: SessionStore) -> None:
        self._store = self.store = store

    @property
    def logger(self) -> Logger:
        """See InstallationStore."""
        return _log

    def save(self, installation: Installation) -> None:
        """Keep an installation, in place of an earlier one of the same workspace. Raises StoreError."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """See ``save``."""
        kept = {
            "bot_token": bot.bot_token,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "bot_scopes": list(bot.bot_scopes or ()),
            "app_id": bot.app_id,
            "is_enterprise_install": bool(bot.is_enterprise_install),
        }
        with self._store.transaction(write=True) as sql:
            sql.run(
                "INSERT INTO slack_installations (enterprise, team, bot, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (enterprise, team) DO UPDATE SET bot = excluded.bot, at = excluded.at",
                (*_key(bot.enterprise_id, bot.team_id, bot.is_enterprise_install), json.dumps(kept), time.time()),
            )

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace, or the one that its whole grid has installed."""
        keys = (_key(enterprise_id, team_id, is_enterprise_install), _key(enterprise_id, None, True))
        with self._store.transaction(write=False) as sql:
            for enterprise, team in keys:
                rows, _ = sql.run(
                    "SELECT bot, at FROM slack_installations WHERE enterprise = ? AND team = ?", (enterprise, team)
                )
                if rows and (enterprise or team):
                    kept: dict[str, Any] = json.loads(rows[0][0])
                    return Bot(enterprise_id=enterprise or None, team_id=team or None, installed_at=rows[0][1], **kept)
        return None

    def find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """As ``find_bot``; whoever installed it makes no difference."""
        bot = self.find_bot(enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install)
        if bot is None:
            return None
        return Installation(
            user_id=user_id or "",
            enterprise_id=bot.enterprise_id,
            team_id=bot.team_id,
            bot_token=bot.bot_token,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            is_enterprise_install=bot.is_enterprise_install,
        )

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace and its token."""
        with self._store.transaction(write=True) as sql:
            sql.run(
                "DELETE FROM slack_installations WHERE enterprise = ? AND team = ?",
                _key(enterprise_id, team_id, team_id is None),
            )

    def delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """See ``delete_bot``; there is one for each workspace."""
        if user_id is None:
            self.delete_bot(enterprise_id=enterprise_id, team_id=team_id)

    def workspace(self, enterprise: str, team: str) -> Workspace | None:
        """The same as ``find_bot``, as the rest of this package needs it."""
        bot = self.find_bot(enterprise_id=enterprise or None, team_id=team or None)
        return Workspace(bot.bot_token, bot.bot_user_id or "", bot.bot_id or "") if bot and bot.bot_token else None


class States(OAuthStateStore):
    """One-time values that tie the end of an installation to its beginning; kept for ten minutes."""

    def __init__(self, store: SessionStore) -> None:
        self._store = self.store = store

    @property
    def logger(self) -> Logger:
        """See OAuthStateStore."""
        return _log

    def issue(self, *_args: Any, **_kwargs: Any) -> str:
        """A new state; those that have run out are dropped."""
        state, now = secrets.token_urlsafe(32), time.time()
        with self._store.transaction(write=True) as sql:
            sql.run("DELETE FROM slack_states WHERE expires < ?", (now,))
            sql.run("INSERT INTO slack_states (state, expires) VALUES (?, ?)", (state, now + STATE_S))
        return state

    def consume(self, state: str) -> bool:
        """Whether a state was issued and is used for the first time, in time."""
        with self._store.transaction(write=True) as sql:
            _, deleted = sql.run("DELETE FROM slack_states WHERE state = ? AND expires >= ?", (state, time.time()))
        return deleted > 0


def _key(enterprise: str | None, team: str | None, whole_grid: bool | None) -> tuple[str, str]:
    """A workspace of a grid is known by its team alone, since not every payload names the grid."""
    return (enterprise or "", "") if whole_grid or not team else ("", team)
