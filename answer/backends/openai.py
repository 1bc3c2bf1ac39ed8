"""A generator behind any OpenAI-compatible server: vLLM, llama.cpp, Ollama, or a hosted one.

Speaks the streaming chat-completions protocol over httpx. The key and what the server says about a refused
request stay out of every error text, since servers repeat keys in them.
"""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from answer.backends.base import GeneratorSettings, Message
from ingest.errors import ModelError

if TYPE_CHECKING:
    import httpx

_ATTEMPTS = 3
_PAUSE_S = 0.5
_CONNECT_S = 5.0
_LONGEST_LINE = 1 << 20
_NOT_THE_API = "check that the generator's base_url is an OpenAI-compatible API"


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] = []


class OpenAIGenerator:
    """Drafts from a server's model at temperature 0. Each draft has its own connection."""

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._tls: Any = None

    @property
    def name(self) -> str:
        """``<model>@openai``: what file the server runs is not known."""
        return f"{self._settings.model}@openai"

    def load(self) -> None:
        """Check the settings and that the server answers, by asking for its models; once.

        Raises:
            ModelError: no or a malformed base_url or key, or the server is unreachable or refuses the key.
        """
        if self._tls is not None:
            return
        import httpx

        _check(self._settings)
        self._tls = httpx.create_ssl_context()  # the costly part of a client
        with ExitStack() as stack:
            deadline = time.monotonic() + self._settings.timeout_s
            self._open(stack, "GET", "models", None, deadline)

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield pieces of a draft; closing the iterator closes the connection, which tells the server to stop.

        The limit is looked at whenever something arrives and at each wait, so a server that trickles can
        hold a draft for at most twice ``timeout_s``.

        Raises:
            ModelError: unreachable, key refused, no such model, too slow, or not a complete event stream.
        """
        self.load()
        body = {
            "model": self._settings.model,
            "messages": [message.model_dump() for message in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "seed": 0,
            "stream": True,
        }
        with ExitStack() as stack:
            deadline = time.monotonic() + self._settings.timeout_s
            response = self._open(stack, "POST", "chat/completions", body, deadline)
            yield from self._draft(self._lines(response, deadline))

    def _draft(self, lines: Iterator[str]) -> Iterator[str]:
        """Text of the first choice, up to the end the server announces."""
        finished = False
        for line in lines:
            if not line.startswith("data:"):  # comments, event names, blank lines
                continue
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                return
            for choice in self._choices(data):
                if choice.delta.content:
                    yield choice.delta.content
                finished = finished or choice.finish_reason is not None
        if not finished:
            raise self._error("ended its answer before it was complete", f"see its log, or {_NOT_THE_API}")

    def _choices(self, data: str) -> list[_Choice]:
        try:
            content = json.loads(data)
        except ValueError:
            raise self._error("sent a chunk that is not JSON", _NOT_THE_API) from None
        if isinstance(content, dict) and content.get("error"):
            raise self._error("reported an error in the middle of its answer", "see the server's log")
        try:
            return _Chunk.model_validate(content).choices[:1]
        except ValidationError:  # a kind of chunk this client does not know
            return []

    def _lines(self, response: "httpx.Response", deadline: float) -> Iterator[str]:
        """Lines of the body as they arrive."""
        with self._transport_errors():
            rest = ""
            for text in response.iter_text():
                if time.monotonic() > deadline:
                    raise self._too_slow()
                *lines, rest = (rest + text).split("\n")
                if len(rest) > _LONGEST_LINE:
                    raise self._error("sends a line without end", _NOT_THE_API)
                yield from lines
            yield rest

    def _open(self, stack: ExitStack, method: str, path: str, body: object, deadline: float) -> "httpx.Response":
        """A good response, open until ``stack`` is closed.

        Failures to connect, 429 and 5xx are tried again, three times in all and within the limit.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return self._attempt(stack, method, path, body, deadline)
            except _TryAgainError as again:
                pause = _PAUSE_S * 2**attempt if again.after_s is None else again.after_s
                if attempt == _ATTEMPTS - 1 or time.monotonic() + pause > deadline:
                    raise again.error from None
                time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _attempt(self, stack: ExitStack, method: str, path: str, body: object, deadline: float) -> "httpx.Response":
        import httpx

        left = deadline - time.monotonic()
        limits = httpx.Timeout(max(left, 0.001), connect=min(max(left, 0.001), _CONNECT_S))
        with ExitStack() as opened, self._transport_errors():
            client = opened.enter_context(httpx.Client(verify=self._tls, timeout=limits, headers=self._headers()))
            response = opened.enter_context(client.stream(method, self._url(path), json=body))
            self._require_good(response, may_be_absent=method == "GET")
            stack.enter_context(opened.pop_all())
            return response

    @contextmanager
    def _transport_errors(self) -> Iterator[None]:
        """Name httpx's exceptions; their texts are left out, they may quote headers."""
        import httpx

        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise _TryAgainError(
                self._error("cannot be reached", "start it, or correct the generator's base_url")
            ) from None
        except httpx.TimeoutException:
            raise self._too_slow() from None
        except httpx.HTTPError:
            raise self._error("broke off its answer", "see the server's log") from None

    def _require_good(self, response: "httpx.Response", may_be_absent: bool) -> None:
        status = response.status_code
        if response.is_success or (may_be_absent and status in (404, 405)):
            return
        if status in (401, 403):
            raise self._error(f"refuses the key (HTTP {status})", "set the generator's api_key")
        if status == 404:
            raise self._error(
                f"knows no model {self._settings.model} or no such path (HTTP 404)",
                "correct the generator's model, or its base_url, which mostly ends in /v1",
            )
        error = self._error(f"answered HTTP {status}", "see the server's log")
        if status == 429 or status >= 500:
            raise _TryAgainError(error, _retry_after(response.headers.get("retry-after", "")))
        raise error

    def _headers(self) -> dict[str, str]:
        key = self._settings.api_key.get_secret_value()
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _url(self, path: str) -> str:
        return f"{self._settings.base_url.rstrip('/')}/{path}"

    def _too_slow(self) -> ModelError:
        return self._error(f"was not done after {self._settings.timeout_s:g} s", "raise the generator's timeout_s")

    def _error(self, what: str, hint: str) -> ModelError:
        return ModelError(f"The generator's server {_shown(self._settings.base_url)} {what}", hint)


class _TryAgainError(Exception):
    """A failure that may pass; ``error`` is raised when it does not, ``after_s`` is the server's wish."""

    def __init__(self, error: ModelError, after_s: float | None = None) -> None:
        super().__init__()
        self.error = error
        self.after_s = after_s


def _check(settings: GeneratorSettings) -> None:
    import httpx

    try:
        usable = httpx.URL(settings.base_url).scheme in ("http", "https")
    except httpx.InvalidURL:
        usable = False
    if not usable:  # not shown: it may be a key in the wrong place
        raise ModelError(
            "The generator's base_url is not an http(s) address"
            if settings.base_url
            else "The generator has no base_url",
            "set it to the server, e.g. http://127.0.0.1:8080/v1",
        )
    key = settings.api_key.get_secret_value()
    if key and not (key.isascii() and key.isprintable()):
        raise ModelError("The generator's api_key has characters no header can carry", "copy the key again")


def _shown(base_url: str) -> str:
    """The address without a user name, password or query."""
    import httpx

    url = httpx.URL(base_url)
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"


def _retry_after(value: str) -> float | None:
    """Seconds a Retry-After header asks for, which is a number or a date; None without a usable one."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
