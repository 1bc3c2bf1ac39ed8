"""Playwright's names; a test file that imports them is skipped, and says why, where they or a browser are missing."""

import shutil

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: the page is not tested")

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
if not CHROMIUM:
    pytest.skip("no Chromium was found (apt-get install chromium): the page is not tested", allow_module_level=True)

__all__ = ["CHROMIUM", "Browser", "BrowserContext", "Page", "Route", "expect"]
