"""Questions that want a word of some kind, a number, a time, a colour, and sentences that have none.

Evidence that answers has such a word next to always; of the sentences that tempt where there is no answer, many have
none (docs/experiments.md, "Expected words").
"""

import re
from dataclasses import dataclass

from answer.proof.lexicon import MONTHS
from answer.words import number_keys

_MONTHS = "|".join(sorted(MONTHS))
_AMOUNTS = r"""
    % | \b(?:half|halves|thirds?|quarters?|fifths?|tenths?|dozens?|hundreds?|thousands?|millions?|billions?|doubl\w+
    |tripl\w+|twice|thrice|several|couple|pair|both|single|none|no|nothing|nobody|free|life\w*|majority|minority|most|all
    |every|many|few|some|any)\b"""
_CALENDAR = rf"""
    \b(?:{_MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|spring|summer|autumn|fall|winter|christmas|easter
    |years?|months?|weeks?|week\w+|days?|hours?|minutes?|decades?|centur\w+|today|tomorrow|yesterday
    |night\w*|morning\w*|evening\w*|noon)\b"""
_MOMENTS = r"""
    \b(?:ago|now|recent\w*|soon|earl(?:y|ier)|later?|after\w*|before|since|until|till|during|once|while|when\w*|first|then
    |next|last|already|times?|beginning|start\w*|end\w*|upon|immediately|annual\w*|ages?|era|period|still|current\w*
    |previous\w*|as|(?:at|by|with)\ the)\b"""
_MONEY = r"""
    [$£€¥] | \b(?:dollar|euro|pound|franc|mark|yen|yuan|rupee|kron\w+|cent|pence|penn\w+|cost\w*|pric\w+|pay\w*|paid
    |worth|fee|money|sum|cheap\w*|expensive|less|more)s?\b"""
_COLOURS = r"""
    \b(?:colou?r\w*|red\w*|blue|bluish|green\w*|yellow\w*|orange|purple|violet|pink\w*|brown\w*|black\w*|white\w*|gr[ae]y\w*
    |gold\w*|silver\w*|bronze|beige|turquoise|crimson|scarlet|coral|maroon|cream|ivory|amber|copper|rainbow|pale|dark\w*
    |bright\w*|transparent)\b"""
_YEAR = r"(?:1\d|20)\d\ds?\b"
# "May 1910", "in 1910" and "(1910)", but not "1500 workers".
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{_MONTHS})\b(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? {_YEAR})?"
    rf"|(?:\b(?:in|since|until|during|early|late|mid)[ -]|\(){_YEAR}(?! (?:people|men|women|children|[a-z]+s)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Expected:
    """Questions of a form, and the words one of which must be there.

    A number always will do where ``numbers``; one that is (part of) a date only where ``dates`` too.
    """

    asked: re.Pattern[str]
    words: re.Pattern[str]
    numbers: bool = True
    dates: bool = False

    def missing(self, text: str) -> bool:
        """Whether ``text`` has none of the words, nor a number where one will do."""
        text = text if self.dates else _DATE.sub(" ", text)
        return not (self.numbers and number_keys(text)) and self.words.search(text) is None


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE | re.VERBOSE)


def _asks(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# The first that a question is of counts.
_EXPECTED = (
    _Expected(
        _asks(r"\bhow (?:long|old|far|many (?:\w+ )?(?:year|month|week|day|hour|minute)s)\b"),
        _pattern(_AMOUNTS, _CALENDAR, _MOMENTS),
        dates=True,
    ),
    _Expected(
        _asks(r"\bhow much\b.*\b(?:cost|pay|paid|charge|earn|spen[dt]|worth)\w*|^how much (?:is|was|were|are)\b"),
        _pattern(_AMOUNTS, _MONEY),
    ),
    _Expected(
        _asks(r"\bhow (?:many|much|tall|high|deep|wide|heavy)\b|\bwhat (?:percent\w*|proportion|share|fraction)\b"),
        _pattern(_AMOUNTS),
    ),
    _Expected(_asks(r"\b(?:which|what) (?:year|month|date)\b"), _pattern(_CALENDAR), dates=True),
    _Expected(
        _asks(r"^(?:and |so |but )*when\b(?!.*\b(?:what|who|which|how|where|why)\b)|\b(?:since|by|until|from) when\b"),
        _pattern(_AMOUNTS, _CALENDAR, _MOMENTS),
        dates=True,
    ),
    _Expected(_asks(r"\b(?:which|what) colou?rs?\b"), _pattern(_COLOURS), numbers=False),
)


def lacks_expected(question: str, text: str) -> bool:
    """Whether ``question`` wants a number, a time or a colour and ``text`` has no word that could be (part of) one."""
    expected = next((each for each in _EXPECTED if each.asked.search(question)), None)
    return expected is not None and expected.missing(text)
