"""Other wordings of the same question, for the evidence to choose from.

A question may stand inside a longer message ("stop it, i asked who runs the ferry"), and it may use an abbreviation
where the articles have the long form, or the other way round. Abbreviations and what they stand for are read from
the articles themselves, by the algorithm of Schwartz & Hearst 2003 ("A simple algorithm for identifying
abbreviation definitions in biomedical text").
"""

import re
from collections.abc import Iterable, Iterator

from answer.rewrite import needs_history
from answer.words import STOP_WORDS, content_keys, name_words, words

MIN_CORE_WORDS = 3
MAX_SHORT = 10

_CORE = re.compile(
    r"""(?:[;:!.–—]\s+|\b(?:asked|asking|tell\ (?:me|us)|know|wonder(?:ing)?|explain|say|find\ out|curious|see
       |understand)\ )
    (?:\w+\ ){0,6}?(?P<core>(?:who|whom|whose|what|when|where|why|how|which)\b.*)$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TAIL = re.compile(r"(?:[\s,]*\b(?:please|pls|thanks|thank you|thx)\b)*[\s?!.,]*$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\((?P<inside>[^()]{2,80})\)")
_BEFORE = re.compile(r"[^\W_][^.;:()]*$")


def core_question(text: str) -> str:
    """What is asked in ``text`` without what is said before and after it; "" when that is all of it.

    What is said must name nothing that the question does not: "In Oslo: who runs the ferry?" asks about Oslo.
    """
    found = _CORE.search(text)
    core = _TAIL.sub("", found["core"]) if found else ""
    kept = {word.key for word in words(core)}
    named = {word.key for word in words(text) if word.text.isdigit()} | {word.key for word in name_words(text)}
    complete = content_keys(core) and named <= kept and not needs_history(core)
    return f"{core}?" if complete and len(words(core)) >= MIN_CORE_WORDS else ""


def spelled_otherwise(question: str, texts: Iterable[str]) -> Iterator[str]:
    """``question`` with an abbreviation that ``texts`` define spelled out, or what it stands for abbreviated."""
    for short, long in dict.fromkeys(pair for text in texts for pair in abbreviations(text)):
        for old, new in ((short, long), (long, short)):
            flags = re.NOFLAG if old.lower() in STOP_WORDS else re.IGNORECASE  # "WHO" is not who
            changed = new.join(re.split(rf"\b{re.escape(old)}(?=s?\b)", question, flags=flags))
            if changed != question:
                yield changed


def abbreviations(text: str) -> Iterator[tuple[str, str]]:
    """Pairs as ("LLM", "large language model") of "large language models (LLMs)", or of "LLMs (large ...)"."""
    for match in _PARENTHESIS.finditer(text):
        inside, before = match["inside"].strip(), _BEFORE.search(text[: match.start()].rstrip())
        if before is None:
            continue
        last = before.group().split()[-1]
        for short, long in ((inside, before.group()), (last, inside)):
            found = _long_form(short, long) if _is_short(short) else ""
            if found:
                yield _singular(short, found)
                break


def _is_short(text: str) -> bool:
    return 2 <= len(text) <= MAX_SHORT and " " not in text and sum(map(str.isupper, text)) >= 2


def _long_form(short: str, text: str) -> str:
    """The shortest end of ``text`` that has the letters of ``short`` in order, the first one at the start of a word."""
    letters = [letter.lower() for letter in short.removesuffix("s") if letter.isalnum()]
    at = len(text)
    for place, letter in reversed(list(enumerate(letters))):
        at = text.lower().rfind(letter, 0, at)
        while at > 0 and place == 0 and text[at - 1].isalnum():
            at = text.lower().rfind(letter, 0, at)
        if at < 0:
            return ""
    found = text[at:]
    most = min(len(letters) + 5, 2 * len(letters))
    return found if len(found) > len(short) and len(found.split()) <= most else ""


def _singular(short: str, long: str) -> tuple[str, str]:
    if short.endswith("s") and long.endswith("s"):
        return short.removesuffix("s"), long.removesuffix("s")
    return short, long
