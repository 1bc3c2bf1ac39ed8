"""Hostile text, wherever text comes from: it is shown as it is, runs nothing and calls nobody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hostile import VECTORS
from http_service import Service, Start
from playwright_or_skip import BrowserContext, Page, expect
from web_page import ask, drop, open_page

UPLOADED = 60  # files of one request
ASKED = 40  # questions of one conversation

# What the page itself never makes: were one of these there, hostile text would have become an element.
FOREIGN = (
    "#app :is(img:not(.brand img), script, iframe, object, embed, link, style, base, form:not(.composer), video, a)"
)


class Watch:
    """What a page did that it should not."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.dialogs: list[str] = []
        self.foreign: list[str] = []
        context.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        context.on("request", lambda request: self._saw(request.url, origin))
        context.add_init_script("window.ran = []; window.alert = (what) => window.ran.push(String(what));")

    def _saw(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "blob:", "data:")):
            self.foreign.append(url)

    def nothing_happened(self, page: Page) -> None:
        page.wait_for_timeout(50)
        assert page.evaluate("window.ran") == []
        assert (self.dialogs, self.foreign) == ([], [])
        assert page.locator(FOREIGN).count() == 0


@pytest.fixture
def watched(page: Page, context: BrowserContext, start: Start) -> Iterator[tuple[Page, Service, Watch]]:
    text = "The hostile harbour\n\n" + "\n\n".join(f"Number {n} says {vector}" for n, vector in enumerate(VECTORS))
    service = start(text)
    watch = Watch(context, service.url)
    yield page, service, watch
    watch.nothing_happened(page)


def test_there_are_many_vectors() -> None:
    assert len(set(VECTORS)) >= 200


def test_in_the_text_of_an_article(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    open_page(page, service)
    listed = service.client.get("/v1/documents").json()["documents"][0]["id"]
    text = service.client.get(f"/v1/documents/{listed}").json()["text"]
    assert "<script>alert(1)</script>" in text
    assert page.locator("#article-text").text_content() == text


def test_in_titles_and_file_names(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    files = [
        ("file", (f"{vector}.txt", f"{vector}\n\nParagraph {n} is long enough to be a text.", "text/plain"))
        for n, vector in enumerate(VECTORS)
    ]
    for first in range(0, len(files), UPLOADED):
        sent = service.client.post("/v1/documents", files=files[first : first + UPLOADED])
        assert sent.status_code in (201, 207)
    open_page(page, service)
    page.locator("#picker select").select_option(index=3)
    page.evaluate(
        """(names) => {
            const transfer = new DataTransfer();
            for (const name of names) transfer.items.add(new File(["x"], name + ".exe"));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        }""",
        list(VECTORS),
    )
    expect(page.locator(".upload .bad").first).to_be_visible()


@pytest.mark.parametrize("first", range(0, len(VECTORS), ASKED))
def test_in_questions_and_conversation_titles(watched: tuple[Page, Service, Watch], first: int) -> None:
    page, service, _ = watched
    vectors, session = VECTORS[first : first + ASKED], None
    for vector in vectors:
        body = {"question": vector} | ({"session_id": session} if session else {})
        session = service.client.post("/v1/chat", json=body).headers["footnote-session"]
    assert service.client.patch(f"/v1/sessions/{session}", json={"title": vectors[0]}).status_code == 200
    open_page(page, service)
    page.locator(".session").click()
    expect(page.locator(".question")).to_have_count(len(vectors))
    assert [text.strip() for text in page.locator(".question").all_text_contents()] == [v.strip() for v in vectors]
    expect(page.locator("#chat-title")).to_have_text(vectors[0])
    ask(page, vectors[-1])


def test_in_a_comment(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    open_page(page, service)
    ask(page, "Who ate the moon?")
    page.get_by_role("button", name="Good answer").click()
    page.get_by_label("What was good?").fill(VECTORS[1])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()


def answer_of(vectors: tuple[str, ...]) -> dict[str, Any]:
    """An answer with a vector in every field that is text."""
    hostile = vectors[0]
    reference = {"id": hostile, "title": hostile, "source": hostile, "sha256": hostile}
    place = {"start": 0, "end": 5, "passage_id": hostile, "document": reference}
    return {
        "id": hostile, "question": hostile, "standalone_question": hostile + "!", "status": "answered", "text": hostile,
        "short_answer": hostile, "confidence": 0.5,
        "statements": [{"text": v, "citations": [n], "support": "quoted"} for n, v in enumerate(vectors, start=1)],
        "citations": [{"number": n, "quote": v, **place} for n, v in enumerate(vectors, start=1)],
        "unanswered": list(vectors),
        "nearest": [{"passage_id": v, "text": v, "document": v, "score": 0.1} for v in vectors],
        "models": {"embedder": hostile, "reader": hostile, "generator": hostile},
        "index": {"generation": 1, "corpus_sha256": hostile},
        "timings_ms": {"search": 1, "read": 1, "write": 1, "total": 1},
    }  # fmt: skip


def test_in_every_field_of_an_answer(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    answer = answer_of(VECTORS)
    frames = [("evidence", each) for each in answer["citations"]] + [
        ("statement", each) for each in answer["statements"]
    ]
    body = "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in [*frames, ("answer", answer)])
    page.route("**/v1/chat", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    open_page(page, service)
    ask(page, "Anything?")
    expect(page.locator(".note")).to_have_count(len(VECTORS))
    assert page.locator(".note-quote").all_text_contents() == [f"“{vector}”" for vector in VECTORS]
    assert page.locator(".unsaid bdi").all_text_contents() == list(VECTORS)
    page.locator(".marker").first.click()
    expect(page.locator("#article-note")).to_be_visible()


def test_in_a_receipt_and_its_name(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    open_page(page, service)
    drop(page, f"{VECTORS[1]}.json", json.dumps(answer_of(VECTORS)))
    expect(page.locator(".checks .bad").first).to_be_visible()
    expect(page.locator(".file-name")).to_contain_text("alert(1)")


def test_in_a_problem(watched: tuple[Page, Service, Watch]) -> None:
    page, service, _ = watched
    problem = {"detail": VECTORS[0], "hint": VECTORS[1], "type": VECTORS[2], "status": 422}
    page.route("**/v1/chat", lambda route: route.fulfill(status=422, json=problem))
    open_page(page, service)
    page.locator("#question").fill("Anything?")
    page.locator("#question").press("Enter")
    expect(page.locator(".trouble")).to_contain_text("alert(1)")
