"""Translation out: an Answer becomes messages of Block Kit within Slack's published limits. Pure.

Nothing is cut but passages that are merely near: what is too long goes on in the next block or the next message, and
a statement keeps its footnote marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from answer.types import Answer, Citation, Statement
from api.slack.text import SECTION_CHARS, flat, label, markdown, mrkdwn, pieces

MAX_BLOCKS = 50
MESSAGE_CHARS = 12_000
FALLBACK_CHARS = 3000
NEAREST_CHARS = 400
MARK_CHARS = 40  # kept free in each piece of a statement for its marks
STREAM_CHARS = 8000  # a piece of Markdown before it is escaped; twice as long at most, but for entities

FEEDBACK, RECEIPT, SHARE = "footnote_feedback", "footnote_receipt", "footnote_share"

Block = dict[str, Any]  # Block Kit itself: it goes into the Web API as it is


@dataclass(frozen=True, slots=True)
class Message:
    """One message: ``text`` is what notifications and screen readers show."""

    text: str
    blocks: tuple[Block, ...]


def answer_messages(answer: Answer, public_url: str, shareable: bool = False, heading: str = "") -> list[Message]:
    """The messages an answer takes, at least one; only very long ones take more.

    Args:
        answer: what to show.
        public_url: of the page, for links to the quotes; "" for none.
        shareable: add a Share button, for an answer that only the asker sees.
        heading: a line above, e.g. the question; may hold anything.
    """
    top = [_section(f"*{mrkdwn(piece)}*") for piece in pieces(heading, SECTION_CHARS - 2)] if heading else []
    body = [_section(line) for line in answer_lines(answer)]
    return packed([*top, *body, *footer(answer, public_url, shareable)], answer_text(answer))


def answer_lines(answer: Answer) -> list[str]:
    """The statements with their marks, in mrkdwn, in as few sections as they fit."""
    if answer.status != "answered":
        shown = [mrkdwn(piece) for piece in pieces(answer.text, SECTION_CHARS - 2)]
        return [f"*{line}*" for line in shown] if answer.status == "not_in_articles" else shown
    lines: list[str] = []
    for part in (part for statement in answer.statements for part in _statement_parts(statement)):
        if lines and len(lines[-1]) + 1 + len(part) <= SECTION_CHARS:
            lines[-1] += ("\n" if len(answer.statements) > 2 else " ") + part
        else:
            lines.append(part)
    return lines


def _statement_parts(statement: Statement) -> list[str]:
    parts = [mrkdwn(piece) for piece in pieces(statement.text, SECTION_CHARS - MARK_CHARS)]
    return [*parts[:-1], f"{parts[-1]} {marks(statement)}".rstrip()]


def marks(statement: Statement) -> str:
    """``[1][2]``; a statement with very many citations shows as many as fit."""
    return "".join(f"[{number}]" for number in statement.citations)


def stream_pieces(statement: Statement) -> list[str]:
    """A statement as pieces of Markdown to append to a stream, each within one call's limit."""
    parts = [markdown(piece) for piece in pieces(statement.text, STREAM_CHARS // 2)]
    return [f"{part} " for part in parts[:-1]] + [f"{parts[-1]} {marks(statement)} "]


def footer(answer: Answer, public_url: str, shareable: bool = False) -> list[Block]:
    """What stands below the statements: what stays open, footnotes, or the nearest passages, and the buttons."""
    notes = [_section(f"The articles do not say: {mrkdwn(_cut(part))}") for part in answer.unanswered]
    notes += [block for citation in answer.citations for block in _footnote(citation, public_url)]
    if answer.status == "not_in_articles" and answer.nearest:
        notes += [_section("The nearest passages:")]
        notes += [_section(f">{mrkdwn(_cut(near.text))}\n{_title(near.document)}") for near in answer.nearest]
    return [*notes, *(_buttons(answer, shareable) if answer.status in ("answered", "not_in_articles") else [])]


def answer_text(answer: Answer) -> str:
    """The whole answer as a notification shows it, cut at a space if it is long; the blocks have all of it."""
    parts = pieces(answer.text, FALLBACK_CHARS)
    return mrkdwn(parts[0]) + ("…" if len(parts) > 1 else "")


def notice(text: str) -> Message:
    """A short message of our own, e.g. that something failed; ``text`` may hold anything."""
    shown = mrkdwn(pieces(text)[0])
    return Message(shown, (_section(shown),))


def packed(blocks: Sequence[Block], text: str) -> list[Message]:
    """Blocks distributed over messages, in order, within 50 blocks and 12,000 characters each."""
    filled: list[list[Block]] = [[]]
    chars = 0
    for block in blocks:
        size = _size(block)
        if filled[-1] and (len(filled[-1]) == MAX_BLOCKS or chars + size > MESSAGE_CHARS):
            filled.append([])
            chars = 0
        filled[-1].append(block)
        chars += size
    return [Message(text if number == 0 else "…", tuple(part)) for number, part in enumerate(filled)]


def _size(block: Block) -> int:
    return len(block["text"]["text"]) if block["type"] == "section" else 0


def _footnote(citation: Citation, public_url: str) -> list[Block]:
    source = f"_{_title(citation.document.title or citation.document.source)}_, "
    source += f"characters {citation.start}–{citation.end}"
    if public_url:
        source += f" · <{passage_url(citation, public_url)}|Open the passage>"
    parts = pieces(citation.quote, SECTION_CHARS - MARK_CHARS)
    shown = [mrkdwn(part) for part in parts]
    shown[0] = f"[{citation.number}] “{shown[0]}"
    shown[-1] = f"{shown[-1]}”"
    if len(shown[-1]) + 1 + len(source) <= SECTION_CHARS:
        return [*map(_section, shown[:-1]), _section(f"{shown[-1]}\n{source}")]
    return [*map(_section, shown), _section(source)]


def passage_url(citation: Citation, public_url: str) -> str:
    """The page, opened at a quote: code-point offsets into the document's text."""
    where = urlencode({"document": citation.document.id, "start": citation.start, "end": citation.end})
    return f"{public_url.rstrip('/')}/#{where.replace('&', '&amp;')}"


def _title(title: str) -> str:
    return mrkdwn(label(title, 200)) or "untitled"


def _cut(text: str) -> str:
    shown = flat(text)
    return shown if len(shown) <= NEAREST_CHARS else shown[: NEAREST_CHARS - 1].rsplit(" ", 1)[0] + "…"


def _section(text: str) -> Block:
    # verbatim: Slack makes no links of what looks like an address, a channel or a name.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _buttons(answer: Answer, shareable: bool) -> list[Block]:
    buttons = [_button("Show receipt", RECEIPT, f"receipt:{answer.id}")]
    if shareable:
        buttons = [{**_button("Share", SHARE, f"share:{answer.id}"), "style": "primary"}, *buttons]
    feedback = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": _opinion("Good answer", "up", answer),
        "negative_button": _opinion("Bad answer", "down", answer),
    }
    return [{"type": "actions", "elements": buttons}, {"type": "context_actions", "elements": [feedback]}]


def _button(text: str, action: str, value: str) -> Block:
    return {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": text}}


def _opinion(text: str, rating: str, answer: Answer) -> Block:
    shown = {"type": "plain_text", "text": text}
    return {"text": shown, "value": f"{rating}:{answer.id}", "accessibility_label": text}


def check_messages(checked: Sequence[tuple[str, Answer]], public_url: str) -> list[Message]:
    """The verdict on each sentence of somebody's statement, with what the articles say.

    Args:
        checked: sentence and the answer to whether it is true, in order.
        public_url: as for ``answer_messages``.
    """
    blocks: list[Block] = []
    for sentence, answer in checked:
        parts = [mrkdwn(piece) for piece in pieces(sentence, SECTION_CHARS - 100)]
        blocks += [_section(part) for part in parts[:-1]] + [_section(f"{parts[-1]}\n*{verdict(answer)}*")]
        blocks += [block for citation in answer.citations for block in _footnote(citation, public_url)]
    supported = sum(answer.short_answer == "yes" for _, answer in checked)
    return packed(blocks, f"{supported} of {len(checked)} sentences are in the articles.")


def verdict(answer: Answer) -> str:
    """What the articles say about a sentence, in a few words."""
    if answer.status != "answered":
        return "Not in the articles."
    words = {"yes": "The articles say so.", "no": "The articles say otherwise."}
    return words.get(answer.short_answer or "", "The articles do not settle it; the nearest they say:")
