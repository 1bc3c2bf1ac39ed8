"""The article pane: its text, its marks, and the arithmetic behind them."""

import pytest
from http_service import Service, Start, wait_until
from playwright_or_skip import Page, Route, expect
from web_page import AURORA, NOBODY_SAYS, TWO, ask, document, in_view, lit, open_page

from ingest.load import document_from_text
from retriever.embed_hash import HashEmbedder
from retriever.indexer import update_index


def test_the_pane_holds_the_text_character_for_character(page: Page, site: Service) -> None:
    open_page(page, site)
    assert page.locator("#article-text").text_content() == document(site, "harbour.txt")["text"]


def test_headings_are_headings(page: Page, site: Service) -> None:
    open_page(page, site)
    article = page.locator("#article-text")
    expect(article.get_by_role("heading", level=2)).to_have_text(["The harbour of Lund 🚢"])
    expect(article.get_by_role("heading", level=3)).to_have_text(
        ["Ferries and ships", "Words from afar", "The old crane"]
    )


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (AURORA, "The ferry Aurora 🚢 was launched in 1998 by the mayor of Lund 🎉. It carries 420 passengers."),
        ("When was the lighthouse built?", "The lighthouse 🗼 was built in 1877."),
        ("Who built the crane?", "The crane was built by Anna Berg in 1912 and it lifts 30 tonnes."),
    ],
)
def test_a_click_on_a_marker_lights_exactly_the_quote(page: Page, site: Service, question: str, quote: str) -> None:
    open_page(page, site)
    ask(page, question)
    page.locator(".marker").first.click()
    assert lit(page) == quote


def test_a_link_to_a_place_lights_it(page: Page, site: Service) -> None:
    open_page(page, site)
    read = document(site, "harbour.txt")
    quote = "The lighthouse 🗼 was built in 1877."
    start = read["text"].index(quote)
    page.evaluate(f"location.hash = 'document={read['id']}&start={start}&end={start + len(quote)}'")
    expect(page.locator(".mark-active")).to_have_text(quote)


def test_hovering_lights_the_one_that_is_pointed_at(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, TWO)
    page.locator(".marker").nth(1).hover()
    assert lit(page).startswith("The ferry Aurora")
    page.locator(".note").nth(0).hover()
    expect(page.locator(".mark-active")).to_have_text("The ferry Borealis was launched in 2004 by the queen.")
    expect(page.locator(".marker.chosen")).to_have_text("1")


def test_a_footnote_into_another_article_opens_it(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, "How many apple trees are in the orchard?")
    page.locator(".note").first.click()
    assert lit(page) == "The orchard has 300 apple trees, and pears are sold in October."
    expect(page.get_by_label("Article to show")).to_have_value(document(site, "orchard.txt")["id"])


def test_a_nearest_passage_is_shown_in_its_article(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, NOBODY_SAYS)
    nearest = page.locator(".near").first
    shown = nearest.locator(".near-text").text_content() or ""
    nearest.click()
    assert lit(page, "near").replace("\n", "") in shown.replace("\n", "").replace("- ", "")


def test_the_picker_changes_the_article(page: Page, site: Service) -> None:
    open_page(page, site)
    page.get_by_label("Article to show").select_option("The orchard")
    expect(page.locator("#article-text")).to_contain_text("300 apple trees")


def ask_and_change_the_article(page: Page, service: Service) -> None:
    """Ask, let what the answer quotes vanish from its article, and load the page anew."""
    open_page(page, service)
    ask(page, AURORA)
    changed = document_from_text("harbour.txt", "The harbour of Lund\n\nNothing sails here any more, says the mayor.")
    update_index(service.settings.index, [changed], HashEmbedder(), service.settings.ingest)
    wait_until(lambda: service.client.get("/ready").json()["generation"] == 2)
    page.reload()


def test_an_article_that_changed_since_says_so_and_lights_nothing(page: Page, start: Start) -> None:
    ask_and_change_the_article(page, start())
    page.locator(".marker").first.click()
    expect(page.locator("#article-note")).to_contain_text("has changed since the answer")
    expect(page.locator("#article-text")).to_contain_text("Nothing sails here")
    expect(page.locator(".mark-active")).to_have_count(0)


