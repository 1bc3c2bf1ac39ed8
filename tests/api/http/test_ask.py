from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from http_service import QUESTION, BrokenGenerator, HeldGenerator, Service, Start, build_index, wait_until

from answer.types import Answer


def test_an_answer_is_a_receipt_that_verifies(service: Service) -> None:
    receipt = service.ask().json()
    assert "1998" in Answer.model_validate(receipt).text
    assert service.client.post("/v1/verify", json=receipt).json()["verified"] is True


def test_a_forged_receipt_does_not_verify(service: Service) -> None:
    receipt = service.ask().json()
    receipt["citations"][0]["quote"] = "The ferry Aurora was sold."
    assert service.client.post("/v1/verify", json=receipt).json()["verified"] is False


def test_history_is_understood(service: Service) -> None:
    history = [{"role": "user", "text": "What was launched in 1998?"}, {"role": "assistant", "text": "Aurora. [1]"}]
    answer = service.ask("How many passengers does it carry?", history=history).json()
    assert "420" in answer["text"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"question": "x"', 400, "not-json"),
        (b'{"question": "  "}', 422, "invalid"),
        (b'{"question": 7}', 422, "invalid"),
        (b'{"question": "\\ud800"}', 422, "invalid"),
        (b'{"question": "x", "other": 1}', 422, "invalid"),
        (b'{"question": "' + b"x" * 2001 + b'"}', 422, "too-long"),
        (b"[" * 50_000, 400, None),
        (b"\xff\xfe", 400, None),
    ],
)
def test_what_is_no_question_is_a_problem(service: Service, body: bytes, status: int, code: str | None) -> None:
    response = service.client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert code is None or response.json()["type"] == f"urn:footnote:{code}"


def test_the_same_question_again_comes_from_the_cache_as_an_answer_of_its_own(service: Service) -> None:
    question = "How many passengers does the Aurora carry?"
    before = service.metric("footnote_answers_total")
    first, second = service.ask(question).json(), service.ask(question).json()
    assert service.metric("footnote_answers_total") == before + 1
    assert first["id"] != second["id"]
    assert first["citations"] == second["citations"]


def test_the_same_question_at_the_same_time_is_computed_once(held: HeldGenerator, start: Start) -> None:
    service = start()
    with ThreadPoolExecutor(5) as clients:
        waiting = [clients.submit(service.ask) for _ in range(5)]
        wait_until(lambda: service.metric("footnote_answers_shared_total") == 4)
        held.released.set()
        answers = [call.result().json() for call in waiting]
    assert held.calls == 1
    assert len({answer["id"] for answer in answers}) == 5


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat", "/v1/search"])
def test_beyond_the_queue_a_client_is_told_to_come_back(held: HeldGenerator, start: Start, path: str) -> None:
    service = start(queue=0)
    with ThreadPoolExecutor(1) as clients:
        first = clients.submit(service.ask)
        held.started.wait(10)
        field = "query" if path == "/v1/search" else "question"
        refused = service.client.post(path, json={field: "How many passengers does it carry?"})
        held.released.set()
        assert first.result().status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert service.ask("How many passengers does the Aurora carry?").status_code == 200


def test_an_answer_that_takes_too_long_is_given_up(held: HeldGenerator, start: Start) -> None:
    service = start(timeout_s=0.3)
    assert service.ask().status_code == 504
    assert held.closed.wait(5)


def test_without_an_index_the_client_is_told(start: Start) -> None:
    service = start(text="")
    response = service.ask()
    assert (response.status_code, response.json()["type"]) == (503, "urn:footnote:no-index")
    assert service.client.get("/ready").status_code == 503


def test_a_new_generation_serves_while_the_service_runs(start: Start) -> None:
    service = start()
    assert "1998" in service.ask().json()["text"]
    build_index(service.settings, "The ferry Aurora was launched in 2004 by the mayor of Lund.")
    wait_until(lambda: service.client.get("/ready").json()["generation"] == 2)
    answer = service.ask().json()
    assert ("2004" in answer["text"], answer["index"]["generation"]) == (True, 2)


def test_an_answer_in_the_making_keeps_its_generation(held: HeldGenerator, start: Start) -> None:
    service = start()
    with ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(service.ask)
        held.started.wait(10)
        build_index(service.settings, "Nothing about ships.")
        wait_until(lambda: service.client.get("/ready").json()["generation"] == 2)
        held.released.set()
        assert waiting.result().json()["index"]["generation"] == 1


def test_an_internal_error_says_nothing_about_itself(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.wiring.open_generator", lambda _settings: BrokenGenerator())
    response = start().ask()
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_search_gives_passages_with_offsets(service: Service) -> None:
    response: httpx.Response = service.client.post("/v1/search", json={"query": QUESTION, "k": 1})
    (passage,) = response.json()["passages"]
    text = service.client.get(f"/v1/documents/{passage['document']['id']}").json()["text"]
    assert text[passage["start"] : passage["end"]] == passage["text"]
