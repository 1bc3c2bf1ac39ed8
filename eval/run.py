"""Putting a question set to systems."""

from collections.abc import Sequence

from answer.compose import failed_answer
from eval.baselines import Contender, System
from eval.corpus import Advance, Corpus
from eval.known_facts import Question
from eval.observe import Observation
from eval.report import MAIN, SystemResult, kinds_of, overall
from eval.rows import Row, row_of
from ingest.errors import FootnoteError, ModelError


def run_all(
    main: System, contenders: Sequence[Contender], questions: Sequence[Question], corpus: Corpus, advance: Advance
) -> tuple[SystemResult, ...]:
    """Footnote's result and those of the contenders, in order.

    Args:
        main: Footnote.
        contenders: what to compare it with.
        questions: at least one.
        corpus: what they are answered from.
        advance: called with (questions asked, questions to ask) over all systems.

    Raises:
        ModelError: a system fails on every question.
    """
    everyone = [Contender(MAIN, "Footnote", main), *contenders]
    total = len(questions) * sum(contender.system is not None for contender in everyone)
    results: list[SystemResult] = []
    for contender in everyone:
        if contender.system is None:
            results.append(SystemResult(name=contender.name, title=contender.title, missing=contender.missing))
            continue
        rows = []
        for question in questions:
            rows.append(_ask(contender, contender.system, question, corpus))
            advance(sum(len(result.rows) for result in results) + len(rows), total)
        if all(row.answer.status == "failed" for row in rows):
            raise ModelError(f"{contender.title} failed on all {len(rows)} questions; the last: {rows[-1].answer.text}")
        # Every row of every system is kept; what led to an answer is kept for Footnote alone.
        kept = rows if contender.name == MAIN else [_bare(row) for row in rows]
        kinds = kinds_of(rows) if contender.name == MAIN else (overall(rows),)
        results.append(SystemResult(name=contender.name, title=contender.title, kinds=kinds, rows=tuple(kept)))
    return tuple(results)


def _ask(contender: Contender, system: System, question: Question, corpus: Corpus) -> Row:
    source = corpus.source(question, contender.dense_weight)
    try:
        seen = system.observe(question.question, source, question.history)
    except FootnoteError as error:  # one question too long, one draft too slow: that question's failure, not the run's
        seen = Observation(failed_answer(question.question, error), None, (), 0.0)
    return row_of(question, seen, source)


def _bare(row: Row) -> Row:
    return row.model_copy(update={"passages": (), "spans": (), "drafts": ()})
