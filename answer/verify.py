"""Proof: a reworded sentence may stand only if its evidence accounts for all of it.

The checks are one-sided: they throw out right paraphrases rather than let a wrong one pass. Every number,
name and content word must stand in the evidence; negation, hedging and the order of names must be kept;
the short answer must be in it. What fails is replaced by the quoted evidence.
"""

import re
from collections.abc import Sequence

from answer.words import HEDGES, content_keys, name_words, negation_count, number_keys, words

MAX_WORDS = 60
_ENDING = re.compile(r"[.!][\"”’')\]]*$")
_MARKUP = re.compile(r"https?://|www\.|[<>{}|\\`*#]|\[\d|\n")
_FIRST_PERSON = frozenset({"i", "me", "my", "you", "your", "we", "our"})


def objections(draft: str, evidence: Sequence[str], context: str, short_answer: str | None) -> list[str]:
    """Why ``draft`` may not stand; an empty list means it is proven.

    Args:
        draft: the sentence the generator wrote.
        evidence: the quoted sentences it must follow from.
        context: title and headings, whose words may be used too.
        short_answer: what the reader found; the draft must contain it. None when there is none.
    """
    source = " ".join(evidence)
    found = [_form(draft), "has a label in front" if ":" in draft and ":" not in source else ""]
    found += [f"number {n} is not in the evidence" for n in sorted(number_keys(draft) - number_keys(source))]
    allowed = content_keys(source) | content_keys(context)
    found += [f"word {w!r} is not in the evidence" for w in sorted(content_keys(draft) - allowed)]
    if negation_count(draft) != _negations_of_best(draft, evidence):
        found.append("negation differs")
    found += [_hedging(draft, evidence), _order(draft, source), _voice(draft, source)]
    if short_answer and not content_keys(short_answer) <= content_keys(draft):
        found.append(f"the answer {short_answer!r} is not in it")
    return [reason for reason in found if reason]


def _form(draft: str) -> str:
    if not _ENDING.search(draft):
        return "not a whole sentence"
    if _MARKUP.search(draft):
        return "has markup"
    return "too long" if len(draft.split()) > MAX_WORDS else ""


def _best_source(draft: str, evidence: Sequence[str]) -> str:
    keys = content_keys(draft)
    return max(evidence, key=lambda quote: len(keys & content_keys(quote)), default="")


def _negations_of_best(draft: str, evidence: Sequence[str]) -> int:
    return negation_count(_best_source(draft, evidence))


def _hedging(draft: str, evidence: Sequence[str]) -> str:
    """A prediction or an estimate stays one: "may", "about", "predicts" may not all be dropped."""
    hedges = {w.text.lower() for w in words(_best_source(draft, evidence))} & HEDGES
    kept = {w.text.lower() for w in words(draft)} & HEDGES
    return f"drops the hedge {sorted(hedges)}" if hedges and not kept else ""


def _order(draft: str, source: str) -> str:
    """Names and numbers come in the order of the evidence: a swap of who did what is caught, at the price
    of passive paraphrases.
    """
    marks = {w.key for w in name_words(source)} | number_keys(source)
    wanted = [w.key for w in words(draft) if w.key in marks]
    ordered = iter([w.key for w in words(source) if w.key in marks])
    return "" if all(any(key == other for other in ordered) for key in wanted) else "order of names differs"


def _voice(draft: str, source: str) -> str:
    spoken = {w.text.lower() for w in words(draft)} & _FIRST_PERSON
    return "speaks in the first person" if spoken - {w.text.lower() for w in words(source)} else ""
