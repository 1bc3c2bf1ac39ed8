"""Proof: a reworded sentence may stand only if its evidence accounts for all of it.

Words, numbers and names must come from the evidence; what is said of whom, by whom, how surely, when and under
which condition must stay (answer.proof). Harmless rewording passes: detail left out, phrases moved, active
for passive, a name for its pronoun, six for 6. What fails is replaced by the quoted evidence.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from answer.proof import RULES
from answer.proof.alignment import align
from answer.proof.lexicon import PLAIN_SAY, TYPE_NOUNS
from answer.proof.marks import Mark
from answer.proof.match import Match
from answer.proof.reading import read
from answer.words import content_keys, words

MAX_WORDS = 60
# A word may be meant by a pronoun: not gladly, hardly, gladly. The reading with the fewest objections counts.
PRONOUN_COSTS = (0.7, 3.0, -3.0)
REPEATED_WORDS = 4
_ENDING = re.compile(r"[.!][\"”’')\]]*$")
_MARKUP = re.compile(r"https?:|www\.|[<>{}|\\`*#~^=_\[\]]|\n|\w@\w|!\(|&\w+;")
_FIRST_PERSON = frozenset({"i", "me", "my", "you", "your", "we", "our"})


def objections(
    draft: str, evidence: Sequence[str], context: str, short_answer: str | None, question: str = ""
) -> list[str]:
    """Why ``draft`` may not stand; an empty list means it is proven. Costs milliseconds; needs no model.

    Args:
        draft: the sentence the generator wrote.
        evidence: the quoted sentences it must follow from, in any order.
        context: title and headings: they may name what the evidence calls "it", and complete its names.
        short_answer: what the reader found; the draft must contain it. None when there is none.
        question: its kind of thing ("tower", "company") may stand where the evidence has a pronoun. Its names,
            numbers and other words never count.
    """
    found = [_form(draft), _voice(draft, evidence), _quotation(draft, evidence), _repetition(draft, evidence)]
    source = " ".join(evidence)
    found.append("has a label in front" if ":" in re.sub(r"\d:\d", "", draft) and ":" not in source else "")
    if short_answer and not _contains(draft, short_answer):
        found.append(f"the answer {short_answer!r} is not in it")
    found = [reason for reason in found if reason]
    return found or _least(draft, evidence, context, question)


def _least(draft: str, evidence: Sequence[str], context: str, question: str) -> list[str]:
    """Objections with the evidence in the order that raises fewest: a pronoun's meaning may be listed after it."""
    both = [list(evidence), list(reversed(evidence))] if len(evidence) > 1 else [list(evidence)]
    readings = (_meaning(draft, quotes, context, question, cost) for quotes in both for cost in PRONOUN_COSTS)
    least: list[str] | None = None
    for found in readings:
        if not found:
            return []
        least = found if least is None or len(found) < len(least) else least
    return least or []


def _meaning(draft: str, evidence: Sequence[str], context: str, question: str, pronoun: float) -> list[str]:
    verbs = frozenset(m.key for m in (*read([draft]), *read(evidence)) if m.verbal and m.label == "word")
    said, quoted = read([draft], verbs), read(evidence, verbs)
    titled = read(context.splitlines())
    places = align(said, quoted, frozenset(m.key for m in titled if m.content and m.label != "number"), pronoun)
    match = Match(said, quoted, places)
    found = list(_unaccounted(match, titled, question))
    for rule in RULES:
        found += rule(match)
    return list(dict.fromkeys(found))


def _unaccounted(match: Match, titled: Sequence[Mark], question: str) -> Iterator[str]:
    asked = {m.key for m in read([question]) if m.content} if question else set[str]()
    for i, mark in enumerate(match.draft):
        if not mark.content:
            continue
        place = match.places.get(i)
        if place is None:
            if not _harmless(mark, match, asked):
                yield f"{'number' if mark.label == 'number' else 'word'} {mark.text!r} is not in the evidence"
        elif place.at is None and not _beside(i, match, titled):
            yield f"word {mark.text!r} is in the title only"


def _harmless(mark: Mark, match: Match, asked: set[str]) -> bool:
    """Is it "says" for another word of saying; the kind of thing that was asked about, for a pronoun?"""
    if mark.text.lower() in PLAIN_SAY:
        return any(m.source for m in match.evidence) and not any(m.key == "deni" for m in match.evidence)
    kind = mark.text.lower() in TYPE_NOUNS and mark.key in asked
    return kind and any(m.label in ("pron", "own") for m in match.evidence)


def _beside(i: int, match: Match, titled: Sequence[Mark]) -> bool:
    """Words of the title complete a name: they lead, as in the title, to a word that the evidence has."""
    titles = set(pairwise(m.key for m in titled if m.content))
    here = [j for j, m in enumerate(match.draft) if m.content]
    at = here.index(i)
    return _leads(here[at:], match, titles, 1) or _leads(here[at::-1], match, titles, -1)


def _leads(indexes: Sequence[int], match: Match, titles: set[tuple[str, str]], step: int) -> bool:
    for one, other in pairwise(indexes):
        pair = (match.draft[one].key, match.draft[other].key)
        if pair[::step] not in titles:
            return False
        place = match.places.get(other)
        if place is not None and place.at is not None:
            return not _other_name(match, place.at)
    return False


def _other_name(match: Match, e: int) -> bool:
    """The evidence has a name of its own there, which the draft leaves out."""
    run = [j for j, m in enumerate(match.evidence) if m.content and m.run == match.evidence[e].run]
    return any(match.evidence[j].name and j not in match.used for j in run)


def _contains(draft: str, short_answer: str) -> bool:
    """All words of the short answer, or the same quantities in other words."""
    if content_keys(short_answer) <= content_keys(draft):
        return True
    keys = {m.key for m in read([short_answer]) if m.content}
    return bool(keys) and keys <= {m.key for m in read([draft]) if m.content}


def _form(draft: str) -> str:
    if not _ENDING.search(draft) or not any(c.isalpha() for c in draft):
        return "not a whole sentence"
    if _MARKUP.search(draft) or any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs", "So") for c in draft):
        return "has markup"
    return "too long" if len(draft.split()) > MAX_WORDS else ""


def _voice(draft: str, evidence: Sequence[str]) -> str:
    said = {w.text.lower() for w in words(draft)} & _FIRST_PERSON
    return "speaks in the first person" if said - {w.text.lower() for quote in evidence for w in words(quote)} else ""


def _quotation(draft: str, evidence: Sequence[str]) -> str:
    """Words in quotation marks are those of the evidence."""
    source = _straight(" ".join(evidence))
    for quoted in re.findall(r'"([^"]+)"', _straight(draft)):
        if quoted.rstrip(".,") not in source:
            return f"{quoted!r} is no quotation from the evidence"
    return ""


def _repetition(draft: str, evidence: Sequence[str]) -> str:
    """Nothing is said twice: "by nine months, they trail by nine months" is true and no answer."""
    once = {run for quote in evidence for run in _repeated(quote)}
    again = next((run for run in _repeated(draft) if run not in once), ())
    return f"says {' '.join(again)!r} twice" if again else ""


def _repeated(text: str) -> list[tuple[str, ...]]:
    """Runs of REPEATED_WORDS words that stand in ``text`` more than once, as keys."""
    keys = [word.key for word in words(text)]
    runs = Counter(zip(*(keys[i:] for i in range(REPEATED_WORDS)), strict=False))
    return [run for run, count in runs.items() if count > 1]


def _straight(text: str) -> str:
    return " ".join(text.replace("“", '"').replace("”", '"').replace("’", "'").split())
