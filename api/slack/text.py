"""Text for Slack and from Slack. What comes from an article or a user can mention nobody and link nowhere. Pure."""

import re

SECTION_CHARS = 3000
JOINER = "\u2060"  # word joiner: invisible, and breaks what Slack would make a link
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINK_START = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}:(?=//)|mailto:|www\.)", re.IGNORECASE)
_MARKDOWN = re.compile(r"[\\`*_~\[\]|]")
_MARKDOWN_START = re.compile(r"^(?:[#+=-]|\d+(?=[.)]))")
_MARKUP = re.compile(r"<([^<>]*)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def sound(text: str) -> str:
    """``text`` without what no database keeps: NUL and lone surrogates."""
    return _SURROGATE.sub("\ufffd", text).replace("\0", "\ufffd")


def flat(text: str) -> str:
    """On one line, with control and direction-changing characters made visible as U+FFFD."""
    return " ".join(_CONTROL.sub("\ufffd", sound(text).replace("\n", " ")).split())


def mrkdwn(text: str) -> str:
    """``text`` as Slack's mrkdwn, on one line: no mention, no link, no entity of its own.

    Slack obeys ``<...>`` and nothing else; addresses are broken as well, for clients that make links by themselves.
    """
    return _entities(_broken(flat(text)))


def markdown(text: str) -> str:
    """``text`` as the Markdown of streamed messages: the same, and no emphasis, code, heading or table either."""
    escaped = _entities(_MARKDOWN.sub(lambda mark: "\\" + mark[0], _broken(flat(text))))
    return _MARKDOWN_START.sub(lambda start: start[0] + JOINER if start[0].isdigit() else "\\" + start[0], escaped)


def label(text: str, limit: int) -> str:
    """``text`` for a plain field of ``limit`` characters, such as a title: without angle brackets, cut with "…"."""
    clean = flat(text).replace("<", "").replace(">", "").replace("&", "and")
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def _broken(text: str) -> str:
    return _LINK_START.sub(lambda start: start[1] + JOINER, text)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pieces(text: str, limit: int = SECTION_CHARS) -> list[str]:
    """Raw ``text`` in parts whose mrkdwn has at most ``limit`` characters, cut at spaces where there are any.

    It is cut before it is escaped, so that no entity is cut.
    """
    parts: list[str] = []
    left = flat(text)
    while len(mrkdwn(left)) > limit:
        end = _fitting(left, limit)
        parts.append(left[:end].rstrip())
        left = left[end:].lstrip()
    return [*parts, left] if left or not parts else parts


def _fitting(text: str, limit: int) -> int:
    """How many characters of ``text`` fit, up to a space if there is one in the last half."""
    end = limit
    while len(mrkdwn(text[:end])) > limit:
        end -= max(1, (len(mrkdwn(text[:end])) - limit) // 6)
    space = text.rfind(" ", end // 2, end)
    return space if space > 0 else end


def plain_of(text: str, bot: str) -> str:
    """What somebody wrote, without Slack's markup: the bot's mention goes, links and channels become their labels."""
    without = _MARKUP.sub(lambda found: _meaning(found[1], bot), text)
    for entity, character in _ENTITIES:
        without = without.replace(entity, character)
    return " ".join(without.split())


def _meaning(inside: str, bot: str) -> str:
    target, _, shown = inside.partition("|")
    if target[:1] == "@":
        return " " if target[1:] == bot or not shown else shown
    if target[:1] == "#":
        return f"#{shown}" if shown else ""
    if target[:1] == "!":
        return shown
    return shown or target
