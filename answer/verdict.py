"""Yes or no: does a sentence of the articles settle the proposition of a question?

Only clear cases get a verdict: "yes" when the sentence (with its title, headings and antecedent) accounts
for every word of the question and nothing speaks against it; "no" when it accounts for the question but
for one thing it states otherwise: another number, another name, an opposite word, a negation.
"""

import re
from typing import Literal

from answer.evidence import Candidate
from answer.words import Word, content_keys, name_words, negation_count, number_keys, opposites, words

Verdict = Literal["yes", "no"]

_OPENING = re.compile(
    r"""^(?:and\ |so\ |but\ |then\ |ok\ |also\ )*(?:is\ it\ (?:true|correct)\ that\ |true\ or\ false:?[ ]
    |(?:is|are|was|were|do|does|did|has|have|wo)n't\ )?""",
    re.IGNORECASE | re.VERBOSE,
)


def verdict(candidate: Candidate) -> Verdict | None:
    """The verdict a sentence gives on its question, or None when it does not settle it."""
    proposition = _OPENING.sub("", candidate.question.text.replace("’", "'"), count=1)
    asked = content_keys(proposition)
    missing = asked - content_keys(candidate.context)
    contrary = opposed(asked, candidate.text)
    if negation_count(proposition) % 2 != negation_count(candidate.text) % 2:
        return "no" if not missing - contrary else None
    if contrary and not missing - contrary:
        return "no"
    if not missing:
        return "yes"
    return "no" if _other_value(proposition, missing, candidate.text) else None


def opposed(asked: set[str], sentence: str) -> set[str]:
    """Words of the question whose opposite stands in the sentence while they themselves do not."""
    here = {w.key for w in words(sentence)}
    return {key for key in asked - here if opposites().get(key, frozenset()) & here}


def _other_value(proposition: str, missing: set[str], sentence: str) -> bool:
    """True when all that is missing is a number (or a name) and the sentence has another in its place."""
    numbers = number_keys(proposition)
    if missing <= numbers:
        return bool(number_keys(sentence) - numbers)
    names: list[Word] = name_words(proposition)
    keys = {w.key for w in names}
    return missing <= keys and bool({w.key for w in name_words(sentence)} - keys)
