from ingest.draft import to_document
from ingest.readers.markdown import read_markdown
from ingest.types import Document


def read(text: str) -> Document:
    return to_document("file.md", read_markdown(text))


def test_markup_goes_and_words_stay() -> None:
    text = (
        "Some **bold**, _soft_, `code`, ~~old~~ and [a link](https://example.org) ![alt](x.png)\nnext &amp; last<br>."
    )
    assert read(text).text == "Some bold, soft, code, old and a link next & last."


def test_headings_keep_their_levels() -> None:
    document = read("# One\n\nText.\n\nTwo\n---\n\n### Three #\n\nText.")
    assert [(h.level, document.text[h.start : h.end]) for h in document.headings] == [
        (1, "One"),
        (2, "Two"),
        (3, "Three"),
    ]
    assert document.title == "One"


def test_lists_keep_bullets_numbers_and_nesting_order() -> None:
    assert read("* a\n* b\n  continued\n    1. c\n    2. d\n\n3. e").text == "- a\n- b continued\n1. c\n2. d\n3. e"


def test_a_table_row_is_a_line() -> None:
    assert read("| Firm | Model |\n|---|---|\n| Tencent | **Hunyuan** |\n| | x |").text == (
        "Firm | Model\nTencent | Hunyuan\n| x"
    )


def test_code_is_kept_line_by_line() -> None:
    assert read("Run:\n\n```sh\nmake a\nmake b\n```").text == "Run:\n\nmake a\nmake b"


def test_front_matter_gives_title_and_facts() -> None:
    document = read('---\ntitle: "The Rhine"\nauthor: Jane Roe\ndraft: true\n---\n# Rivers\n\nText.')
    assert (document.title, document.metadata) == ("The Rhine", (("author", "Jane Roe"),))
    assert document.text == "Rivers\n\nText."


def test_html_in_markdown_leaves_only_its_text() -> None:
    assert read("<!-- hidden -->\n\n<div>\nshown\n</div>\n\nText.").text == "shown\n\nText."


def test_quotes_are_paragraphs() -> None:
    assert read("> said\n> so\n\nText.").text == "said so\n\nText."
