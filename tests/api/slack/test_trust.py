"""Who is believed: signatures, malformed and forged requests, and what is written to the log."""

import json
import random
import time
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import httpx
import pytest
from fake_slack import BOT, USER, Slack
from slack_workspace import QUESTION, SECRET, People, event, sign

from api.slack.signature import RefusedRequestError, check_signature

NOW = 1_700_000_000.0


def test_a_request_signed_by_slacks_own_example_is_believed() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    check_signature(headers, body, "8f742231b10e8888abcd99yyyzzz85a5", 1531420700)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"x-slack-signature": ""}, 401),
        ({"x-slack-request-timestamp": ""}, 401),
        ({"x-slack-request-timestamp": "soon"}, 400),
        ({"x-slack-request-timestamp": "-1"}, 400),
        ({"x-slack-request-timestamp": "1e9"}, 400),
        ({"x-slack-request-timestamp": "१७०००००००"}, 400),
        ({"x-slack-request-timestamp": "9" * 400}, 400),
        ({"x-slack-request-timestamp": str(int(NOW) - 301)}, 401),
        ({"x-slack-request-timestamp": str(int(NOW) + 301)}, 401),
        ({"x-slack-signature": "v0=" + "0" * 64}, 401),
        ({"x-slack-signature": "v1=" + "0" * 64}, 400),
        ({"x-slack-signature": "v0=" + "é" * 64}, 400),
        ({"x-slack-signature": "v0="}, 400),
    ],
)
def test_a_signature_that_is_missing_malformed_old_or_wrong_is_refused(changed: dict[str, str], status: int) -> None:
    headers = {name.lower(): value for name, value in sign(b"{}", at=NOW).items()}
    check_signature(headers, b"{}", SECRET, NOW)
    with pytest.raises(RefusedRequestError) as refused:
        check_signature(headers | changed, b"{}", SECRET, NOW)
    assert refused.value.status == status


def _post(people: People, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return people.client.post(f"{people.url}/slack/events", content=body, headers=headers)


SIGNED_NONSENSE: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b'"text"'),
    ("application/json", b"{}"),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a":' * 50_000),
    ("application/json", b'{"type":"event_callback","event":"text","event_id":"Ev1"}'),
    ("application/json", b'{"type":"event_callback","event":[1],"event_id":"Ev1"}'),
    ("application/json", b'{"type":"event_callback","event":{"type":"message","text":{"a":1}},"event_id":"Ev1"}'),
    ("application/json", b'{"type":"event_callback","event":{"type":"message","ts":5},"event_id":7}'),
    ("application/json", b'{"type":"event_callback","event":{"type":"message"},"authorizations":"none"}'),
    ("application/json", b'{"type":7}'),
    ("application/x-www-form-urlencoded", b"payload=%7B"),
    ("application/x-www-form-urlencoded", b"payload=5"),
    ("application/x-www-form-urlencoded", b"%%%"),
    ("application/x-www-form-urlencoded", b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A5%7D"),
    ("application/x-www-form-urlencoded", b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%5D%7D"),
    ("application/x-www-form-urlencoded", b"payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%5B1%5D%7D"),
    ("text/plain", b"hello"),
    ("", b"\0\1\2"),
]


@pytest.mark.parametrize(("media_type", "body"), SIGNED_NONSENSE, ids=range(len(SIGNED_NONSENSE)))
def test_a_signed_body_that_makes_no_sense_is_the_senders_fault(people: People, media_type: str, body: bytes) -> None:
    answered = _post(people, body, sign(body) | {"Content-Type": media_type})
    assert 400 <= answered.status_code < 500


def test_what_slack_checks_an_address_with_is_answered_when_it_is_signed(people: People) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    assert "abc" in _post(people, body, sign(body) | {"Content-Type": "application/json"}).text
    form = b"ssl_check=1&token=t"
    media_type = {"Content-Type": "application/x-www-form-urlencoded"}
    assert _post(people, form, sign(form) | media_type).status_code == 200
    assert _post(people, form, media_type).status_code == 401
    assert _post(people, body, {"Content-Type": "application/json"}).status_code == 401


def _mutations(chance: random.Random) -> list[Callable[[bytes, dict[str, str]], tuple[bytes, dict[str, str]]]]:
    def flip(text: str) -> str:
        place = chance.randrange(len(text))
        return text[:place] + chance.choice("0f-=v9 é".replace(text[place], "")) + text[place + 1 :]

    stamp, mac = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    return [
        lambda body, headers: (body + b" ", headers),
        lambda body, headers: (body[:-1], headers),
        lambda body, headers: (body, headers | {mac: flip(headers[mac])}),
        lambda body, headers: (body, headers | {stamp: flip(headers[stamp])}),
        lambda body, headers: (body, {stamp: headers[stamp]}),
        lambda body, headers: (body, {mac: headers[mac]}),
        lambda body, headers: (body, sign(body, secret="another")),  # noqa: S106
        lambda body, headers: (body, sign(body, at=time.time() - chance.uniform(302, 1e6))),
        lambda body, headers: (b"ssl_check=1&" + body, headers),
        lambda body, headers: (chance.randbytes(200), headers),
    ]


def test_no_forged_request_is_accepted_and_none_breaks_the_service(slack: Slack, people: People) -> None:
    chance = random.Random(3)  # noqa: S311 - a test that can be repeated
    forged, statuses = [], set()
    address = urlsplit(people.url)
    connection = HTTPConnection(address.hostname or "", address.port)
    for number in range(2000):
        ts = slack.ts()
        body = json.dumps(event("app_mention", channel="C1", user=USER, text=f"<@{BOT}> {QUESTION}", ts=ts)).encode()
        mutations = _mutations(chance)
        sent, headers = mutations[number % len(mutations)](body, sign(body))
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        connection.request("POST", "/slack/events", sent, raw | {"Content-Type": b"application/json"})
        answered = connection.getresponse()
        answered.read()
        statuses.add(answered.status)
        forged.append(ts)
    connection.close()
    slack.wait_for_answers(people.mention())
    assert statuses <= {400, 401}
    assert [ts for ts in forged if slack.said_in(ts)] == []


def test_other_methods_are_not_served(people: People) -> None:
    assert people.client.get(f"{people.url}/slack/events").status_code == 405


def test_without_a_client_id_nobody_can_install(people: People) -> None:
    assert people.client.get(f"{people.url}/slack/install").status_code == 404
