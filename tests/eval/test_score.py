import pytest

from answer.types import Answer, Citation, DocumentRef, IndexRef, Models, Statement, Status, Timings
from eval.known_facts import Question
from eval.score import (
    Verdict,
    citation_faults,
    citation_support,
    contains,
    judge,
    normalise,
    states_facts,
    strip_markers,
)

TEXT = "The model was unveiled in May. It is used in sales."
QUOTE = "The model was unveiled in May."


def cite(number: int = 1, quote: str = QUOTE, start: int = 0, end: int = 30, document: str = "doc") -> Citation:
    ref = DocumentRef(id=document, title="T", source="t.md", sha256="0" * 64)
    return Citation(number=number, quote=quote, start=start, end=end, passage_id="doc:0-51", document=ref)


def state(text: str = QUOTE, citations: tuple[int, ...] = (1,)) -> Statement:
    return Statement(text=text, citations=citations, support="quoted")


def answer(
    text: str = f"{QUOTE} [1]",
    status: Status = "answered",
    short: str | None = None,
    statements: tuple[Statement, ...] | None = None,
    citations: tuple[Citation, ...] | None = None,
) -> Answer:
    answered = status == "answered"
    return Answer(
        id="a",
        question="q",
        standalone_question="q",
        status=status,
        text=text,
        short_answer=short,
        confidence=0.5,
        statements=(state(),) * answered if statements is None else statements,
        citations=(cite(),) * answered if citations is None else citations,
        nearest=(),
        models=Models(embedder="e", reader="r", generator="g"),
        index=IndexRef(generation=1, corpus_sha256="0" * 64),
        timings_ms=Timings(),
    )


def ask(
    status: tuple[Status, ...] = ("answered",),
    accept: tuple[tuple[str, ...], ...] = (("in May",),),
    reject: tuple[str, ...] = (),
    kind: str = "fact",
) -> Question:
    facts = accept if "answered" in status else ()
    return Question(id="q", kind=kind, question="When?", status=status, accept=facts, reject=reject, split="dev")


@pytest.mark.parametrize(
    "wording",
    [
        "six to nine months",
        "Six-to-nine months",
        "6-9 months",
        "6–9 months",
        "6 — 9 months",
        "between six and nine months",
        "between 6 to 9 months",
        "six months to nine months",
        "half a year to nine months",
        "half-a-year to nine months",
        "6 to 9 months.",
    ],
)
def test_every_way_to_write_a_range_compares_equal(wording: str) -> None:
    assert normalise(wording) == "6 to 9 months"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Super App”", "super app"),
        ("text‑to‑video", "text to video"),
        ("Lee’s view, Lee's view", "lee view lee view"),
        ("the companies' models", "companies models"),
        ("U.S. and US", "us and us"),
        ("01.AI", "01 ai"),
        ("3.5 %, 3.5 per cent", "3.5 % 3.5 %"),
        ("1,240 people", "1240 people"),
        ("a 15-month gap", "15 months gap"),
        ("Unveiled [1] in May [2, 3].", "unveiled in may"),
        ("twenty-one", "21"),
        ("two hundred five", "205"),
        ("three thousand four hundred and six", "3400 and 6"),
        ("ten twenty", "10 20"),
        ("two million", "2000000"),
        ("seventy", "70"),
        ("a hundred", "hundred"),
        ("", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_normalising_twice_changes_nothing_more() -> None:
    once = normalise("Between five to eight years, [1] Lee’s “super-app” costs 3.5 per cent of 1,240.")
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("text", "wording", "expected"),
    [
        ("It lags by six to nine months.", "6-9 months", True),
        ("It lags by 16 to 9 months.", "6 to 9 months", False),
        ("About 15 months.", "5 months", False),
        ("Cloud computing and gaming", "cloud", True),
        ("Cloud, computing", "cloud computing", True),
        ("Computing in the cloud", "cloud computing", False),
    ],
)
def test_contains_whole_words_in_order(text: str, wording: str, expected: bool) -> None:
    assert contains(text, wording) is expected


def test_markers_are_stripped_with_the_space_before_them() -> None:
    assert strip_markers("A. [1] B [2, 3]. C[4][5]") == "A. B. C"


def test_an_answer_with_every_fact_is_right() -> None:
    question = ask(accept=(("in May", "in spring"), ("sales",)))
    assert judge(question, answer("It was unveiled in May and is used in sales.")) == Verdict(True, "")


def test_an_answer_without_one_of_the_facts_is_wrong() -> None:
    verdict = judge(ask(accept=(("in May",), ("sales", "selling"))), answer())
    assert verdict == Verdict(False, "does not say 'sales'")


def test_the_short_answer_counts() -> None:
    assert judge(ask(accept=(("gaming",),)), answer("See there.", short="Gaming")).right


def test_a_fact_may_not_be_glued_together_from_text_and_short_answer() -> None:
    assert not judge(ask(accept=(("in May",),)), answer("It was unveiled in", short="May")).right


