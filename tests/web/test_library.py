"""Articles: adding by button and by drop, what goes wrong, deleting."""

from pathlib import Path

from http_service import Service, Start
from playwright_or_skip import Page, Route, expect
from web_page import ask, drop, open_page

BEES = "The bees\n\nThe hive was founded in 1931 by Karl Frisch."


def test_an_uploaded_article_is_shown_and_answered_from(page: Page, start: Start, tmp_path: Path) -> None:
    path = tmp_path / "bees.txt"
    path.write_text(BEES, encoding="utf-8")
    open_page(page, start())
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add").click()
    chooser.value.set_files(path)
    expect(page.locator("#uploads")).to_contain_text("Added: The bees")
    expect(page.locator("#article-text")).to_contain_text("Karl Frisch")
    ask(page, "Who founded the hive?")
    expect(page.locator(".statement")).to_contain_text("1931")


def test_the_first_article_can_be_dropped_on_an_empty_page(page: Page, start: Start) -> None:
    page.goto(start(text="").url)
    expect(page.locator(".welcome h2")).to_have_text("Add an article to begin")
    expect(page.locator("#article-text")).to_contain_text("No article yet")
    drop(page, "bees.txt", BEES)
    expect(page.locator("#article-text")).to_contain_text("Karl Frisch")
    expect(page.locator(".welcome h2")).to_contain_text("The bees")


def test_progress_is_shown_while_an_article_is_indexed(page: Page, site: Service) -> None:
    waiting: list[Route] = []
    page.route("**/v1/documents", lambda route: waiting.append(route))
    open_page(page, site)
    drop(page, "bees.txt", BEES)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".upload-name")).to_have_text("bees.txt")
    waiting[0].fulfill(status=429, headers={"Retry-After": "3"}, json={"detail": "busy"})
    expect(page.locator(".upload .bad")).to_have_text("The service is busy. Try again in 3 s.")
    expect(page.locator(".upload").get_by_role("button", name="Try again")).to_be_visible()


def test_a_file_that_cannot_be_read_says_why(page: Page, site: Service) -> None:
    open_page(page, site)
    drop(page, "song.mp3", "la la")
    expect(page.locator(".upload .bad")).to_contain_text("song.mp3")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_an_article_is_deleted_after_confirmation(page: Page, start: Start) -> None:
    service = start()
    open_page(page, service)
    page.get_by_role("button", name="Delete this article").click()
    expect(page.get_by_role("dialog")).to_contain_text("The harbour of Lund 🚢")
    page.get_by_role("button", name="Cancel").click()
    assert service.client.get("/v1/documents").json()["total"] == 1
    page.get_by_role("button", name="Delete this article").click()
    page.get_by_role("button", name="Delete article").click()
    expect(page.locator("#article-text")).to_contain_text("No article yet")
    assert service.client.get("/v1/documents").json()["total"] == 0
