"""Who says what: marks every word of a sentence with the words that name its speaker."""

from collections.abc import Iterable

from answer.proof.lexicon import DOUBTFUL_SAY, TIME_UNITS
from answer.proof.marks import Mark

UNNAMED = frozenset({"?"})
_TIMES = TIME_UNITS | {"next", "last"}


def attribute(marks: list[Mark]) -> None:
    """Set ``source`` on all words that ``marks`` (one sentence) put into somebody's mouth."""
    according_to(marks)
    for i, mark in enumerate(marks):
        if mark.label == "say" and not mark.negated:
            _by_verb(marks, i)
    _in_view(marks)


def according_to(marks: list[Mark]) -> None:
    """As in "According to X, ..." and "..., according to X": the whole sentence but X."""
    for i, mark in enumerate(marks):
        if mark.key != "according_to":
            continue
        end = next((j for j in range(i + 1, len(marks)) if marks[j].text in ",;."), len(marks))
        _hand(marks[:i] + marks[end:], _names(marks[i + 1 : end]))


def _in_view(marks: list[Mark]) -> None:
    """As in "in the view of X", "in X's opinion", "in his view"."""
    for i, mark in enumerate(marks):
        if mark.key not in ("view", "opinion") or mark.prep != "in":
            continue
        start = max((j for j in range(i) if marks[j].key == "in"), default=i)
        after = next((j for j in range(i + 1, len(marks)) if marks[j].text in ",;."), len(marks))
        of = i + 1 < len(marks) and marks[i + 1].key == "of"
        speaker = _names(marks[i + 1 : after]) if of else _names(marks[start:i])
        end = after if of else i + 1
        mark.label = "light"
        _hand(_clause_around(marks, start, end), speaker)


def _clause_around(marks: list[Mark], start: int, end: int) -> list[Mark]:
    """What a remark in commas belongs to: back to a colon or semicolon, forward to the end."""
    begin = max((j for j in range(start) if marks[j].text in ":;"), default=-1) + 1
    stop = next((j for j in range(end, len(marks)) if marks[j].text == ";"), len(marks))
    return marks[begin:start] + marks[end:stop]


def _by_verb(marks: list[Mark], i: int) -> None:
    segment = [j for j in range(len(marks)) if marks[j].segment == marks[i].segment and marks[j].label != "stop"]
    if marks[i].passive:
        _by_passive(marks, i)
        return
    if marks[i].text.lower() in DOUBTFUL_SAY and not _reports(marks, i):
        marks[i].label = "word"
        return
    if any(m.verbal and m.label == "word" for m in marks[segment[0] : i]) and marks[i].text.lower() in DOUBTFUL_SAY:
        return
    before = _subject(marks, i)
    after = [j for j in segment if j > i and marks[j].label != "stop"]
    inverted = not before or (_closes(marks, segment[0] - 1) and segment[0] == i)
    if inverted and after and not _opens_clause(marks, i):
        speaker, rest = _names(marks[j] for j in after), marks[: segment[0]]
    elif _closing_remark(marks, segment, i):
        speaker = _names(marks[j] for j in segment if j < i)
        rest = _clause_around(marks, segment[0], segment[-1] + 1)
    else:
        speaker, rest = _names(before), _said(marks, i)
    _hand(rest, speaker)


def _closing_remark(marks: list[Mark], segment: list[int], i: int) -> bool:
    """As in "..., she wrote in a memo on Friday": after the verb stand phrases of time and place at most."""
    if _opens_clause(marks, i):
        return False
    after = [j for j in segment if j > i]
    if not after:
        return True
    if any(marks[j].label == "pron" for j in after):
        return False
    remark = segment[0] > 0 and marks[segment[0] - 1].text in ',"'
    following = marks[after[-1] + 1 :]
    return (
        remark
        and all(m.prep for m in (marks[j] for j in after) if m.content)
        and all(m.label == "stop" for m in following)
    )


def _reports(marks: list[Mark], i: int) -> bool:
    """A doubtful word does report: a clause follows, or the sentence ends here."""
    segment = [j for j in range(len(marks)) if marks[j].segment == marks[i].segment and marks[j].label != "stop"]
    if _closing_remark(marks, segment, i):
        return True
    rest = [m for m in marks[i + 1 :] if m.segment <= marks[i].segment + 1]
    return any(m.label == "that" or m.text == '"' for m in rest)


def _by_passive(marks: list[Mark], i: int) -> None:
    """As in "is expected by analysts to cut": the words after "by", up to what is said."""
    by = next((j for j in range(i + 1, min(i + 3, len(marks))) if marks[j].key == "by"), None)
    if by is not None:
        end = next((j for j in range(by, len(marks)) if marks[j].key == "to" or marks[j].label == "that"), len(marks))
        if end == len(marks):
            return
        _hand(marks[:i] + marks[end:], _names(marks[by:end]))


def _subject(marks: list[Mark], i: int) -> list[Mark]:
    """Words before a verb of saying, back to the last contrast or semicolon."""
    begin = max((j for j in range(i) if marks[j].text in ";:" or marks[j].label in ("contrast", "but")), default=-1) + 1
    return [m for m in marks[begin:i] if m.content]


def _closes(marks: list[Mark], j: int) -> bool:
    return j >= 0 and marks[j].text in ',"'


def _opens_clause(marks: list[Mark], i: int) -> bool:
    after = next((m for m in marks[i + 1 : i + 3]), None)
    return after is not None and (
        after.label == "that" or after.text == '"' or (after.text == "," and _quoted(marks, i))
    )


def _quoted(marks: list[Mark], i: int) -> bool:
    return i + 2 < len(marks) and marks[i + 2].text == '"'


def _said(marks: list[Mark], i: int) -> list[Mark]:
    """What follows a verb of saying, up to a contrast whose subject is another, or a semicolon."""
    end = next((j for j in range(i + 1, len(marks)) if marks[j].text == ";" or _new_speaker(marks, j)), len(marks))
    that = next((j for j in range(i + 1, end) if marks[j].label == "that" or marks[j].label == "stop"), i)
    start = that if marks[that].label == "that" else i
    return marks[start + 1 : end]


def _new_speaker(marks: list[Mark], j: int) -> bool:
    if marks[j].label not in ("contrast", "but"):
        return False
    return any(m.label == "say" for m in marks[j + 1 :])


def _names(marks: Iterable[Mark]) -> frozenset[str]:
    keys = frozenset(
        m.key for m in marks if m.content and m.label != "say" and not m.adverb and m.text.lower() not in _TIMES
    )
    return keys or UNNAMED


def _hand(marks: Iterable[Mark], speaker: frozenset[str]) -> None:
    for mark in marks:
        if mark.label in ("word", "number"):
            mark.source = speaker
