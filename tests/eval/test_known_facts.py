import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from answer.types import Turn
from eval.known_facts import GENERAL_QUESTIONS, KNOWN_FACTS, Question, in_split, load_questions, parse_questions
from eval.score import contains, normalise
from ingest.errors import UsageError

ANSWERED = {
    "id": "fact-01",
    "kind": "fact",
    "question": "How far behind is China?",
    "status": "answered",
    "accept": [["6 to 9 months"]],
    "split": "dev",
}
REFUSED = {"id": "no-01", "kind": "unanswerable", "question": "?", "status": "not_in_articles", "split": "test"}


def parse(*objects: dict[str, object]) -> tuple[Question, ...]:
    return parse_questions([json.dumps(item) for item in objects], "set.jsonl")


def test_a_line_becomes_a_typed_question() -> None:
    history = [{"role": "user", "text": "Who is Lee?"}, {"role": "assistant", "text": "A founder."}]
    (question,) = parse({**ANSWERED, "history": history, "reject": ["15 months"], "passages": ["Some text."]})
    assert question == Question(
        id="fact-01",
        kind="fact",
        question="How far behind is China?",
        history=(Turn("user", "Who is Lee?"), Turn("assistant", "A founder.")),
        status=("answered",),
        accept=(("6 to 9 months",),),
        reject=("15 months",),
        split="dev",
        passages=("Some text.",),
    )


def test_a_status_may_be_a_list() -> None:
    (question,) = parse({**REFUSED, "status": ["not_in_articles", "small_talk"]})
    assert question.status == ("not_in_articles", "small_talk")


@pytest.mark.parametrize(
    ("status", "to_answer", "to_refuse"),
    [
        (("answered",), True, False),
        (("not_in_articles",), False, True),
        (("small_talk", "not_in_articles"), False, True),
        (("answered", "not_in_articles"), False, False),
    ],
)
def test_a_question_is_to_answer_to_refuse_or_either(status: tuple[str, ...], to_answer: bool, to_refuse: bool) -> None:
    base = ANSWERED if "answered" in status else REFUSED
    (question,) = parse({**base, "status": status})
    assert (question.to_answer, question.to_refuse) == (to_answer, to_refuse)


def test_blank_lines_are_skipped_and_counted() -> None:
    with pytest.raises(UsageError, match=r"set\.jsonl, line 3: id 'fact-01' was used in line 1"):
        parse_questions([json.dumps(ANSWERED), "", json.dumps(ANSWERED)], "set.jsonl")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": "maybe"}, "status.0: Input should be 'answered'"),
        ({"status": []}, "status: Tuple should have at least 1 item"),
        ({"split": "train"}, "split: Input should be 'dev' or 'test', got 'train'"),
        ({"question": ""}, "question: String should have at least 1 character"),
        ({"kind": "Yes/No"}, "kind: String should match pattern"),
        ({"answer": "6"}, "answer: Extra inputs are not permitted"),
        ({"accept": []}, '"accept" must be given when status allows "answered"'),
        ({"status": "small_talk"}, '"accept" must be given when status allows "answered", and only then'),
        ({"accept": [[]]}, "a fact needs at least one alternative"),
        ({"accept": [["6 months", " "]]}, "a fact needs at least one alternative, and none may be empty"),
        ({"reject": ["^"]}, "an empty rejected wording would reject every answer"),
        ({"history": [{"role": "system", "text": "x"}]}, "history.0.role: Input should be 'user' or 'assistant'"),
    ],
)
def test_a_wrong_line_is_refused_by_field_and_line_number(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(REFUSED, {**ANSWERED, **change})
    assert caught.value.message.startswith("set.jsonl, line 2: ")
    assert message in caught.value.message


def test_a_line_that_is_not_json_is_refused() -> None:
    with pytest.raises(UsageError, match=r"set\.jsonl, line 1: the line: Invalid JSON"):
        parse_questions(["{id:"], "set.jsonl")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n\n")
    with pytest.raises(UsageError, match="holds no questions"):
        load_questions(tmp_path / "none.jsonl")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.jsonl: FileNotFoundError"):
        load_questions(tmp_path / "absent.jsonl")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(UsageError, match=r"latin\.jsonl: UnicodeDecodeError"):
        load_questions(tmp_path / "latin.jsonl")


def test_a_split_keeps_the_order() -> None:
    questions = parse({**REFUSED, "id": "a"}, ANSWERED, {**REFUSED, "id": "b"})
    assert [question.id for question in in_split(questions, "test")] == ["a", "b"]


SETS = pytest.mark.parametrize("path", [KNOWN_FACTS, GENERAL_QUESTIONS], ids=lambda path: path.stem)


@SETS
def test_a_shipped_set_is_about_half_dev_in_every_kind(path: Path) -> None:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for question in load_questions(path):
        kinds[question.kind][question.split] += 1
    assert all(abs(counts["dev"] - counts["test"]) <= 1 for counts in kinds.values()), kinds


@SETS
def test_about_a_third_of_a_shipped_set_is_to_refuse(path: Path) -> None:
    questions = load_questions(path)
    share = sum(question.to_refuse and question.status[0] != "small_talk" for question in questions) / len(questions)
    assert 0.3 <= share <= 0.4


@SETS
def test_no_question_of_a_shipped_set_is_asked_twice(path: Path) -> None:
    asked = Counter((question.question, question.history, question.passages) for question in load_questions(path))
    assert [key for key, count in asked.items() if count > 1] == []


@SETS
def test_no_accepted_wording_of_a_shipped_set_is_rejected_too(path: Path) -> None:
    for question in load_questions(path):
        clashes = [
            (wording, rejected)
            for fact in question.accept
            for wording in fact
            for rejected in question.reject
            if not rejected.startswith("^") and contains(wording, rejected)
        ]
        assert clashes == [], question.id


@SETS
def test_no_accepted_wording_of_a_shipped_set_vanishes_in_normalisation(path: Path) -> None:
    wordings = [wording for question in load_questions(path) for fact in question.accept for wording in fact]
    assert all(normalise(wording) for wording in wordings)


def test_the_article_set_covers_its_kinds() -> None:
    kinds = Counter(question.kind for question in load_questions(KNOWN_FACTS))
    assert set(kinds) == {
        "absent_name",
        "comparison",
        "definition",
        "fact",
        "false_premise",
        "follow_up",
        "hostile",
        "injection",
        "list",
        "misspelt",
        "no_question",
        "reworded",
        "small_talk",
        "summary",
        "unanswerable",
        "wrong_type",
        "yes_no",
    }
    assert kinds.total() >= 130


def test_every_general_question_brings_one_of_four_texts() -> None:
    questions = load_questions(GENERAL_QUESTIONS)
    assert len(questions) == 40
    assert len({question.passages for question in questions}) == 4


def test_every_fact_of_the_general_set_stands_in_its_text() -> None:
    # Yes/no alternatives may be a word of the answer; at least one alternative of each fact is the text's own.
    for question in load_questions(GENERAL_QUESTIONS):
        text = "\n".join(question.passages)
        missing = [fact for fact in question.accept if not any(contains(text, wording) for wording in fact)]
        assert missing == [], question.id


def test_every_fact_of_the_article_set_stands_in_the_article() -> None:
    article = (Path(__file__).parents[2] / "articles" / "chinas-ai-race.md").read_text(encoding="utf-8")
    for question in load_questions(KNOWN_FACTS):
        if question.to_answer:
            missing = [fact for fact in question.accept if not any(contains(article, wording) for wording in fact)]
            assert missing == [], question.id
