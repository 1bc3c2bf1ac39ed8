"""Questions and answers: streaming, footnotes, stopping, trouble."""

import json
import threading
from collections.abc import Iterator

import pytest
from http_service import HeldGenerator, Service, Start, wait_until
from playwright_or_skip import BrowserContext, Page, Route, expect
from web_page import AURORA, NOBODY_SAYS, TWO, ask, begin, document, open_page

from answer.backends.base import Message
from answer.backends.echo import EchoGenerator


class PacedGenerator(EchoGenerator):
    """Writes one sentence at once; the others wait for the test."""

    def __init__(self) -> None:
        self.calls, self.go_on = 0, threading.Event()

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        self.calls += 1
        if self.calls > 1:
            assert self.go_on.wait(30)
        yield from super().stream(messages, max_tokens)


def test_an_answer_has_its_sentence_its_footnote_and_its_quote(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, AURORA)
    expect(page.locator(".statement")).to_have_count(1)
    quote = "The ferry Aurora 🚢 was launched in 1998 by the mayor of Lund 🎉. It carries 420 passengers."
    start = document(site, "harbour.txt")["text"].index(quote)
    expect(page.locator(".statement")).to_contain_text("launched in 1998 by the mayor of Lund 🎉")
    expect(page.locator(".marker")).to_have_attribute("aria-label", f"Footnote 1: {quote}")
    expect(page.locator(".note-quote")).to_have_text(f"“{quote}”")
    expect(page.locator(".note-place")).to_contain_text("The harbour of Lund 🚢")
    expect(page.locator(".note-place")).to_contain_text(f"characters {start}–{start + len(quote)}")
    expect(page.locator(".facts").first).to_contain_text("Confidence")


def test_a_sentence_appears_while_the_next_is_still_being_proven(
    page: Page, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    paced = PacedGenerator()
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: paced)
    open_page(page, start())
    begin(page, TWO)
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator(".note")).to_have_count(0)
    expect(page.locator("#announcer")).to_contain_text("launched in 2004")
    paced.go_on.set()
    expect(page.locator(".note")).to_have_count(2)
    expect(page.locator(".statement")).to_have_count(2)
    expect(page.locator("#announcer")).to_contain_text("complete, with 2 footnotes")


def test_stop_ends_the_work_in_the_service(page: Page, start: Start, held: HeldGenerator) -> None:
    service = start()
    open_page(page, service)
    begin(page, AURORA)
    assert held.started.wait(20)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".trouble")).to_contain_text("Stopped")
    assert held.closed.wait(10)
    wait_until(lambda: service.metric("footnote_answers_stopped_total") == 1)
    assert service.client.get("/v1/sessions").json()["sessions"] == []


def test_a_stopped_question_can_be_asked_again(page: Page, start: Start, held: HeldGenerator) -> None:
    open_page(page, start())
    begin(page, AURORA)
    assert held.started.wait(20)
    page.locator("#question").press("Escape")
    held.released.set()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.locator(".exchange")).to_have_count(1)


def test_what_the_articles_do_not_say_shows_the_nearest_passages(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, NOBODY_SAYS)
    expect(page.locator(".unsaid")).to_have_text("The articles do not say.")
    expect(page.locator(".marker")).to_have_count(0)
    assert page.locator(".near").count() >= 1


def test_a_part_that_the_articles_leave_open_is_named(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, f"{AURORA} {NOBODY_SAYS}")
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.locator(".unsaid")).to_contain_text(NOBODY_SAYS)


def test_small_talk_has_no_footnotes(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, "hello")
    expect(page.locator(".said")).to_contain_text("Hello.")
    expect(page.locator(".notes, .nearest")).to_have_count(0)


def test_a_follow_up_is_understood_and_says_how(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, AURORA)
    ask(page, "How many passengers does it carry?")
    expect(page.locator(".exchange").last.locator(".statement")).to_contain_text("420")
    expect(page.locator(".exchange").last.locator(".understood")).to_contain_text("Aurora")
    expect(page.locator(".session[aria-current=true]")).to_have_count(1)


