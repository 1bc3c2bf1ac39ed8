"""What tests of the page do again and again, in the words of somebody who uses it."""

from typing import TYPE_CHECKING, Any

from http_service import Service

if TYPE_CHECKING:
    from playwright.sync_api import Page

AURORA = "When was the ferry Aurora launched?"
TWO = "When was it launched?"  # two ferries answer to this
NOBODY_SAYS = "Who ate the moon?"


def open_page(page: "Page", service: Service) -> None:
    """Load the page and wait until the articles are there."""
    page.goto(service.url)
    page.locator(".welcome h2").filter(has_not_text="Footnote").wait_for()


def ask(page: "Page", question: str) -> None:
    """Type a question, press Enter, wait for the whole answer."""
    begin(page, question)
    page.locator(".exchange").last.locator(".answer-foot").wait_for()


def begin(page: "Page", question: str) -> None:
    """Type a question and press Enter."""
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")


def lit(page: "Page", kind: str = "active") -> str:
    """The characters that are highlighted in the article."""
    page.locator(f".mark-{kind}").first.wait_for()
    return "".join(page.locator(f".mark-{kind}").all_text_contents())


def in_view(page: "Page", selector: str) -> bool:
    """Whether an element is inside the visible part of the article; an element just redrawn is not, yet."""
    box, pane = page.locator(selector).first.bounding_box(), page.locator("#article-text").bounding_box()
    if box is None or pane is None:
        return False
    return pane["y"] <= box["y"] and box["y"] + box["height"] <= pane["y"] + pane["height"]


def document(service: Service, source: str) -> dict[str, Any]:
    """A document with its text."""
    listed = service.client.get("/v1/documents").json()["documents"]
    found = next(each["id"] for each in listed if each["source"] == source)
    shown: dict[str, Any] = service.client.get(f"/v1/documents/{found}").json()
    return shown


def drop(page: "Page", name: str, text: str) -> None:
    """Drop a file on the page."""
    transfer = page.evaluate_handle(
        """([name, text]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], name));
            return transfer;
        }""",
        [name, text],
    )
    page.dispatch_event("body", "dragenter", {"dataTransfer": transfer})
    page.locator("#drop-hint").wait_for()
    page.dispatch_event("body", "drop", {"dataTransfer": transfer})
    page.locator("#drop-hint").wait_for(state="hidden")
