"""Receipts: downloaded, dropped, chosen; good ones, tampered ones and what is none."""

import json
from pathlib import Path

from http_service import Service
from playwright_or_skip import Page, expect
from web_page import AURORA, ask, drop, open_page


def downloaded(page: Page, folder: Path) -> Path:
    """The receipt of the answer on the page."""
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download the receipt").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def test_a_downloaded_receipt_is_the_answer_without_the_session(page: Page, site: Service, tmp_path: Path) -> None:
    open_page(page, site)
    ask(page, AURORA)
    receipt = json.loads(downloaded(page, tmp_path).read_text(encoding="utf-8"))
    assert receipt["question"] == AURORA
    assert receipt["citations"][0]["quote"].startswith("The ferry Aurora")
    assert "session_id" not in receipt


def test_a_good_receipt_verifies_check_by_check(page: Page, site: Service, tmp_path: Path) -> None:
    open_page(page, site)
    ask(page, AURORA)
    drop(page, "receipt.json", downloaded(page, tmp_path).read_text(encoding="utf-8"))
    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("Verified")
    expect(page.locator(".verdict")).to_contain_text("All 4 checks hold.")
    expect(page.locator(".checks .good")).to_have_count(4)


def test_a_tampered_receipt_does_not_and_says_where(page: Page, site: Service, tmp_path: Path) -> None:
    open_page(page, site)
    ask(page, AURORA)
    path = downloaded(page, tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("1998", "1999"), encoding="utf-8")
    page.locator("#receipt-files").set_input_files(path)
    expect(page.get_by_role("dialog").get_by_role("heading")).to_have_text("Not verified")
    expect(page.locator(".checks .bad").first).to_contain_text("citation 1")
    expect(page.locator(".checks .bad .check-problem").first).to_contain_text("are not the quote")


def test_the_answer_on_the_page_can_be_verified_again(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, AURORA)
    page.get_by_role("button", name="Verify this answer again").click()
    expect(page.locator(".verdict")).to_contain_text("All 4 checks hold.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_json_that_is_no_receipt_is_told(page: Page, site: Service) -> None:
    open_page(page, site)
    drop(page, "other.json", '{"a": 1}')
    expect(page.locator(".verdict")).to_contain_text("This JSON is not a receipt.")


def test_what_is_not_json_is_told(page: Page, site: Service) -> None:
    open_page(page, site)
    drop(page, "broken.json", "{")
    expect(page.locator(".verdict")).to_contain_text("not JSON")


def test_the_side_list_leads_to_a_file_dialog(page: Page, site: Service) -> None:
    open_page(page, site)
    page.get_by_role("button", name="Verify a receipt").click()
    with page.expect_file_chooser():
        page.get_by_role("button", name="Choose a receipt").click()
