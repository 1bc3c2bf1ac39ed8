"""Questions put to Footnote and to the baselines, judged alike."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from answer.backends.base import Message
from answer.backends.echo import EchoGenerator
from answer.reader import OverlapReader, Reading, Text
from answer.settings import AnswerSettings, ReaderSettings
from answer.types import Turn
from eval.baselines import AlwaysRefuse, FreeGeneration, System, TopSentence, Unproven, contenders, free_prompt
from eval.corpus import Corpus, MemoryIndex
from eval.known_facts import Question
from eval.observe import ObservedService, Remembering
from eval.rows import row_of
from eval.run import run_all
from ingest.errors import ModelError, UsageError
from ingest.settings import IngestSettings
from retriever.settings import RetrieverSettings

LIE = "The ferry Aurora was launched in 2001 by the king of Norway."
SETTINGS = AnswerSettings(reader=ReaderSettings(model="overlap"), threshold=0.5, reword_from=0)


class Says:
    """A generator that always writes the same, and counts how often it is asked."""

    name = "says"

    def __init__(self, text: str = LIE) -> None:
        self.text, self.asked = text, 0

    def load(self) -> None:
        pass

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        self.asked += 1
        for word in self.text.split(" "):
            yield f"{word} "


class Breaks(OverlapReader):
    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        raise ModelError("the model broke")


def nothing(done: int, total: int) -> None:
    pass


def test_watching_does_not_change_an_answer(service: ObservedService, index: MemoryIndex) -> None:
    asked = service.ask("When was the ferry Aurora launched?", index.source())
    seen = service.observe("When was the ferry Aurora launched?", index.source())
    assert (seen.answer.text, seen.answer.citations) == (asked.text, asked.citations)


def test_what_was_read_and_drafted_is_seen(service: ObservedService, index: MemoryIndex) -> None:
    seen = service.observe("When was the ferry Aurora launched?", index.source())
    assert seen.found is not None
    assert any("1998" in candidate.text for candidate in seen.found.chosen)
    assert len(seen.drafts) == len(seen.answer.statements)
    assert "1998" in seen.drafts[0][0]


def test_small_talk_reads_nothing_even_after_a_question(service: ObservedService, index: MemoryIndex) -> None:
    service.observe("When was the ferry Aurora launched?", index.source())
    seen = service.observe("Hello", index.source())
    assert (seen.found, seen.drafts) == (None, ())


def test_a_row_says_why_a_draft_was_thrown_out(question: Callable[..., Question], index: MemoryIndex) -> None:
    liar = ObservedService(SETTINGS, OverlapReader(), Says())
    asked = question("launch", "When was the ferry Aurora launched?", ["1998"])
    source = index.source()
    row = row_of(asked, liar.observe(asked.question, source), source)
    assert row.drafts[0].text == LIE
    assert not row.drafts[0].kept
    assert row.drafts[0].objections != ()
    assert row.verdict.right


def test_a_row_has_passages_spans_and_exact_footnotes(
    service: ObservedService, index: MemoryIndex, question: Callable[..., Question]
) -> None:
    asked, source = question("launch", "When was the ferry Aurora launched?", ["1998"]), index.source()
    row = row_of(asked, service.observe(asked.question, source), source)
    (document,) = source.retriever.documents.values()
    assert all(document.text[p.start : p.end] == p.text for p in row.passages)
    assert all(document.text[s.start : s.end] == s.text for s in row.spans)
    assert any(span.chosen for span in row.spans)
    assert (row.citation_faults, row.citation_support, row.supported) == ((), ((True,),), True)


def test_a_run_judges_every_question(service: ObservedService, corpus: Corpus, questions: tuple[Question, ...]) -> None:
    steps: list[tuple[int, int]] = []
    (main,) = run_all(service, [], questions, corpus, lambda done, total: steps.append((done, total)))
    assert [row.outcome for row in main.rows] == ["right", "wrong answer", "right", "false answer"]
    figures = {figure.name: figure.value for figure in main.all.figures}
    assert (figures["right"], figures["crag"]) == (0.5, 0.0)
    assert (figures["refused"], figures["false_answers"], figures["wrong_answers"]) == (0.5, 0.5, 0.5)
    assert figures["citations_exact"] == 1.0
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_kinds_are_reported_apart(service: ObservedService, corpus: Corpus, questions: tuple[Question, ...]) -> None:
    (main,) = run_all(service, [], questions, corpus, nothing)
    assert [(kind.kind, kind.questions) for kind in main.kinds] == [("fact", 2), ("unanswerable", 2), ("all", 4)]
    assert main.kinds[0].get("refused").value is None


def test_a_question_brings_its_own_passages(service: ObservedService, question: Callable[..., Question]) -> None:
    asked = question("acme", "When was Acme founded?", ["1990"], passages=("Acme was founded in 1990.",))
    corpus = Corpus(None, RetrieverSettings(embedder_backend="hash"), IngestSettings())
    (main,) = run_all(service, [], [asked], corpus, nothing)
    assert main.rows[0].verdict.right


def test_a_question_without_passages_needs_a_corpus(question: Callable[..., Question]) -> None:
    corpus = Corpus(None, RetrieverSettings(embedder_backend="hash"), IngestSettings())
    with pytest.raises(UsageError, match="'launch' has no passages"):
        corpus.source(question("launch", "When?", ["1998"]))


def test_a_question_that_cannot_be_taken_is_one_failure(
    service: ObservedService, corpus: Corpus, question: Callable[..., Question]
) -> None:
    asked = [question("long", "word " * 1000, ["x"]), question("launch", "When was the ferry launched?", ["1998"])]
    (main,) = run_all(service, [], asked, corpus, nothing)
    assert [row.outcome for row in main.rows] == ["failed", "right"]


def test_a_system_that_fails_on_everything_stops_the_run(corpus: Corpus, question: Callable[..., Question]) -> None:
    broken = ObservedService(SETTINGS, Breaks(), None)
    with pytest.raises(ModelError, match="Footnote failed on all 1 questions; the last: the model broke"):
        run_all(broken, [], [question("launch", "When was the ferry Aurora launched?", ["1998"])], corpus, nothing)


def test_every_baseline_answers_and_keeps_its_rows_short(
    service: ObservedService, corpus: Corpus, questions: tuple[Question, ...]
) -> None:
    others = contenders(service, SETTINGS, EchoGenerator())
    results = run_all(service, others, questions, corpus, nothing)
    assert [result.name for result in results] == [
        "footnote",
        "bm25_only",
        "dense_only",
        "top_sentence",
        "always_refuse",
        "free_generation",
        "no_reader",
        "no_proof",
    ]
    assert all(len(result.rows) == 4 for result in results)
    assert all(not row.spans for result in results[1:] for row in result.rows)


def test_without_a_generator_what_needs_one_is_not_measured(
    service: ObservedService, corpus: Corpus, questions: tuple[Question, ...]
) -> None:
    results = run_all(service, contenders(service, SETTINGS, None), questions, corpus, nothing)
    assert {result.name: result.missing for result in results if result.missing} == {
        "free_generation": "there is no generator",
        "no_proof": "there is no generator",
    }


def test_bm25_alone_and_embeddings_alone_search_with_their_weight(
    corpus: Corpus, question: Callable[..., Question]
) -> None:
    texts = ("A ferry and a bridge in the harbour.", "The ferry Aurora, the ferry of Lund.", "Bread needs flour.")
    asked = question("x", "ferry", ["1998"], passages=texts)
    scores = [corpus.source(asked, weight).retriever.search("ferry", 2)[0].score for weight in (0.0, 0.7, 1.0)]
    assert len(set(scores)) == 3
    assert corpus.source(asked, 0.0) is corpus.source(asked, 0.0)


@pytest.mark.parametrize(
    ("system", "status", "said"),
    [
        (AlwaysRefuse(), "not_in_articles", "do not say"),
        (TopSentence(), "answered", "1998"),
        (FreeGeneration(Says()), "answered", "2001"),
        (FreeGeneration(Says("the articles do not say that")), "not_in_articles", "do not say"),
        (FreeGeneration(Says("")), "not_in_articles", "do not say"),
        (Unproven(ObservedService(SETTINGS, OverlapReader(), Says())), "answered", "2001"),
    ],
)
def test_what_a_baseline_says(system: System, status: str, said: str, index: MemoryIndex) -> None:
    answer = system.observe("When was the ferry Aurora launched?", index.source()).answer
    assert answer.status == status
    assert said in answer.text


def test_the_pasted_sentence_has_an_exact_footnote_and_free_text_has_none(
    index: MemoryIndex, question: Callable[..., Question]
) -> None:
    asked, source = question("launch", "When was the ferry Aurora launched?", ["1998"]), index.source()
    pasted = row_of(asked, TopSentence().observe(asked.question, source), source)
    free = row_of(asked, FreeGeneration(Says()).observe(asked.question, source), source)
    assert pasted.citation_faults == ()
    assert free.citation_faults == (f"no citation: {LIE!r}",)


def test_free_generation_is_prompted_with_passages_and_conversation(index: MemoryIndex) -> None:
    hits = index.source().retriever.search("ferry", 1)
    messages = free_prompt("And when?", hits, [Turn("user", "Which ferry?"), Turn("assistant", "Aurora.")])
    assert [message.role for message in messages] == ["system", "user", "assistant", "user"]
    assert hits[0].passage.text in messages[-1].content


def test_no_draft_is_written_twice() -> None:
    inner = Says("one two three")
    shared = Remembering(inner)
    messages = [Message(role="user", content="x")]
    assert list(shared.stream(messages, 9)) == list(shared.stream(messages, 9)) == ["one ", "two ", "three "]
    assert inner.asked == 1
    assert list(shared.stream([Message(role="user", content="y")], 9)) == ["one ", "two ", "three "]
    assert inner.asked == 2


def test_a_draft_cut_short_is_remembered_as_far_as_it_was_taken() -> None:
    inner = Says("one two three")
    shared = Remembering(inner)
    messages = [Message(role="user", content="x")]
    first = shared.stream(messages, 9)
    assert next(first) == "one "
    first.close()  # type: ignore[attr-defined]
    assert next(shared.stream(messages, 9)) == "one "
    assert inner.asked == 1
    assert list(shared.stream(messages, 9)) == ["one ", "two ", "three "]


def test_a_hidden_document_is_found_by_nothing(index: MemoryIndex) -> None:
    hidden = index.without(("harbour.txt",)).retriever
    assert index.source().retriever.search("ferry", 3) != []
    assert (hidden.search("ferry", 3), hidden.sample(3)) == ([], [])
