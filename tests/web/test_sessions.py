"""Conversations in the side list."""

import json

import pytest
from http_service import Service, Start
from playwright_or_skip import Page, expect
from web_page import AURORA, NOBODY_SAYS, ask, open_page


@pytest.fixture
def service(start: Start) -> Service:
    """A service with one conversation."""
    running = start()
    with running.client.stream("POST", "/v1/chat", json={"question": AURORA}) as response:
        response.read()
    return running


def test_a_conversation_is_opened_with_its_footnotes(page: Page, service: Service) -> None:
    open_page(page, service)
    page.locator(".session").click()
    expect(page.locator(".question")).to_have_text(AURORA)
    page.locator(".marker").click()
    expect(page.locator(".mark-active")).to_contain_text("The ferry Aurora")
    expect(page.locator("#chat-title")).to_have_text(AURORA)


def test_reloading_keeps_the_conversation(page: Page, service: Service) -> None:
    open_page(page, service)
    ask(page, NOBODY_SAYS)
    page.reload()
    expect(page.locator(".question")).to_have_text(NOBODY_SAYS)


def test_a_new_chat_is_another_conversation(page: Page, service: Service) -> None:
    open_page(page, service)
    page.locator(".session").click()
    expect(page.locator(".question")).to_have_text(AURORA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    ask(page, NOBODY_SAYS)
    expect(page.locator(".session")).to_have_count(2)


def open_menu(page: Page) -> None:
    page.locator(".session-row").first.hover()
    page.locator(".session-row").first.get_by_role("button", name="More").click()


def test_renaming(page: Page, service: Service) -> None:
    open_page(page, service)
    open_menu(page)
    page.get_by_role("button", name="Rename…").click()
    page.get_by_label("Name", exact=True).fill("Ferries")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator(".session-title")).to_have_text("Ferries")
    assert service.client.get("/v1/sessions").json()["sessions"][0]["title"] == "Ferries"


def test_exporting_as_json_has_the_receipts(page: Page, service: Service) -> None:
    open_page(page, service)
    open_menu(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export as JSON").click()
    assert coming.value.suggested_filename == "When-was-the-ferry-Aurora-launched.json"
    exported = json.loads(coming.value.path().read_text(encoding="utf-8"))
    assert exported["exchanges"][0]["answer"]["question"] == AURORA


def test_deleting_the_open_conversation_begins_a_new_one(page: Page, service: Service) -> None:
    open_page(page, service)
    page.locator(".session").click()
    open_menu(page)
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete conversation").click()
    expect(page.locator(".session")).to_have_count(0)
    expect(page.locator(".welcome")).to_be_visible()
    assert service.client.get("/v1/sessions").json()["sessions"] == []


def test_a_conversation_that_is_gone_offers_a_new_one(page: Page, service: Service) -> None:
    open_page(page, service)
    ask(page, AURORA)
    for session in service.client.get("/v1/sessions").json()["sessions"]:
        service.client.delete(f"/v1/sessions/{session['id']}")
    page.locator("#question").fill(NOBODY_SAYS)
    page.locator("#question").press("Enter")
    page.get_by_role("button", name="Ask in a new conversation").click()
    expect(page.locator(".unsaid")).to_be_visible()
