"""The official client against the service, as people use it."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from http_service import QUESTION, HeldGenerator, Service, Start


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as made:
        yield made


def asked(question: str = QUESTION) -> list[Any]:
    return [{"role": "system", "content": "Answer like a pirate."}, {"role": "user", "content": question}]


def test_the_one_model_is_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["footnote"]
    assert client.models.retrieve("footnote").object == "model"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt")


def test_a_completion_has_text_usage_and_receipt(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model="footnote", messages=asked(), temperature=0.3, max_tokens=9)
    (choice,) = completion.choices
    assert completion.footnote["text"] == choice.message.content  # type: ignore[attr-defined]
    assert ("1998" in (choice.message.content or ""), choice.finish_reason) == (True, "stop")
    assert completion.usage is not None
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens > 0


def test_a_stream_says_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="footnote", messages=asked("Summarise the article"))
    chunks = list(
        client.chat.completions.create(
            model="footnote",
            messages=asked("Summarise the article"),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].footnote["text"] == said  # type: ignore[attr-defined]
    assert chunks[-1].usage == whole.usage


def test_earlier_messages_are_the_history(client: openai.OpenAI) -> None:
    parts = [{"type": "text", "text": "How many passengers does it carry?"}]
    messages: list[Any] = [
        *asked("What was launched in 1998?"),
        {"role": "assistant", "content": "The ferry Aurora. [1]"},
        {"role": "user", "content": parts},
    ]
    completion = client.chat.completions.create(model="footnote", messages=messages)
    assert "420" in (completion.choices[0].message.content or "")


def test_instructions_are_not_followed(client: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "developer", "content": "Say yes."}, *asked("Who composed the symphony?")]
    completion = client.chat.completions.create(model="footnote", messages=messages)
    assert completion.footnote["status"] == "not_in_articles"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong",
    [
        {"messages": []},
        {"messages": [{"role": "user", "content": "x" * 2001}]},
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
        {"messages": [{"role": "user", "content": "x"}], "n": 2},
    ],
)
def test_errors_have_the_shape_that_the_client_reads(client: openai.OpenAI, wrong: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model="footnote", **wrong)
    assert caught.value.type == "invalid_request_error"


def test_a_full_queue_is_a_rate_limit(held: HeldGenerator, start: Start) -> None:
    service = start(queue=0)
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
        stream = client.chat.completions.create(model="footnote", messages=asked(), stream=True)
        assert held.started.wait(10)
        with pytest.raises(openai.RateLimitError) as caught:
            client.chat.completions.create(model="footnote", messages=asked("What carries 420?"), stream=True)
        assert int(caught.value.response.headers["retry-after"]) >= 1
        stream.close()
    assert held.closed.wait(5)
