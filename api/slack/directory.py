"""Which token acts where: an installation in the database, else the one bot token of the settings."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from api.slack.installations import Installations, Workspace
from api.slack.requests import Request
from api.slack.web import SlackApi, SlackRefusedError

T = TypeVar("T")


class Directory:
    """Finds the workspace of a request.

    Args:
        installations: of several workspaces.
        token: of the one workspace of the settings, or "".
        api: to learn who the token is.
        io: where the database is waited for.
    """

    def __init__(self, installations: Installations, token: str, api: SlackApi, io: Executor) -> None:
        self._installations, self._token, self._api, self._io = installations, token, api, io
        self._own: Workspace | None = None

    @property
    def bot_user(self) -> str:
        """The user id of the one bot, once it is known; events name it themselves as a rule."""
        return self._own.bot_user if self._own else ""

    async def workspace(self, request: Request) -> Workspace:
        """The bot that answers a request. Raises SlackRefusedError, SlackUnavailableError, StoreError."""
        found = await self._in_io(lambda: self._installations.workspace(request.enterprise, request.team))
        if found is not None:
            return found
        if not self._token:
            raise SlackRefusedError("this workspace", "the app is not installed there; open /slack/install")
        return await self.own()

    async def own(self) -> Workspace:
        """The one bot of the settings; asks Slack who it is the first time."""
        if self._own is None:
            _, _, user, bot = await self._api.who_am_i(self._token)
            self._own = Workspace(self._token, user, bot)
        return self._own

    async def forget(self, request: Request) -> None:
        """The app was removed from a workspace: drop its token."""
        await self._in_io(
            lambda: self._installations.delete_bot(
                enterprise_id=request.enterprise or None, team_id=request.team or None
            )
        )

    async def _in_io(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._io, work)
