"""Playwright's names; a test file that imports them is skipped, with the reason, where it is not installed."""

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: the page is not tested")

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

__all__ = ["Browser", "BrowserContext", "Locator", "Page", "Route", "expect"]
