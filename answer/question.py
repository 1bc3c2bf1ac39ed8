"""What a question asks for: its kind decides how evidence is gathered."""

import re
from dataclasses import dataclass
from typing import Literal

from answer.words import content_keys, words

Kind = Literal["fact", "list", "yes_no", "definition", "comparison", "summary", "topic", "small_talk", "empty"]

DEFINITION_WORDS = 8
TOPIC_WORDS = 5
MAX_PARTS = 3

_SMALL_TALK = re.compile(
    r"""^(?:
    (?:hi|hello|hey|hiya|howdy|greetings|good\ (?:morning|afternoon|evening|day|night)|bye|goodbye|see\ you|cheers|
       ok(?:ay)?|cool|great|nice|thanks?|thank\ you|thx|ty|sorry|welcome|yo)
    (?:\ (?:there|again|a\ lot|so\ much|very\ much|everyone|all|bot|footnote|you|for\ (?:your|the)\ help|
       that\ help(?:s|ed)(?:\ me)?|that\ was\ (?:very\ )?(?:helpful|useful)|much|then|later|now|friend|team
       |(?:can|could)\ (?:you|u)\ help(?:\ me)?(?:\ out)?))*
    |how\ are\ you(?:\ doing)?(?:\ today)?|how(?:'s|\ is)\ it\ going|what'?s\ up|who\ are\ you|what\ are\ you
    |what(?:\ all)?\ can\ (?:you|u)\ (?:do|help(?:\ me)?\ with|answer)(?:\ for\ me)?|what\ do\ you\ do
    |how\ do\ you\ work|(?:(?:can|could)\ (?:you|u)\ )?help(?:\ me)?|how\ can\ you\ help(?:\ me)?
    |what(?:'s|\ is)\ your\ name|nice\ to\ meet\ you
    |are\ you\ (?:an?\ )?(?:bot|robot|ai|human|chatbot|person|real\ person)
    )$""",
    re.VERBOSE,
)
_SUMMARY = re.compile(
    r"""\b(?:summar(?:y|i[sz]e|ies|i[sz]ing)|sum\ (?:it\ |this\ |the\ article\ )?up|tl;?dr|overview|gist
    |in\ a\ nutshell|takeaways?|boil\ (?:it|this)\ down|outline|main(?:ly)?\ (?:subject|about)
    |(?:key|main|major|central|most\ important|important)\ (?:point|takeaway|take-away|idea|message|theme|topic|
       finding|fact|claim|argument|thing)s?)\b
    |\bwhat(?:'s|\ is|\ does|\ are|\ do)?\ (?:(?:this|the|these|that)\ )?(?:article|text|document|page|piece|story|
       report)s?\ (?:all\ |mainly\ |mostly\ |really\ )*(?:about|say|saying|cover|discuss|describe|tell)s?(?:\ us)?\W*$
    |\bwhat\ (?:did|do|can|should)\ (?:i|we)\ (?:(?:need|have)\ to\ )?(?:learn|know)
       (?:\ (?:about|from|of|on)\ .*)?\W*$""",
    re.VERBOSE,
)
_POLITE = re.compile(
    r"""^(?:(?:please|ok|so|and|but|hi|hey|hello|now|well)\b[ ,]*)*
    (?:(?:can|could|would|will)\ you\ (?:please\ |kindly\ )?
       (?=(?:tell|say|explain|describe|list|name|give|show|remind|let|talk|teach|find)\b)
       |i(?:'d|\ would)\ like\ to\ |i\ (?:want|need)\ to\ )?
    (?:(?:tell\ (?:me|us)|let\ (?:me|us)\ know|know|say|do\ you\ know|any\ idea|remind\ me)\ (?:please\ )?
       (?=(?:who|whom|whose|what|when|where|why|how|which|whether|if)\b))?""",
    re.VERBOSE,
)
_TOPIC = re.compile(
    r"""^(?:(?:tell|teach)\ (?:me|us)|talk(?:\ to\ (?:me|us))?|know|hear|learn|read|write
       |what\ (?:do|can|did)\ you\ (?:know|say|tell\ (?:me|us))
       |(?:anything|something|what's\ there|what\ is\ there|information|info|news|facts)(?:\ (?:is|there))*
       |(?:what\ (?:does|do|is|are|did)\ )?(?:it|they|the\ (?:article|text|document|report|piece|page)s?)
          \ (?:say|said|report|write|mention|tell(?:\ us)?|have\ to\ say))
    (?:\ (?:a\ (?:bit|little)|some|something|more|everything|anything|all))*\ (?:about|on)\ (?P<topic>.+)
    |^(?:explain|describe)(?:\ (?:to\ )?(?:me|us))?\ (?P<thing>.+)""",
    re.VERBOSE,
)
_ASKS = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which|whether|if)\b")
_JOINED = re.compile(
    r"(?:\?|;|,?\s+and)(?:\s+(?:also|then|and))*\s+(?=(?:(?:in|by|for|at|on|to|from|since|with)\s+)?"
    r"(?:who|whom|whose|what|when|where|why|how|which)\b)|\?\s+(?=\w)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:compare[ds]?|comparison|differ(?:s|ence|ences|ent)?|versus|vs\.?|contrast|in common|similarit(?:y|ies))\b"
    r"|\b(?:which|who)\b[^?]*[,:] [^?,:]*\bor\b"
)
_BETWEEN = re.compile(
    r"\b(?:differences?|comparison|distinction|contrast) between (?P<one>[^?,;]+?) and (?P<other>[^?,;]+)\W*$",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"""^(?:and\ |so\ |but\ |then\ |ok\ |also\ )*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should
    |may|might|(?:is|are|was|were|do|does|did|has|have|wo)n't|true\ or\ false)\b""",
    re.VERBOSE,
)
_DEFINITION = re.compile(
    r"^(?:who|what)(?:'s| is| are| was| were) |\bwhat (?:does|is meant by|do you mean by) .+|^define\b|\bmeaning of\b"
    r"|\b(?:is|are|means?|stands? for|short for) what\W*$|\bwhat do .+ (?:mean|stand for)\W*$"
)
_SUBJECT = re.compile(
    r"""^(?:and\ |so\ |ok\ )*(?:
    (?:what\ is\ meant\ by|(?:what\ is\ )?(?:the\ )?meaning\ of|(?:who|what)(?:'s|\ is|\ are|\ was|\ were)|define
      |what\ do(?:es)?)
    \ (?:an?\ |the\ (?:(?:word|name|term|abbreviation|acronym|(?:\w+\ )?letters)\ (?!of\b))?)?(?P<subject>[^?]+?)
    (?:\ (?:mean(?:\ in\ \w+)?|stand\ for|short\ for|called|exactly|anyway|again|please))*
    |(?:an?\ |the\ )?(?P<named>[^?]+?)\ (?:is|are|means?|stands?\ for|is\ short\ for)\ what
    )\W*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LIST = re.compile(
    r"""\b(?:list|name\ (?:the|all|some|two|three)|which\ (?:\w+\ ){0,2}\w+s\b|what\ are
    |what\ (?:\w+\ ){0,2}(?:companies|divisions|areas|kinds|types|products|names|reasons|features|examples|challenges
       |steps|parts)|what\ (?!do(?:es)?\ |did\ |can\ |has\ )(?:\w+\ ){0,2}[a-z]+[^su\W]s
       \ (?:are|were|do|does|did|have|has|had|can|could|will|would|may|might|should|still|remain|exist))\b""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A standalone question and what kind of thing would answer it."""

    text: str
    kind: Kind

    @property
    def subject(self) -> str:
        """What a definition asks about, "Ada Lovelace" of "Who is Ada Lovelace?"; "" for other questions."""
        found = _SUBJECT.match(" ".join(self.text.replace("’", "'").split())) if self.kind == "definition" else None
        subject = (found["subject"] or found["named"]) if found else ""
        return subject if content_keys(subject) else ""


def parse_question(text: str) -> Question:
    """Classify by surface form; pure, microseconds.

    A question with no content word at all is "empty": there is nothing to look up.
    """
    lowered = " ".join(text.lower().replace("’", "'").split())
    return Question(text, _kind(lowered))


def split_request(text: str) -> tuple[str, str]:
    """What is said before the question, and the question: ("I read about Oslo.", "Who runs it?").

    Only where some sentences end in "?" and others do not; else everything is the question. What is merely said
    is then context for a follow-up, never something to look up.
    """
    parts = [part.strip() for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part.strip()]
    asked = [part for part in parts if part.endswith("?")]
    if not asked or len(asked) == len(parts):
        return "", text
    return " ".join(part for part in parts if part not in asked), " ".join(asked)


def question_parts(text: str) -> list[str]:
    """The questions of a question: "When was it built, and who paid?" asks two. At most MAX_PARTS, else it stays one.

    What joins them must have a question on both sides ("when and where was it built?" is one). How two things differ
    asks what each of them is.
    """
    if (pair := _BETWEEN.search(text)) and not _ASKS.search(pair.group().lower()):
        return [f"What is {thing.strip()}?" for thing in pair.group("one", "other")]
    parts = [part.strip(" ,;") for part in _JOINED.split(text)]
    if not 1 < len(parts) <= MAX_PARTS or not all(map(_asks_something, parts)):
        return [text]
    return [part if part.endswith(("?", ".", "!")) else f"{part}?" for part in parts]


def _asks_something(part: str) -> bool:
    lowered = " ".join(part.lower().split())
    asks = _ASKS.search(lowered) is not None or _YES_NO.match(lowered) is not None
    return asks and bool(content_keys(part)) and not _ASKS.fullmatch(lowered.rstrip("?").split()[-1])


def _kind(lowered: str) -> Kind:
    bare = re.sub(r"[^\w\s']", " ", lowered)
    if _SMALL_TALK.match(" ".join(bare.split())):
        return "small_talk"
    if _SUMMARY.search(lowered):
        return "summary"
    if not content_keys(lowered):
        return "empty"
    if _COMPARISON.search(lowered):
        return "comparison"
    lowered = _POLITE.sub("", _behind_colon(lowered), count=1)
    if _is_topic(lowered):
        return "topic"
    if _YES_NO.match(lowered):
        return "yes_no"
    if _DEFINITION.search(lowered) and len(words(lowered)) <= DEFINITION_WORDS:
        return "definition"
    return "list" if _LIST.search(lowered) else "fact"


def _behind_colon(lowered: str) -> str:
    """The question itself where something is named before it: "the harbour: when was it built?"."""
    named, _, asked = lowered.rpartition(": ")
    return asked if named and (_ASKS.match(asked) or _YES_NO.match(asked)) else lowered


def _is_topic(lowered: str) -> bool:
    """As in "tell me about the bridge": a thing is named and nothing in particular is asked of it."""
    found = _TOPIC.match(lowered)
    named = (found["topic"] or found["thing"]) if found else ""
    return bool(named) and not _ASKS.search(named) and len(words(named)) <= TOPIC_WORDS
