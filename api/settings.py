"""The one settings tree. Order: flag > environment > file > default; unknown keys are refused.

Environment: ``FOOTNOTE_`` and the path with double underscores, e.g. ``FOOTNOTE_ANSWER__GENERATOR__BACKEND=echo``.
Slack's own names, e.g. ``SLACK_BOT_TOKEN``, come right after it (``api.slack.settings``).
File: ``footnote.toml`` in the working directory, or the one ``FOOTNOTE_CONFIG`` names.
"""

import os
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from answer.settings import AnswerSettings
from api.http.settings import HttpSettings
from api.sessions import SessionSettings
from api.slack.settings import SlackEnvironment, SlackSettings
from ingest.errors import UsageError
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings

PREFIX = "FOOTNOTE_"
OUTSIDE_THE_TREE = ("FOOTNOTE_CONFIG", "FOOTNOTE_CACHE", "FOOTNOTE_TEST_")


def _data(name: str) -> Path:
    return user_data_path("footnote", appauthor=False) / name


class Settings(BaseSettings):
    """Everything that can be set; each stage is given its own section and nothing else."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    index: Path = Field(default_factory=lambda: _data("index"), description="Folder of the index.")
    sessions: Path = Field(default_factory=lambda: _data("sessions.sqlite3"), description="File of the conversations.")
    keys: Path = Field(default_factory=lambda: _data("keys.json"), description="File of the API keys' hashes.")
    session_store: SessionSettings = SessionSettings()
    http: HttpSettings = HttpSettings()
    slack: SlackSettings = SlackSettings()
    ingest: IngestSettings = IngestSettings()
    retriever: RetrieverSettings = RetrieverSettings()
    answer: AnswerSettings = AnswerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, environment, file; no dotenv."""
        file = TomlConfigSettingsSource(settings_cls, config_file())
        return init_settings, env_settings, SlackEnvironment(settings_cls), file


def config_file() -> Path:
    """The settings file that is read, whether it exists or not."""
    return Path(os.environ.get("FOOTNOTE_CONFIG", "footnote.toml"))


def load_settings(**flags: Any) -> Settings:
    """The resolved settings; flags that are None count as not given.

    Raises:
        UsageError: an unknown key or a value out of bounds, named with where it stands.
    """
    named = os.environ.get("FOOTNOTE_CONFIG")
    if named and not Path(named).is_file():
        raise UsageError(f"FOOTNOTE_CONFIG names {named!r}, which is not a file")
    _refuse_unknown_environment()
    try:
        return Settings(**{key: value for key, value in flags.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {where}: {first['msg']} (value: {_shown(where, first['input'])})") from None
    except ValueError as error:
        raise UsageError(f"{config_file()} is not valid TOML: {error}") from None


def _shown(where: str, value: object) -> str:
    return "hidden" if any(word in where for word in ("key", "token", "secret")) else repr(value)[:80]


def _refuse_unknown_environment() -> None:
    """An unknown section in the environment would otherwise be ignored in silence."""
    for name in os.environ:
        known = name.startswith(OUTSIDE_THE_TREE) or not name.startswith(PREFIX)
        if not known and name.removeprefix(PREFIX).split("__")[0].lower() not in Settings.model_fields:
            raise UsageError(f"environment variable {name} is not a setting", "footnote settings")
