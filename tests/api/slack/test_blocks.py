"""What is posted: within Slack's limits, whole, and deaf to what articles and people write."""

import random
import re
from html import unescape

import pytest
from slack_limits import problems_of
from slack_workspace import shown_text

from answer.types import Answer, Citation, DocumentRef, IndexRef, Models, Nearest, Statement, Timings
from api.slack.blocks import Message, answer_messages, check_messages, stream_pieces
from api.slack.prompts import candidates
from api.slack.text import JOINER, markdown, mrkdwn, pieces, plain_of
from ingest.types import Document, Heading

PAGE = "https://docs.example.org"
HOSTILE = [
    "<!channel> look",
    "<!here|here>",
    "<!subteam^S1|@admins>",
    "<@U1> and <#C1|general>",
    "<https://evil.example|Slack support>",
    "https://evil.example/login",
    "HTTP://EVIL.example www.evil.example mailto:a@evil.example",
    "slack://channel?id=C1",
    "[Slack](https://evil.example)",
    "![](https://evil.example/pixel.png)",
    "```code``` *bold* _italics_ ~gone~ `x`",
    "> quote\n# heading\n- item\n1. item\n| a | b |",
    "&lt;!channel&gt; &amp; &#60;!here&#62;",
    "<<!channel>>",
    "<!channel",
    "!channel>",
    "a & b < c > d",
    "\u202egnal\u202c \u2066x\u2069 \x00\x07\x1b[31m",
    "\ud800 lone",
    "😀" * 50,
    "<" * 500,
    "&" * 3000,
    "x" * 9000,
    "word " * 4000,
    "",
    " ",
    '"}]} {"blocks": []}',
]


def answer_of(
    statements: list[str], quotes: list[str] | None = None, title: str = "The harbour", status: str = "answered"
) -> Answer:
    quotes = statements if quotes is None else quotes
    document = DocumentRef(id="d" * 16, title=title, source="harbour.txt", sha256="0" * 64)
    cited = tuple(
        Citation(number=n, quote=quote, start=n, end=n + len(quote), passage_id="p", document=document)
        for n, quote in enumerate(quotes, start=1)
    )
    said = tuple(Statement(text=text, citations=(n,), support="quoted") for n, text in enumerate(statements, start=1))
    near = (Nearest(passage_id="p", text=statements[0], document=title, score=0.5),) if statements else ()
    return Answer(
        id="a" * 32,
        question=statements[0] if statements else "",
        standalone_question="",
        status=status,  # type: ignore[arg-type]
        text="\n".join(f"{s.text} [{n}]" for n, s in enumerate(said, start=1)) or "The articles do not say.",
        short_answer="yes",
        confidence=0.9,
        statements=said,
        unanswered=tuple(statements[:1]),
        citations=cited,
        nearest=near,
        models=Models(embedder="e", reader="r", generator="g"),
        index=IndexRef(generation=1, corpus_sha256=""),
        timings_ms=Timings(),
    )


def sent(messages: list[Message]) -> list[dict[str, object]]:
    return [{"text": message.text, "blocks": list(message.blocks)} for message in messages]


def hostile_texts() -> list[str]:
    """The list, and a hundred more made of its pieces."""
    chance = random.Random(7)  # noqa: S311 - a test that can be repeated
    parts = [part for text in HOSTILE for part in re.split(r"(\W)", text) if part]
    return HOSTILE + ["".join(chance.choices(parts, k=chance.randrange(1, 400))) for _ in range(100)]


@pytest.mark.parametrize("text", hostile_texts(), ids=range(len(HOSTILE) + 100))
def test_hostile_text_mentions_nobody_links_nowhere_and_breaks_nothing(text: str) -> None:
    for status in ("answered", "not_in_articles", "small_talk"):
        answer = answer_of([text], title=text, status=status)
        messages = answer_messages(answer, PAGE, shareable=True, heading=text)
        messages += check_messages([(text, answer)], PAGE)
        assert [problems_of(message, PAGE) for message in sent(messages) if problems_of(message, PAGE)] == []