@pytest.mark.parametrize("order", [1, -1], ids=["as asked", "the other way round"])
def test_pointing_and_clicking_at_once_leave_the_note_that_an_article_changed(
    page: Page, start: Start, order: int
) -> None:
    ask_and_change_the_article(page, start())
    marker = page.locator(".marker").first
    expect(page.locator("#article-text")).to_contain_text("Nothing sails here")
    held: list[Route] = []
    page.route("**/v1/documents?*", lambda route: held.append(route))
    with page.expect_request("**/v1/documents?*"):
        marker.hover()
    with page.expect_request("**/v1/documents?*"):
        marker.click()
    for route in held[::order]:
        with page.expect_response("**/v1/documents/*") as text:
            route.continue_()
        text.value.finished()
    expect(page.locator("#article-note")).to_contain_text("has changed since the answer")


def test_a_book_opens_and_jumps_to_its_last_page(page: Page, start: Start) -> None:
    paragraph = "Of the sea and of those who sailed on it there is much to tell, and little of it is true. " * 5
    text = "\n\n".join([paragraph.strip()] * 1100 + ["The bell Gloriosa was cast in 1497 by Gerhard van Wou."])
    assert len(text.split()) > 100_000
    open_page(page, start(text))
    ask(page, "When was the bell Gloriosa cast?")
    page.locator(".marker").first.click()
    assert lit(page) == "The bell Gloriosa was cast in 1497 by Gerhard van Wou."
    expect(page.locator(".mark-active")).to_be_in_viewport()
    wait_until(lambda: in_view(page, ".mark-active"))


def test_offsets_agree_with_counting_code_points(page: Page, site: Service) -> None:
    open_page(page, site)
    wrong = page.evaluate(
        """async (text) => {
            const { utf16Offsets } = await import("/static/js/offsets.js");
            const convert = utf16Offsets(text);
            const points = Array.from(text);
            return points.concat([""]).filter((_, n) => convert(n) !== points.slice(0, n).join("").length);
        }""",
        "a🚢b\u0301🎉🎉 ١٨٧٧ \U0001f468\u200d\U0001f469 z" * 20,
    )
    assert wrong == []


def test_pieces_cover_a_line_and_the_last_range_wins(page: Page, site: Service) -> None:
    open_page(page, site)
    found = page.evaluate(
        """async () => {
            const { pieces } = await import("/static/js/blocks.js");
            return pieces(10, 30, [
                { start: 5, end: 15, kind: "cited" }, { start: 12, end: 20, kind: "active" },
                { start: 30, end: 40, kind: "cited" },
            ]);
        }"""
    )
    assert [(each["start"], each["end"], each["kind"]) for each in found] == [
        (10, 12, "cited"),
        (12, 15, "active"),
        (15, 20, "active"),
        (20, 30, ""),
    ]


def test_events_survive_any_cut_of_the_stream(page: Page, site: Service) -> None:
    stream = ': still here\n\nevent: statement\ndata: {"text":"é🚢"}\n\nevent: answer\ndata: {}\n\n'
    open_page(page, site)
    found = page.evaluate(
        """async (text) => {
            const { eventsOf } = await import("/static/js/sse.js");
            const bytes = new TextEncoder().encode(text);
            const all = [];
            for (let cut = 1; cut <= bytes.length; cut += 1) {
                const body = new ReadableStream({ start(controller) {
                    for (let i = 0; i < bytes.length; i += cut) controller.enqueue(bytes.slice(i, i + cut));
                    controller.close();
                } });
                const events = [];
                for await (const event of eventsOf(body)) events.push([event.event, event.data]);
                all.push(events);
            }
            return all;
        }""",
        stream,
    )
    assert len(found) == len(stream.encode())
    assert [each for each in found if each != [["statement", '{"text":"é🚢"}'], ["answer", "{}"]]] == []
