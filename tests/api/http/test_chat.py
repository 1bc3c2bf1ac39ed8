import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from http_service import QUESTION, BrokenGenerator, HeldGenerator, Service, Start

FOLLOW_UP = "How many passengers does it carry?"


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    """Names and data of the events of a stream."""
    blocks = [block.splitlines() for block in response.text.split("\n\n") if block and not block.startswith(":")]
    return [(block[0].removeprefix("event: "), json.loads(block[1].removeprefix("data: "))) for block in blocks]


def chat(service: Service, question: str = QUESTION, **fields: str) -> httpx.Response:
    return service.client.post("/v1/chat", json={"question": question, **fields})


def test_a_statement_comes_after_its_evidence_and_before_the_answer(service: Service) -> None:
    stream = events(chat(service))
    assert [name for name, _ in stream] == ["evidence", "statement", "answer"]
    evidence, statement, answer = (data for _, data in stream)
    assert statement["citations"] == [evidence["number"]]
    assert (answer["statements"], answer["citations"]) == ([statement], [evidence])


def test_what_the_articles_do_not_say_is_an_answer_too(service: Service) -> None:
    ((name, answer),) = events(chat(service, "Who composed the symphony of thunder?"))
    assert (name, answer["status"]) == ("answer", "not_in_articles")
    assert answer["nearest"]


def test_a_session_is_remembered(service: Service) -> None:
    first = chat(service)
    session = first.headers["footnote-session"]
    _, answer = events(chat(service, FOLLOW_UP, session_id=session))[-1]
    assert (answer["session_id"], "420" in answer["text"]) == (session, True)
    exchanges = service.client.get(f"/v1/sessions/{session}").json()["exchanges"]
    assert [exchange["question"] for exchange in exchanges] == [QUESTION, FOLLOW_UP]
    assert exchanges[1]["answer"]["id"] == answer["id"]


def test_an_unknown_session_is_not_made_up(service: Service) -> None:
    assert chat(service, session_id="guessed").status_code == 404


def test_a_session_can_be_renamed_exported_and_deleted(service: Service) -> None:
    path = f"/v1/sessions/{chat(service).headers['footnote-session']}"
    assert service.client.patch(path, json={"title": "Ferries"}).json()["title"] == "Ferries"
    markdown = service.client.get(f"{path}/export", params={"format": "markdown"})
    assert markdown.text.startswith(f"# Ferries\n\n**{QUESTION}**")
    assert "attachment" in markdown.headers["content-disposition"]
    assert service.client.delete(path).status_code == 204
    assert service.client.get(path).status_code == 404


def test_feedback_is_kept_with_the_receipt(service: Service) -> None:
    receipt = service.ask().json()
    body = {"answer_id": receipt["id"], "rating": "down", "comment": "Which Aurora?"}
    assert service.client.post("/v1/feedback", json=body).status_code == 201
    kept = service.client.get("/v1/feedback").json()["feedback"][0]
    assert (kept["rating"], kept["comment"], kept["answer"]) == ("down", "Which Aurora?", receipt)


def test_feedback_on_an_unknown_answer_is_refused(service: Service) -> None:
    assert service.client.post("/v1/feedback", json={"answer_id": "x", "rating": "up"}).status_code == 404


def test_a_silent_stream_says_that_it_is_alive(held: HeldGenerator, start: Start) -> None:
    service = start(heartbeat_s=0.05)
    with ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(chat, service)
        assert held.started.wait(10)
        assert not held.released.wait(0.2)
        held.released.set()
        assert ": still here\n\n" in waiting.result().text


def test_an_error_in_a_stream_is_its_last_event(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: BrokenGenerator())
    response = chat(start())
    ((name, problem),) = events(response)
    assert (response.status_code, name, problem["status"]) == (200, "error", 500)
    assert "secret detail" not in response.text
