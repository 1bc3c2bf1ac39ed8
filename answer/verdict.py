"""Yes or no: does a sentence of the articles settle the proposition of a question?

By words where they are clear: "no" when the sentence (with its title, headings and antecedent) accounts for the
question but for one thing it states otherwise: another number, another name, an opposite word, a negation; "yes" when
it accounts for every word and nothing speaks against it. A "no" of the words stands; else the reader decides where it
is sure, since a sentence with every word of the question may still mean something else.
"""

import re
from typing import Literal

from answer.comparison import in_order, sides, turned_round
from answer.evidence import Candidate
from answer.words import Word, content_keys, key_of, name_words, negation_count, number_keys, opposites, words

Verdict = Literal["yes", "no"]

# From which log-odds on the reader's verdict is taken (docs/experiments.md, "Yes or no").
SURE = 1.5

_OPENING = re.compile(
    r"""^(?:and\ |so\ |but\ |then\ |ok\ |also\ )*(?:is\ it\ (?:true|correct)\ that\ |true\ or\ false:?[ ]
    |(?:is|are|was|were|do|does|did|has|have|wo)n't\ )?""",
    re.IGNORECASE | re.VERBOSE,
)

# Such an opening ties a sentence to the one before, but does not stand for a name in it as "it" does.
_CONNECTIVE = re.compile(r"(?:for (?:instance|example)|however|despite)\b", re.IGNORECASE)
# "Before" and "after" place what is asked for; they seldom say what is taken for granted.
_TIMES = frozenset(key_of(word) for word in "before after early earlier late later first last".split())


def verdict(candidate: Candidate) -> Verdict | None:
    """The verdict a sentence gives on its question, or None when it does not settle it."""
    by_words = verdict_by_words(candidate)
    return by_words if by_words == "no" else _verdict_as_read(candidate.reading.verdict) or by_words


def _verdict_as_read(log_odds: float) -> Verdict | None:
    if abs(log_odds) < SURE:
        return None
    return "yes" if log_odds > 0 else "no"


def verdict_by_words(candidate: Candidate) -> Verdict | None:
    """The verdict that the words of question and sentence give, or None when they leave it open."""
    proposition = _OPENING.sub("", candidate.question.text.replace("’", "'"), count=1)
    missing = content_keys(proposition) - content_keys(candidate.context)
    if number_keys(candidate.text):  # a title's or heading's number is of something else
        missing |= number_keys(proposition) - number_keys(" ".join(e.quote for e in candidate.support))
    contrary = opposed(content_keys(proposition), candidate.text)
    if missing - contrary:
        return "no" if _other_value(proposition, missing, candidate.text) else None
    turned = turned_round(proposition, candidate.text)
    if _CONNECTIVE.match(candidate.text) and not _own(proposition, candidate.text):
        return None
    if turned is None and (sides(proposition) or not in_order(proposition, candidate.text)):
        return None
    negated = negation_count(proposition) % 2 != negation_count(candidate.text) % 2
    against = [negated, bool(contrary), bool(turned)].count(True)
    return ("yes", "no", None, None)[against] if negated else ("yes", "no", "yes")[against]


def presumes_otherwise(asked: str, sentence: str) -> bool:
    """Whether the question takes for granted the opposite of what the sentence says ("so expensive", "cheaper")."""
    keys = {word.key for word in words(asked)} - _TIMES  # "more" is no content word, but has an opposite
    negated = negation_count(asked) % 2 != negation_count(sentence) % 2
    against = bool(opposed(keys, sentence)) != bool(turned_round(asked, sentence))
    return against and not negated


def _own(proposition: str, sentence: str) -> bool:
    """Whether the sentence itself has every name of the question."""
    return {w.key for w in name_words(proposition)} <= {w.key for w in words(sentence)}


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