def test_shift_enter_starts_a_line_and_enter_asks(page: Page, site: Service) -> None:
    open_page(page, site)
    box = page.locator("#question")
    box.fill("When was the lighthouse")
    box.press("Shift+Enter")
    box.press_sequentially("built?")
    expect(page.locator(".exchange")).to_have_count(0)
    box.press("Enter")
    expect(page.locator(".question")).to_have_text("When was the lighthouse\nbuilt?")
    expect(box).to_have_value("")


def test_a_blank_question_is_not_asked(page: Page, site: Service) -> None:
    open_page(page, site)
    begin(page, "  \n ")
    expect(page.locator(".exchange")).to_have_count(0)


def test_examples_come_from_the_article_and_can_be_asked(page: Page, site: Service) -> None:
    open_page(page, site)
    expect(page.locator(".example").first).to_have_text("What is said about Ferries and ships?")
    expect(page.locator(".example").last).to_have_text("Summarise the articles.")
    page.locator(".example").last.click()
    expect(page.locator(".statement").first).to_be_visible()


def test_copying_takes_the_footnotes_along(page: Page, context: BrowserContext, site: Service) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, site)
    ask(page, "When was the lighthouse built?")
    page.get_by_role("button", name="Copy the answer").click()
    expect(page.locator(".toast")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = "The lighthouse 🗼 was built in 1877."
    start = document(site, "harbour.txt")["text"].index(quote)
    place = f"characters {start}-{start + len(quote)}"
    assert copied == f"{quote} [1]\n\n[1] “{quote}” The harbour of Lund 🚢, harbour.txt, {place}"


def test_feedback_with_a_comment_is_kept(page: Page, start: Start) -> None:
    service = start()
    open_page(page, service)
    ask(page, AURORA)
    page.get_by_role("button", name="Bad answer").click()
    page.get_by_label("What was wrong?").fill("It was 1999.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(page.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    latest = service.client.get("/v1/feedback").json()["feedback"][0]
    assert (latest["rating"], latest["comment"]) == ("down", "It was 1999.")


@pytest.mark.parametrize(
    ("status", "said"),
    [(429, "The service is busy. Try again in 7 s."), (503, "Not available just now: the index cannot be used now.")],
)
def test_a_refusal_is_told_kindly_and_can_be_retried(page: Page, site: Service, status: int, said: str) -> None:
    refusals = iter([True])

    def refuse_once(route: Route) -> None:
        if not next(refusals, False):
            return route.fallback()
        body = json.dumps({"detail": "the index cannot be used now", "status": status})
        return route.fulfill(
            status=status, headers={"Retry-After": "7"}, content_type="application/problem+json", body=body
        )

    page.route("**/v1/chat", refuse_once)
    open_page(page, site)
    begin(page, AURORA)
    expect(page.locator(".trouble")).to_contain_text(said)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".statement")).to_have_count(1)


def test_a_service_out_of_reach_is_told_and_can_be_retried(page: Page, context: BrowserContext, site: Service) -> None:
    open_page(page, site)
    context.set_offline(True)
    begin(page, AURORA)
    expect(page.locator(".trouble")).to_contain_text("cannot be reached")
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".statement")).to_have_count(1)


def test_an_error_inside_the_stream_is_told(page: Page, site: Service) -> None:
    problem = json.dumps({"type": "urn:footnote:timeout", "status": 504, "detail": "there was no answer within 60 s"})
    page.route(
        "**/v1/chat",
        lambda route: route.fulfill(content_type="text/event-stream", body=f"event: error\ndata: {problem}\n\n"),
    )
    open_page(page, site)
    begin(page, AURORA)
    expect(page.locator(".trouble")).to_contain_text("There was no answer within 60 s.")


def test_a_service_that_wants_a_key_is_given_one(page: Page, start: Start) -> None:
    from api.keys import KeyRing

    service = start(require_key=True)
    secret = KeyRing(service.settings.keys).add("somebody").secret
    page.goto(service.url)
    page.get_by_label("Key", exact=True).fill("wrong")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".dialog")).to_contain_text("does not know this key")
    page.get_by_label("Key", exact=True).fill(secret)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".article-text")).to_contain_text("The ferry Aurora")
    ask(page, AURORA)
    expect(page.locator(".statement")).to_have_count(1)
