"""Where the page's files are."""

from importlib.resources import files
from pathlib import Path


def static_folder() -> Path:
    """The folder of the page, its scripts and styles."""
    return Path(str(files("api"))) / "web" / "static"
