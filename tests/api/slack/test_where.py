"""Where one can ask: channels, threads, direct messages, the agent's pane, a command, a shortcut."""

import json

from fake_slack import BOT, TEAM, USER, Slack, wait_until
from http_service import Service
from slack_workspace import QUESTION, People, buttons, event, shown_text


def test_a_mention_is_answered_in_its_thread_as_over_http(service: Service, slack: Slack, people: People) -> None:
    thread = people.mention()
    (message,) = slack.wait_for_answers(thread)
    answer = service.ask().json()
    assert answer["status"] == "answered"
    assert message["channel"] == "C1"
    assert answer["text"] in shown_text(message)
    assert all(f"“{c['quote']}”" in shown_text(message) for c in answer["citations"])


def test_a_footnote_has_quote_title_and_a_link_to_the_passage(service: Service, slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention("Who is the lighthouse keeper?"))
    (citation,) = service.ask("Who is the lighthouse keeper?").json()["citations"]
    document = citation["document"]
    where = f"document={document['id']}&amp;start={citation['start']}&amp;end={citation['end']}"
    note = next(b["text"]["text"] for b in message["blocks"] if "“" in b["text"]["text"])
    assert note.startswith(f"[{citation['number']}] “{citation['quote']}”\n_{document['title']}_, characters")
    assert f"<https://docs.example.org/#{where}|Open the passage>" in note


def test_statements_are_streamed_to_the_asker_under_a_status(slack: Slack, people: People) -> None:
    thread = people.mention("How many passengers does the ferry Aurora carry?")
    slack.wait_for_answers(thread)
    (started,) = [call for call in slack.of("chat.startStream") if call["thread_ts"] == thread]
    assert (started["recipient_user_id"], started["recipient_team_id"]) == (USER, TEAM)
    assert "420" in started["markdown_text"]
    assert any(call["thread_ts"] == thread for call in slack.of("assistant.threads.setStatus"))


def test_a_follow_up_needs_no_mention_where_it_has_answered(slack: Slack, people: People) -> None:
    thread = people.mention()
    slack.wait_for_answers(thread)
    people.say("How many passengers does it carry?", thread=thread)
    answers = slack.wait_for_answers(thread, 2)
    assert "420" in shown_text(answers[1])


def test_what_people_say_to_each_other_is_left_alone(slack: Slack, people: People) -> None:
    thread = people.mention()
    slack.wait_for_answers(thread)
    people.say("<@U77> how many passengers does it carry?", thread=thread)
    elsewhere = people.say("How many passengers does the ferry carry?")
    marker = people.mention("Who launched the ferry Aurora?")
    slack.wait_for_answers(marker)
    assert len(slack.said_in(thread)) == 1
    assert slack.said_in(elsewhere) == []


def test_a_direct_message_needs_no_mention(slack: Slack, people: People) -> None:
    ts = people.say(QUESTION, channel="D1", kind="im")
    (message,) = slack.wait_for_answers(ts)
    assert "1998" in shown_text(message)


def test_a_mention_that_comes_as_message_as_well_is_answered_once(slack: Slack, people: People) -> None:
    text = f"<@{BOT}> {QUESTION}"
    ts = people.say(text)
    fields = {"channel": "C1", "user": USER, "text": text, "ts": ts, "event_ts": ts}
    people.deliver(event("app_mention", **fields))
    slack.wait_for_answers(ts)
    slack.wait_for_answers(people.mention())
    assert len(slack.said_in(ts)) == 1


def test_bots_and_the_app_itself_and_people_who_join_are_ignored(slack: Slack, people: People) -> None:
    ignored = [
        people.say(QUESTION, channel="D1", kind="im", bot_id="B9"),
        people.say(QUESTION, channel="D1", kind="im", user=BOT),
        people.say(QUESTION, channel="D1", kind="im", subtype="bot_message"),
        people.say(f"<@{BOT}> has joined", subtype="channel_join"),
        people.say(f"<@{BOT}> has left", subtype="channel_leave"),
    ]
    slack.wait_for_answers(people.mention())
    assert [slack.said_in(ts) for ts in ignored] == [[], [], [], [], []]


