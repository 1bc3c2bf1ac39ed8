"""Questions for a number or a time, and sentences that cannot give one.

Evidence that answers has a word of the expected kind next to always; of the sentences that tempt where there is no
answer, an eighth has none (docs/experiments.md, "Quantities").
"""

import re

from answer.words import number_keys

_AMOUNTS = r"""
    % | \b(?:half|halves|thirds?|quarters?|fifths?|tenths?|dozens?|hundreds?|thousands?|millions?|billions?|doubl\w+
    |tripl\w+|twice|thrice|several|couple|pair|both|single|none|no|nothing|nobody|free|life|majority|minority|most|all
    |every|many|few|some|any)\b"""
_CALENDAR = r"""
    \b(?:january|february|march|april|may|june|july|august|september|october|november|december
    |(?:mon|tues|wednes|thurs|fri|satur|sun)days?|spring|summer|autumn|fall|winter|christmas|easter
    |years?|months?|weeks?|week\w+|days?|hours?|minutes?|decades?|centur\w+|today|tomorrow|yesterday
    |night\w*|morning\w*|evening\w*|noon)\b"""
_MOMENTS = r"""
    \b(?:ago|now|recent\w*|soon|earl(?:y|ier)|later?|after\w*|before|since|until|till|during|once|while|when\w*|first|then
    |next|last|already|times?|beginning|start\w*|end\w*|upon|immediately|annual\w*|ages?|era|period|still|current\w*
    |previous\w*|as|(?:at|by|with)\ the)\b"""


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE | re.VERBOSE)


# What is asked, and what a sentence must have of it at least besides a number.
_EXPECTED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bhow long\b", re.IGNORECASE), _pattern(_AMOUNTS, _CALENDAR, _MOMENTS)),
    (
        re.compile(r"\bhow (?:many|much|old|far)\b|\bwhat (?:percent\w*|proportion|share|fraction)\b", re.IGNORECASE),
        _pattern(_AMOUNTS, _CALENDAR),
    ),
    (re.compile(r"\b(?:which|what) (?:year|month|date)\b", re.IGNORECASE), _pattern(_CALENDAR)),
    (
        re.compile(
            r"^(?:and |so |but )*when\b(?!.*\b(?:what|who|which|how|where|why)\b)|\b(?:since|by|until|from) when\b",
            re.IGNORECASE,
        ),
        _pattern(_AMOUNTS, _CALENDAR, _MOMENTS),
    ),
)


def lacks_quantity(question: str, text: str) -> bool:
    """Whether ``question`` asks for a number or a time and ``text`` has no word that could be (part of) one."""
    expected = next((needed for asked, needed in _EXPECTED if asked.search(question)), None)
    return expected is not None and not number_keys(text) and expected.search(text) is None
