"""Each question is answered once, in order, whatever Slack and people do meanwhile."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_slack import BOT, TEAM, USER, Slack, Trouble, wait_until
from http_service import HeldGenerator, Service
from slack_workspace import QUESTION, People, app_in, event, shown_text


@pytest.fixture
def there(troubled: Slack, tmp_path: Path) -> Iterator[tuple[Slack, Service, People]]:
    with app_in(troubled, tmp_path) as (service, people):
        yield troubled, service, people


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldGenerator]:
    generator = HeldGenerator()
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: generator)
    yield generator
    generator.released.set()


def test_retries_and_duplicates_are_answered_once(slack: Slack, people: People) -> None:
    ts = slack.ts()
    fields = {"channel": "C1", "user": USER, "text": f"<@{BOT}> {QUESTION}", "ts": ts}
    envelope = event("app_mention", **fields)
    threads = [threading.Thread(target=people.deliver, args=(envelope, retry)) for retry in (0, 0, 1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    slack.wait_for_answers(ts)
    people.deliver(envelope, 3)
    slack.wait_for_answers(people.mention())
    assert len(slack.said_in(ts)) == 1


def test_a_replayed_click_has_no_second_effect(slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention("Who is the lighthouse keeper?"))
    before = len(slack.responses)
    action = {"action_id": "footnote_feedback", "value": "up:unknown", "action_ts": "1.2", "type": "feedback_buttons"}
    payload = {
        "type": "block_actions",
        "actions": [action],
        "message": {"ts": message["ts"]},
        "response_url": f"{slack.url}/response/same",
        "trigger_id": "same",
    }
    for _ in range(3):
        assert people.interact(payload).status_code == 200
    people.command("Who launched the ferry Aurora?")
    wait_until(lambda: any("mayor of Lund" in shown_text(r) for r in slack.responses[before:]))
    assert len([r for r in slack.responses[before:] if "not kept" in shown_text(r)]) == 1


def test_slack_is_left_alone_for_as_long_as_it_asks(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    slack.trouble["chat.startStream"] = [Trouble(429, retry_after="1")]
    began = time.monotonic()
    thread = people.mention()
    assert len(slack.wait_for_answers(thread)) == 1
    assert time.monotonic() - began >= 1


def test_a_stream_that_was_begun_unheard_becomes_the_answer(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    slack.trouble["chat.startStream"] = [Trouble(lost=True)]
    thread = people.mention()
    wait_until(lambda: any("“" in shown_text(m) for m in slack.said_in(thread)))
    (message,) = slack.said_in(thread)
    assert "1998" in shown_text(message)
    assert not message["streaming"]


def test_an_answer_whose_receipt_was_lost_is_not_posted_again(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    slack.trouble["chat.stopStream"] = [Trouble(lost=True)]
    slack.trouble["chat.postMessage"] = [Trouble(lost=True)]
    first = people.mention()
    second = people.mention("Who won the chess tournament in Reykjavik?")  # not streamed
    slack.wait_for_answers(first)
    slack.wait_for_answers(second)
    wait_until(lambda: len(slack.of("conversations.replies")) >= 2)
    slack.wait_for_answers(people.mention("Who launched the ferry Aurora?"))
    assert [len(slack.said_in(thread)) for thread in (first, second)] == [1, 1]


def test_where_slack_does_not_stream_the_answer_is_posted_whole(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    slack.trouble["chat.startStream"] = [Trouble(error="method_not_supported_for_channel_type")]
    (message,) = slack.wait_for_answers(people.mention())
    assert "1998" in message["blocks"][0]["text"]["text"]


def test_a_stream_that_somebody_stopped_is_mended(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    slack.trouble["chat.stopStream"] = [Trouble(error="message_not_in_streaming_state")]
    thread = people.mention()
    wait_until(lambda: any("“" in shown_text(m) for m in slack.said_in(thread)))
    assert len(slack.said_in(thread)) == 1


def test_slack_being_down_for_a_while_loses_nothing(there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    for method in ("chat.startStream", "chat.postMessage", "conversations.replies"):
        slack.trouble[method] = [Trouble(503, "service_unavailable")]
    thread = people.mention()
    assert len(slack.wait_for_answers(thread)) == 1


def test_a_thread_is_answered_in_the_order_of_its_questions(
    held: HeldGenerator, there: tuple[Slack, Service, People]
) -> None:
    slack, _, people = there
    busy = people.mention("Who is the lighthouse keeper?")
    thread = slack.ts()
    first, second = slack.ts(), slack.ts()
    for ts, text in ((second, "How many passengers does the ferry Aurora carry?"), (first, QUESTION)):
        fields = {"channel": "C1", "user": USER, "text": f"<@{BOT}> {text}", "ts": ts, "thread_ts": thread}
        assert people.deliver(event("app_mention", **fields)).status_code == 200
    held.released.set()
    slack.wait_for_answers(busy)
    answers = slack.wait_for_answers(thread, 2)
    assert ["1998" in shown_text(answers[0]), "420" in shown_text(answers[1])] == [True, True]


def test_who_has_to_wait_is_told_how_many_come_first(held: HeldGenerator, there: tuple[Slack, Service, People]) -> None:
    slack, _, people = there
    for question in ("Who is the lighthouse keeper?", "How many passengers does the ferry Aurora carry?", QUESTION):
        people.mention(question)
    last = people.mention("How many tonnes does the old crane lift?")

    def told() -> list[str]:
        return [c["status"] for c in slack.of("assistant.threads.setStatus") if c["thread_ts"] == last]

    wait_until(lambda: bool(told()))
    assert told() == ["is waiting: 3 question(s) come first"]
    assert "question(s) come first" in people.command("How heavy?").text


def test_slack_is_told_within_a_second_while_the_models_are_busy(
    held: HeldGenerator, there: tuple[Slack, Service, People]
) -> None:
    slack, _, people = there
    people.mention()
    slowest = 0.0
    for number in range(30):
        began = time.monotonic()
        people.mention(f"How many passengers does ferry {number} carry?")
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1.0
    assert slack.of("chat.postMessage") == []


def _edited(people: People, ts: str, text: str) -> None:
    message = {"type": "message", "user": USER, "ts": ts, "text": f"<@{BOT}> {text}"}
    people.deliver(event("message", subtype="message_changed", channel="C1", channel_type="channel", message=message))


def _deleted(people: People, ts: str) -> None:
    people.deliver(event("message", subtype="message_deleted", channel="C1", channel_type="channel", deleted_ts=ts))


def test_an_edited_question_is_answered_anew_in_the_same_message(slack: Slack, people: People) -> None:
    thread = people.mention()
    slack.wait_for_answers(thread)
    _edited(people, thread, "Who is the lighthouse keeper?")
    wait_until(lambda: "Ingrid Berg" in shown_text(slack.said_in(thread)[0]))
    (message,) = slack.said_in(thread)
    assert "1998" not in shown_text({**message, "text": ""})


def test_a_question_that_slack_merely_unfurled_is_left_alone(slack: Slack, people: People) -> None:
    thread = people.mention()
    slack.wait_for_answers(thread)
    _edited(people, thread, QUESTION)
    slack.wait_for_answers(people.mention("Who launched the ferry Aurora?"))
    assert not any(call["ts"] == slack.said_in(thread)[0]["ts"] for call in slack.of("chat.update"))


def test_a_question_edited_while_it_waits_is_answered_as_edited(
    held: HeldGenerator, there: tuple[Slack, Service, People]
) -> None:
    slack, _, people = there
    thread = people.mention()
    wait_until(lambda: held.started.is_set())
    _edited(people, thread, "Who is the lighthouse keeper?")
    held.released.set()
    (message,) = slack.wait_for_answers(thread)
    assert "Ingrid Berg" in shown_text(message)


def test_a_deleted_question_takes_its_answer_along(slack: Slack, people: People) -> None:
    thread = people.mention()
    slack.wait_for_answers(thread)
    _deleted(people, thread)
    wait_until(lambda: slack.said_in(thread) == [])


def test_a_question_deleted_before_its_answer_is_not_answered(slack: Slack, people: People) -> None:
    ts = slack.ts()
    _deleted(people, ts)  # Slack does not keep the order
    people.deliver(event("app_mention", channel="C1", user=USER, text=f"<@{BOT}> {QUESTION}", ts=ts))
    slack.wait_for_answers(people.mention())
    assert slack.said_in(ts) == []


def test_a_follow_up_that_overtakes_its_mention_is_answered(slack: Slack, people: People) -> None:
    thread, later = slack.ts(), slack.ts()
    fields = {"channel": "C1", "channel_type": "channel", "user": USER, "ts": later, "thread_ts": thread}
    people.deliver(event("message", text="How many passengers does the ferry Aurora carry?", **fields))
    people.deliver(event("app_mention", channel="C1", user=USER, text=f"<@{BOT}> {QUESTION}", ts=thread))
    assert len(slack.wait_for_answers(thread, 2)) == 2


def test_a_question_that_is_too_long_is_told_so(slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention("why " * 20_000))
    assert "the limit is" in shown_text(message)


def test_a_token_that_slack_has_revoked_ends_the_matter(there: tuple[Slack, Service, People]) -> None:
    slack, service, people = there
    slack.wait_for_answers(people.mention())
    tokens, slack.tokens = slack.tokens, {}
    refused = people.mention()

    def state() -> str:
        with service.parts.sessions.transaction(write=False) as sql:
            return str(sql.run("SELECT state FROM slack_inbox WHERE subject = ?", (f"{TEAM}:C1:{refused}",))[0][0][0])

    wait_until(lambda: state() == "failed")
    slack.tokens = tokens
    slack.wait_for_answers(people.mention())
    assert slack.said_in(refused) == []