def test_what_the_articles_do_not_say_is_said_visibly_with_the_nearest(slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention("Who won the chess tournament in Reykjavik?"))
    assert "*The articles do not say.*" in shown_text(message)
    assert "The nearest passages:" in shown_text(message)


def test_the_pane_suggests_questions_that_have_an_answer(service: Service, slack: Slack, people: People) -> None:
    people.deliver(event("app_home_opened", channel="D5", user=USER, tab="messages"))
    wait_until(lambda: any(c["channel_id"] == "D5" for c in slack.of("assistant.threads.setSuggestedPrompts")))
    (call,) = [c for c in slack.of("assistant.threads.setSuggestedPrompts") if c["channel_id"] == "D5"]
    assert 1 <= len(call["prompts"]) <= 4
    statuses = {service.ask(prompt["message"]).json()["status"] for prompt in call["prompts"]}
    assert statuses == {"answered"}


def test_a_command_is_answered_privately_and_can_be_shared(slack: Slack, people: People) -> None:
    acknowledged = people.command(QUESTION)
    assert "Looking" in acknowledged.text
    wait_until(lambda: any("1998" in shown_text(r) for r in slack.responses))
    private = next(r for r in slack.responses if "1998" in shown_text(r))
    assert private["response_type"] == "ephemeral"
    before = len(slack.of("chat.postMessage"))
    people.press(private, "footnote_share", buttons(private)["footnote_share"], ephemeral=True)
    wait_until(lambda: len(slack.of("chat.postMessage")) > before)
    shared = slack.of("chat.postMessage")[before]
    assert (shared["channel"], shared.get("thread_ts")) == ("C1", None)
    assert "1998" in shown_text(shared)
    wait_until(lambda: any(r.get("delete_original") for r in slack.responses))


def test_a_command_without_a_question_explains_itself(people: People) -> None:
    assert "/footnote How far" in people.command(" ").text


def test_a_shortcut_checks_a_statement_sentence_by_sentence(slack: Slack, people: People) -> None:
    text = "The ferry Aurora was launched in 1998. The ferry Aurora carries 500 passengers. Bananas are blue."
    message = {"type": "message", "user": "U2", "ts": slack.ts(), "text": text}
    people.interact({"type": "message_action", "callback_id": "footnote_check", "message": message})
    wait_until(lambda: any("Bananas are blue." in shown_text(r) for r in slack.responses))
    (checked,) = [r for r in slack.responses if "Bananas are blue." in shown_text(r)]
    shown = shown_text(checked)
    assert "was launched in 1998.\n*The articles say so.*" in shown
    assert "carries 500 passengers.\n*The articles say otherwise.*" in shown
    assert "Bananas are blue.\n*Not in the articles.*" in shown


def test_feedback_is_kept_as_over_http(service: Service, slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention("Who launched the ferry Aurora?"))
    value = buttons(message)["footnote_feedback"]
    people.press(message, "footnote_feedback", value.replace("up:", "down:"))
    wait_until(lambda: any("Thank you" in shown_text(r) for r in slack.responses))
    (kept,) = service.parts.sessions.feedback(f"slack:{TEAM}", 1)
    assert (f"up:{kept.answer.id}", kept.rating) == (value, "down")


def test_the_receipt_opens_as_a_file_that_verifies(service: Service, slack: Slack, people: People) -> None:
    (message,) = slack.wait_for_answers(people.mention())
    people.press(message, "footnote_receipt", buttons(message)["footnote_receipt"])
    wait_until(lambda: any(m.get("files") and m["thread_ts"] == message["thread_ts"] for m in slack.messages))
    receipt = json.loads(slack.files[-1])
    assert service.client.post("/v1/verify", json=receipt).json()["verified"]


def test_the_receipt_of_a_private_answer_goes_to_its_reader_alone(slack: Slack, people: People) -> None:
    people.command("Who is the lighthouse keeper?")
    wait_until(lambda: any("Ingrid Berg" in shown_text(r) for r in slack.responses))
    private = next(r for r in slack.responses if "Ingrid Berg" in shown_text(r))
    people.press(private, "footnote_receipt", buttons(private)["footnote_receipt"], ephemeral=True)
    wait_until(lambda: any(m.get("files") and m["channel"] == f"D{USER}" for m in slack.messages))
