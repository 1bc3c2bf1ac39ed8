"""Slack's published limits of Block Kit and messages, as a check that knows nothing of how blocks are made."""

import re
from typing import Any

Json = dict[str, Any]
_PLACE = re.compile(r"<([^<>]*)>")


def problems_of(message: Json, own_url: str) -> list[str]:
    """What Slack or a careful reader would object to in a message that was sent; [] when it is fine.

    Args:
        message: arguments of chat.postMessage, chat.update, or a body for a response_url.
        own_url: the only address that links may lead to.
    """
    blocks = message.get("blocks") or []
    found = [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    found += [problem for block in blocks for problem in _block(block, own_url)]
    total = sum(len(block["text"]["text"]) for block in blocks if block["type"] == "section")
    found += [f"{total} characters"] if total > 12_000 else []
    return found + _markup(message.get("text", ""), own_url, 12_000)


def _block(block: Json, own_url: str) -> list[str]:
    if block["type"] == "section":
        found = _markup(block["text"]["text"], own_url, 3000)
        return found + ([] if block["text"]["type"] == "mrkdwn" and block["text"].get("verbatim") else ["not verbatim"])
    if block["type"] == "actions":
        wrong = [e for e in block["elements"] if len(e["text"]["text"]) > 75 or len(e["value"]) > 2000]
        wrong += [e for e in block["elements"] if len(e["action_id"]) > 255]
        return ["a button"] if wrong or not 1 <= len(block["elements"]) <= 25 else []
    if block["type"] == "context_actions":
        return [] if 1 <= len(block["elements"]) <= 5 else ["too many elements"]
    return [f"block of type {block['type']}"]


def _markup(text: str, own_url: str, limit: int) -> list[str]:
    """Objections to mrkdwn: only our own links, nothing else in angle brackets, no stray bracket or entity."""
    found = [f"{len(text)} characters of text"] if len(text) > limit else []
    found += [] if text.strip() else ["empty text"]
    for inside in _PLACE.findall(text):
        if not inside.startswith(f"{own_url}/#"):
            found.append(f"<{inside}>")
    rest = _PLACE.sub("", text)
    found += [f"stray {character}" for character in "<>" if character in rest.removeprefix(">")]
    found += ["stray &" for _ in re.findall(r"&(?!amp;|lt;|gt;)", rest)]
    found += [f"a live address: {match}" for match in re.findall(r"\b\w{1,30}://\S+|www\.\w+", rest)]
    return found
