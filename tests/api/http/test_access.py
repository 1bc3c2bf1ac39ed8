from collections.abc import Iterator

import httpx
import pytest
from http_service import QUESTION, Service, Start

from api.http.limits import RateLimit
from api.http.problems import ProblemError
from api.http.settings import HttpSettings
from api.keys import KeyRing


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_where_keys_are_asked_for_only_a_known_one_gets_an_answer(start: Start) -> None:
    service = start(require_key=True)
    ring = KeyRing(service.settings.keys)
    secret = ring.add("reader").secret
    assert service.ask().status_code == 401
    assert service.client.post("/v1/ask", json={"question": QUESTION}, headers=bearer("fn_x")).status_code == 401
    assert service.client.post("/v1/ask", json={"question": QUESTION}, headers=bearer(secret)).status_code == 200
    assert [service.client.get(path).status_code for path in ("/health", "/ready", "/", "/metrics")] == [200] * 3 + [
        401
    ]
    ring.revoke("reader")
    assert service.client.post("/v1/ask", json={"question": QUESTION}, headers=bearer(secret)).status_code == 401


def test_a_key_sees_its_own_sessions_alone(start: Start) -> None:
    service = start(require_key=True)
    mine, other = (bearer(KeyRing(service.settings.keys).add(name).secret) for name in ("mine", "other"))
    chat = service.client.post("/v1/chat", json={"question": QUESTION}, headers=mine)
    path = f"/v1/sessions/{chat.headers['footnote-session']}"
    assert service.client.get(path, headers=mine).status_code == 200
    assert service.client.get(path, headers=other).status_code == 404
    assert service.client.delete(path, headers=other).status_code == 404
    assert service.client.get("/v1/sessions", headers=other).json() == {"sessions": []}


def test_on_loopback_an_unknown_key_is_ignored(service: Service) -> None:
    assert service.client.post("/v1/ask", json={"question": QUESTION}, headers=bearer("sk-none")).status_code == 200


def test_a_key_has_a_limit_of_requests(start: Start) -> None:
    service = start(rate_per_minute=2)
    headers = bearer(KeyRing(service.settings.keys).add("busy").secret)
    statuses = [service.client.get("/v1/models", headers=headers) for _ in range(3)]
    assert [response.status_code for response in statuses] == [200, 200, 429]
    assert 1 <= int(statuses[2].headers["retry-after"]) <= 30
    assert service.client.get("/v1/models").status_code == 200


def test_the_limit_fills_again_with_time() -> None:
    clock: Iterator[float] = iter([0.0, 0.0, 0.0, 30.0])
    limit = RateLimit(2, lambda: next(clock))
    limit.take("a")
    limit.take("a")
    with pytest.raises(ProblemError) as caught:
        limit.take("a")
    assert caught.value.headers["Retry-After"] == "30"
    limit.take("a")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "[::1", "localhost@evil.example"])
def test_on_loopback_other_host_names_are_refused(service: Service, host: str) -> None:
    assert service.client.get("/v1/documents", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_on_loopback_its_own_names_are_answered(service: Service, host: str) -> None:
    assert service.client.get("/v1/documents", headers={"Host": host}).status_code == 200


def test_a_page_of_another_origin_changes_nothing(service: Service) -> None:
    files = {"file": ("x.txt", "planted")}
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        response = service.client.post("/v1/documents", files=files, headers={"Origin": origin})
        assert response.status_code == 403
    assert "access-control-allow-origin" not in service.client.get("/v1/models", headers={"Origin": "null"}).headers


def test_the_page_itself_may_ask(service: Service) -> None:
    response = service.client.post("/v1/ask", json={"question": QUESTION}, headers={"Origin": service.url})
    assert response.status_code == 200


def test_an_origin_in_the_settings_may_ask(start: Start) -> None:
    service = start(cors_origins=("https://docs.example",))
    response = service.client.post("/v1/ask", json={"question": QUESTION}, headers={"Origin": "https://docs.example"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "https://docs.example")


def test_a_large_body_is_refused_whether_its_length_is_stated_or_not(start: Start) -> None:
    service = start(max_body_kb=1)
    chunks = iter([b'{"question": "', b"x" * 2000, b'"}'])
    json_type = {"Content-Type": "application/json"}
    assert service.ask("x" * 2000).status_code == 413
    assert service.client.post("/v1/ask", content=chunks, headers=json_type).status_code == 413
    assert service.client.get("/health").status_code == 200


def test_an_upload_has_a_limit_of_its_own(start: Start) -> None:
    service = start(max_body_kb=1, max_upload_mb=1)
    assert service.client.post("/v1/documents", files={"file": ("a.txt", "word " * 1000)}).status_code == 201
    assert service.client.post("/v1/documents", files={"file": ("a.txt", "word " * 300_000)}).status_code == 413


def test_a_body_that_does_not_arrive_is_given_up(start: Start) -> None:
    service = start(body_timeout_s=0.2)

    def slow() -> Iterator[bytes]:
        yield b"{"
        while True:
            yield b" "
            received.append(service.client.get("/health").status_code)

    received: list[int] = []
    with httpx.Client(base_url=service.url) as client:
        response = client.post("/v1/ask", content=slow(), headers={"Content-Type": "application/json"})
    assert response.status_code == 408


@pytest.mark.parametrize("given", ["a" * 65, "a\tb", "é".encode(), "a b", "<x>"])
def test_a_strange_request_id_is_not_repeated(service: Service, given: str | bytes) -> None:
    assert service.client.get("/health", headers={"X-Request-ID": given}).headers["x-request-id"] != given


def test_a_request_id_is_repeated(service: Service) -> None:
    assert service.client.get("/health", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"


@pytest.mark.parametrize("path", ["/", "/health", "/v1/documents/nothing", "/static/nothing", "/nothing"])
def test_every_response_has_the_security_headers(service: Service, path: str) -> None:
    headers = service.client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


@pytest.mark.parametrize("path", ["/static/../../cli.py", "/static/%2e%2e/%2e%2e/cli.py", "/static//etc/passwd"])
def test_static_files_are_those_of_the_page_alone(service: Service, path: str) -> None:
    request = service.client.build_request("GET", service.url)
    request.url = request.url.copy_with(raw_path=path.encode())
    assert service.client.send(request).status_code == 404


def test_the_defaults_are_those_of_one_machine() -> None:
    settings = HttpSettings()
    assert (settings.host, settings.cors_origins, settings.log_questions) == ("127.0.0.1", (), False)