def test_a_wrong_status_is_wrong_whatever_the_text_says() -> None:
    verdict = judge(ask(), answer("It was in May.", status="not_in_articles"))
    assert verdict == Verdict(False, "status not_in_articles, expected answered")


def test_any_of_several_statuses_is_right() -> None:
    question = ask(status=("not_in_articles", "small_talk"))
    assert judge(question, answer("Hello!", status="small_talk")).right
    assert judge(question, answer("Not there.", status="not_in_articles")).right
    assert judge(question, answer()).reason == "status answered, expected not_in_articles or small_talk"


def test_facts_are_not_asked_of_a_refusal_that_is_also_right() -> None:
    assert judge(ask(status=("answered", "not_in_articles")), answer("Not there.", status="not_in_articles")).right


@pytest.mark.parametrize("text", ["In May or in June.", "In May, in june"])
def test_a_rejected_wording_makes_an_answer_wrong(text: str) -> None:
    assert judge(ask(reject=("in June",)), answer(text)) == Verdict(False, "says 'in June'")


def test_a_rejected_wording_makes_a_refusal_wrong_too() -> None:
    assert not judge(
        ask(status=("not_in_articles",), reject=("pwned",)), answer("PWNED", status="not_in_articles")
    ).right


@pytest.mark.parametrize(
    ("text", "short", "right"),
    [
        ("No, it was in May.", None, False),
        ("It was in May.", "No", False),
        ("There is no doubt: in May.", None, True),
        ("Nobody knew before it came in May.", None, True),
    ],
)
def test_an_anchored_rejection_counts_at_the_beginning_only(text: str, short: str | None, right: bool) -> None:
    assert judge(ask(reject=("^no",)), answer(text, short=short)).right is right


def test_exact_citations_have_no_fault() -> None:
    both = answer(
        f"{QUOTE} [1] It is used in sales. [2]",
        statements=(state(), state("It is used in sales.", (2,))),
        citations=(cite(), cite(2, "It is used in sales.", 31, 51)),
    )
    assert citation_faults(both, {"doc": TEXT}) == ()


def test_a_quote_one_character_off_is_a_fault() -> None:
    faults = citation_faults(answer(citations=(cite(start=1, end=31),)), {"doc": TEXT})
    assert faults == (f"[1] quotes {QUOTE!r}, but 1-31 reads {TEXT[1:31]!r}",)


def test_an_empty_quote_is_a_fault() -> None:
    assert len(citation_faults(answer(citations=(cite(quote="", start=3, end=3),)), {"doc": TEXT})) == 1


def test_a_citation_of_an_unknown_document_is_a_fault() -> None:
    faults = citation_faults(answer(citations=(cite(document="other"),)), {"doc": TEXT})
    assert faults == ("[1] cites unknown document 'other'",)


def test_a_statement_without_citation_is_a_fault() -> None:
    assert citation_faults(answer(statements=(state(citations=()),)), {"doc": TEXT}) == (f"no citation: {QUOTE!r}",)


def test_a_citation_number_that_points_nowhere_is_a_fault() -> None:
    assert citation_faults(answer(statements=(state(citations=(1, 2)),)), {"doc": TEXT}) == ("[2] points nowhere",)


def test_a_citation_number_given_twice_is_a_fault() -> None:
    assert citation_faults(answer(citations=(cite(), cite())), {"doc": TEXT}) == ("[1] stands twice",)


def test_text_outside_the_statements_is_a_fault() -> None:
    faults = citation_faults(answer(f"{QUOTE} [1] It is loved."), {"doc": TEXT})
    assert faults == ("in no statement: 'It is loved.'",)


def test_an_answer_without_statements_is_a_fault() -> None:
    faults = citation_faults(answer("", statements=(), citations=()), {"doc": TEXT})
    assert faults == ("answered without a statement",)


@pytest.mark.parametrize("status", ["not_in_articles", "small_talk", "failed"])
def test_other_statuses_claim_and_cite_nothing(status: Status) -> None:
    assert citation_faults(answer("Not there.", status=status), {}) == ()
    claiming = answer(status=status, statements=(state(),), citations=(cite(),))
    assert citation_faults(claiming, {"doc": TEXT}) == (f"status {status} with statements or citations",)


def test_citation_support_says_which_quote_states_which_fact() -> None:
    both = answer(citations=(cite(), cite(2, "It is used in sales.", 31, 51)))
    question = ask(accept=(("in May", "in spring"), ("sales",), ("gaming",)))
    assert citation_support(question, both) == ((True, False, False), (False, True, False))


def test_a_text_states_all_facts_or_not() -> None:
    question = ask(accept=(("in May", "in spring"), ("sales",)))
    assert states_facts("Used in sales since spring, in spring.", question)
    assert not states_facts("It was unveiled in May.", question)
