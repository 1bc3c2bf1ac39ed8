"""Settings of the Slack app, and the names that Slack's own tools give them in the environment."""

import os
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

NAMES = {
    "SLACK_APP_TOKEN": "app_token",
    "SLACK_BOT_TOKEN": "bot_token",
    "SLACK_SIGNING_SECRET": "signing_secret",
    "SLACK_CLIENT_ID": "client_id",
    "SLACK_CLIENT_SECRET": "client_secret",
    "SLACK_API_URL": "api_url",
}


class SlackSettings(BaseModel):
    """Credentials of the Slack app, and how it works through what it is asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_token: SecretStr = Field(default=SecretStr(""), description="xapp-..., for Socket Mode; also SLACK_APP_TOKEN.")
    bot_token: SecretStr = Field(default=SecretStr(""), description="xoxb-..., of one workspace; also SLACK_BOT_TOKEN.")
    signing_secret: SecretStr = Field(
        default=SecretStr(""), description="For HTTP mode: `footnote serve` then has /slack; also SLACK_SIGNING_SECRET."
    )
    client_id: str = Field(default="", description="For several workspaces: OAuth at /slack/install; SLACK_CLIENT_ID.")
    client_secret: SecretStr = Field(
        default=SecretStr(""), description="Goes with client_id; also SLACK_CLIENT_SECRET."
    )
    api_url: str = Field(
        default="https://slack.com/api/", pattern="^https?://", description="Slack's Web API; also SLACK_API_URL."
    )
    public_url: str = Field(
        default="", pattern="^(https?://[^\\s<>|]+)?$", description="Where people reach the page; footnotes link there."
    )
    lease_s: float = Field(
        default=15.0, ge=0.5, le=600, description="What a process died over is taken up again after so long, in s."
    )
    attempts: int = Field(default=6, ge=1, le=100, description="Tries to answer before the failure is said.")


class SlackEnvironment(PydanticBaseSettingsSource):
    """The ``SLACK_...`` variables as a source of settings."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Nothing by field; see ``__call__``."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The ``slack`` section as far as the environment names it."""
        found = {key: value for name, key in NAMES.items() if (value := os.environ.get(name))}
        return {"slack": found} if found else {}