@pytest.mark.parametrize("text", hostile_texts(), ids=range(len(HOSTILE) + 100))
def test_hostile_text_is_no_markup_in_a_stream(text: str) -> None:
    for piece in stream_pieces(Statement(text=text, citations=(1,), support="quoted")):
        assert len(piece) <= 12_000
        assert "<" not in piece
        assert re.search(r"\w://|www\.\w|mailto:\w", piece) is None
        assert re.search(r"(?<!\\)(?:\\\\)*[`*_~|]", piece) is None
        assert re.search(r"(?<!\\)\](?=\()", piece) is None


def test_what_is_escaped_reads_as_it_was() -> None:
    assert unescape(mrkdwn("AT&T <said> 5 > 3")) == "AT&T <said> 5 > 3"
    assert mrkdwn("01.AI grew by 4.5%") == "01.AI grew by 4.5%"
    assert mrkdwn("see https://a.example") == f"see https:{JOINER}//a.example"
    assert markdown("snake_case [x](y)") == r"snake\_case \[x\](y)"


def test_a_long_text_is_split_at_spaces_and_nothing_is_lost() -> None:
    text = " ".join(f"word{number}&" for number in range(3000))
    parts = pieces(text, 3000)
    assert " ".join(parts) == text
    assert max(len(mrkdwn(part)) for part in parts) <= 3000
    assert "".join(pieces("<" * 5000, 100)) == "<" * 5000


def test_many_and_long_footnotes_go_on_in_further_messages_whole() -> None:
    statements = [f"Statement {number} is true." for number in range(80)]
    quotes = [f"Quote {number} " + "is long " * 400 + f"and ends {number}." for number in range(80)]
    messages = answer_messages(answer_of(statements, quotes), PAGE)
    assert len(messages) > 2
    shown = "\n".join(shown_text(message) for message in sent(messages))
    assert [n for n in range(80) if f"Statement {n} is true. [{n + 1}]" not in shown] == []
    assert [n for n in range(80) if f"[{n + 1}] “Quote {n} " not in shown or f"and ends {n}.”" not in shown] == []
    assert [problem for message in sent(messages) for problem in problems_of(message, PAGE)] == []


def test_a_statement_of_many_pages_keeps_its_mark() -> None:
    text = "a very long statement " * 500
    sections = [b["text"]["text"] for m in answer_messages(answer_of([text]), "") for b in m.blocks if "text" in b]
    assert [s for s in sections if s.endswith("statement [1]")]
    assert stream_pieces(Statement(text=text, citations=(1,), support="quoted"))[-1].endswith("statement [1] ")


def test_only_private_answers_can_be_shared_and_small_talk_has_no_buttons() -> None:
    def actions(answer: Answer, shareable: bool) -> list[str]:
        blocks = [b for m in answer_messages(answer, "", shareable) for b in m.blocks if b["type"] == "actions"]
        return [element["action_id"] for block in blocks for element in block["elements"]]

    assert actions(answer_of(["It is."]), False) == ["footnote_receipt"]
    assert actions(answer_of(["It is."]), True) == ["footnote_share", "footnote_receipt"]
    assert actions(answer_of([], status="small_talk"), True) == []


def test_what_people_write_is_read_without_slacks_markup() -> None:
    assert plain_of("<@UBOT> what is <https://a.example|this>?", "UBOT") == "what is this?"
    assert (
        plain_of("5 &gt; 3 &amp;&amp; 2 &lt; 4, <@U2|bob> in <#C1|general>", "UBOT")
        == "5 > 3 && 2 < 4, bob in #general"
    )
    assert plain_of("&amp;lt;", "UBOT") == "&lt;"


def test_prompts_come_from_the_articles_and_carry_no_markup() -> None:
    text = "<!channel> The harbour\n\nThe ferries\n\nText."
    document = Document("d", "h.txt", "<!channel> The harbour", text, "", (), (Heading(0, 22, 1), Heading(24, 35, 2)))
    assert candidates([document]) == [
        ("!channel The harbour", "Summarise: !channel The harbour"),
        ("The ferries", "Summarise: The ferries"),
    ]
    assert candidates([]) == []
