"""For everybody: phone width, themes, keyboard, screen readers."""

import pytest
from http_service import Service
from playwright_or_skip import Browser, Page, expect
from web_page import AURORA, NOBODY_SAYS, ask, lit, open_page

PHONE = {"width": 390, "height": 844}


def violations(page: Page) -> list[str]:
    """What axe finds, as rule and element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    found = axe.Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(page: Page, site: Service, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, site)
    assert violations(page) == []
    ask(page, AURORA)
    page.locator(".marker").first.click()
    lit(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    ask(page, NOBODY_SAYS)
    page.get_by_role("button", name="Verify this answer again").click()
    expect(page.locator(".verdict")).to_be_visible()
    assert violations(page) == []


def test_the_dark_theme_follows_the_system(page: Page, site: Service) -> None:
    page.emulate_media(color_scheme="dark")
    open_page(page, site)
    assert brightness(page) < 60
    page.emulate_media(color_scheme="light")
    assert brightness(page) > 200


def test_the_chosen_theme_outlives_a_reload(page: Page, site: Service) -> None:
    open_page(page, site)
    page.get_by_role("button", name="Dark theme").click()
    assert brightness(page) < 60
    page.reload()
    assert brightness(page) < 60
    expect(page.get_by_role("button", name="Light theme")).to_be_visible()


def test_the_page_works_where_storage_is_forbidden(page: Page, site: Service) -> None:
    page.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
            Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    open_page(page, site)
    page.get_by_role("button", name="Dark theme").click()
    assert brightness(page) < 60
    ask(page, AURORA)
    expect(page.locator(".statement")).to_have_count(1)


def brightness(page: Page) -> float:
    """Mean of red, green and blue of the page's background, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [float(part) for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(channels) / 3


def test_on_a_phone_a_tap_brings_the_article_and_closing_gives_the_focus_back(browser: Browser, site: Service) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_page(page, site)
    expect(page.locator("#article-pane")).not_to_be_visible()
    ask(page, AURORA)
    assert sideways(page) <= 0
    page.locator(".marker").tap()
    assert lit(page).startswith("The ferry Aurora")
    expect(page.locator(".mark-active")).to_be_in_viewport()
    page.get_by_role("button", name="Close the article").tap()
    expect(page.locator("#article-pane")).not_to_be_visible()
    expect(page.locator(".marker")).to_be_focused()
    context.close()


def test_on_a_phone_the_conversations_are_a_drawer(page: Page, site: Service) -> None:
    page.set_viewport_size(PHONE)
    open_page(page, site)
    expect(page.locator("#sidebar")).not_to_be_visible()
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(page.locator("#sidebar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sidebar")).not_to_be_visible()
    expect(page.get_by_role("button", name="Conversations", exact=True)).to_be_focused()


def test_long_words_do_not_widen_the_page(page: Page, site: Service) -> None:
    open_page(page, site)
    ask(page, "Who ate " + "Donaudampfschiff" * 30 + "?")
    for width in (320, 390, 760, 1080, 1920):
        page.set_viewport_size({"width": width, "height": 700})
        wide = page.locator("#exchanges").evaluate("node => node.scrollWidth - node.clientWidth")
        assert (width, sideways(page), wide) == (width, 0, 0)


def test_a_long_title_does_not_push_the_nearest_passages_off_a_phone(page: Page, site: Service) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_page(page, site)
    ask(page, NOBODY_SAYS)
    near = page.locator(".near").first
    near.evaluate("node => { node.lastElementChild.textContent = 'A title of many words '.repeat(12); }")
    assert near.evaluate("node => Math.ceil(node.getBoundingClientRect().right)") <= PHONE["width"]


def test_everything_by_keyboard(page: Page, site: Service) -> None:
    open_page(page, site)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the question")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(AURORA)
    page.keyboard.press("Enter")
    page.locator(".answer-foot").wait_for()
    while not page.evaluate("document.activeElement.matches('.marker')"):
        page.keyboard.press("Shift+Tab")
    assert lit(page).startswith("The ferry Aurora")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_landmarks_have_names(page: Page, site: Service) -> None:
    open_page(page, site)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Conversations")).to_have_count(1)
    expect(page.get_by_role("region", name="Article", exact=True)).to_have_count(1)
    expect(page.get_by_role("log", name="Answers as they come")).to_have_attribute("aria-live", "polite")
