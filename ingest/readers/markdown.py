"""Markdown (CommonMark and tables) -> Draft: the words without the markup, headings kept.

Images and raw HTML tags are dropped; the text inside HTML blocks stays.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.clean import is_list_item
from ingest.draft import Block, Draft

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z][\w-]*):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_KEPT_FIELDS = ("author", "date", "language", "source")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)


def read_markdown(text: str) -> Draft:
    """Parse decoded Markdown; front matter gives the title and a few plain fields."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    fields, body = _front_matter(text)
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    return Draft(
        blocks=tuple(_Walker().blocks(parser.parse(body))),
        title=fields.get("title", ""),
        metadata=tuple((key, fields[key]) for key in _KEPT_FIELDS if key in fields),
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields = {key.lower(): value.strip("\"'") for key, value in _FIELD.findall(match.group(1))}
    return fields, text[match.end() :]


class _Walker:
    """Follows the token stream: which heading, lists and table row are open."""

    def __init__(self) -> None:
        self._level = 0
        self._marker = ""
        self._numbers: list[int | None] = []  # of the open lists: the next number, None for bullets
        self._cells: list[str] | None = None

    def blocks(self, tokens: Sequence["Token"]) -> Iterator[Block]:
        for token in tokens:
            match token.type:
                case "inline":
                    yield from self._text(_inline(token))
                case "tr_close":
                    yield Block(" | ".join(self._cells or ()), "line")
                    self._cells = None
                case "fence" | "code_block":
                    yield from (Block(line, "line") for line in token.content.split("\n"))
                case "html_block":
                    yield Block(_TAG.sub(" ", token.content))
                case _:
                    self._structure(token)

    def _structure(self, token: "Token") -> None:
        match token.type:
            case "heading_open":
                self._level = int(token.tag[1:])
            case "heading_close":
                self._level = 0
            case "bullet_list_open":
                self._numbers.append(None)
            case "ordered_list_open":
                self._numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                self._numbers.pop()
            case "list_item_open":
                self._marker = self._next_marker()
            case "tr_open":
                self._cells = []

    def _next_marker(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _text(self, text: str) -> Iterator[Block]:
        marker, self._marker = self._marker, ""
        if self._cells is not None:
            self._cells.append(text)
        elif self._level:
            yield Block(text, "heading", self._level)
        elif text:
            yield Block(marker + text, "line" if marker or is_list_item(text) else "paragraph")


def _inline(token: "Token") -> str:
    return "".join(_inline_text(child) for child in token.children or ())


def _inline_text(token: "Token") -> str:
    match token.type:
        case "text" | "code_inline" | "text_special":
            return token.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case _:
            return ""
