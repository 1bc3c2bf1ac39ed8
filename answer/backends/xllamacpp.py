"""The default generator: a GGUF file run by llama.cpp inside this process (the xllamacpp wheel).

llama.cpp's server is used as a library. It cannot be started without its HTTP listener, so the listener is
given a Unix socket in a private folder that is deleted as soon as the model is loaded, and a random key: no
port is opened and nothing can connect. Requests go in by function call.

Threads wait for each other asleep, not spinning, and a small model writes on one thread; only its prompts are
evaluated on all. A token of a small model has hundreds of such waits. Seconds for a draft of 25 tokens, two
cores, idle and shared with two other busy processes: both threads spinning 0.27 and 2 to 30, both asleep 0.57
and 0.7 to 2, one thread writing (this) 0.30 and 0.6.

One slot holds the attention cache of the last prompt. A request that starts with the same messages (the
instructions and examples do) pays for the rest of its prompt alone. Greedy decoding may, very rarely, choose
another token when a prompt is evaluated in other pieces than last time, since sums round differently.
"""

import os
import queue
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answer.backends.base import GeneratorSettings, Message
from answer.generator_file import DEFAULT_MODEL, GENERATOR, ModelFile, open_gguf
from ingest.errors import ModelError

if TYPE_CHECKING:
    import xllamacpp

# Room for a prompt of some 3,000 words; costs 94 MB with the default model.
_CONTEXT_TOKENS = 4096
_SILENT = -1
_WAIT = "OMP_WAIT_POLICY"
# Up to this size (bytes of the file) the waits for other threads cost more than they save in writing.
_SMALL_MODEL = 300_000_000


class XllamacppGenerator:
    """Greedy drafts from a GGUF file on the CPU.

    Loading the default model takes about 0.4 s. Drafts run one at a time; a second one waits its turn, and
    the wait counts towards its ``timeout_s``.
    """

    def __init__(self, settings: GeneratorSettings) -> None:
        self._settings = settings
        self._file: ModelFile | None = None
        self._server: xllamacpp.Server | None = None
        self._loading = threading.Lock()

    @property
    def name(self) -> str:
        """``<file name>@<12 hex>``; the hash of a file other than the default is known once it is loaded."""
        if self._file is not None:
            return self._file.name
        if self._settings.model == DEFAULT_MODEL:
            return ModelFile(Path(GENERATOR.file_name), GENERATOR.sha256).name
        return Path(self._settings.model).stem

    def load(self) -> None:
        """Verify the file and load it; a second call does nothing.

        Raises:
            ModelError: the file is missing, not the pinned one, or not a model llama.cpp can run.
        """
        with self._loading:
            if self._server is None:
                self._file = open_gguf(self._settings.model)
                server = _start_server(self._file.path, self._settings.threads)
                _settle(server)
                self._server = server

    def stream(self, messages: list[Message], max_tokens: int) -> Iterator[str]:
        """Yield pieces of a greedy draft; closing the iterator stops llama.cpp at the next token.

        Raises:
            ModelError: llama.cpp refused the request, or ``timeout_s`` ran out. While a prompt is being
                evaluated llama.cpp cannot be stopped: it finishes that in the background.
        """
        self.load()
        draft = _Draft(self._server, _request(messages, max_tokens))
        try:
            yield from draft.pieces(self._settings.timeout_s)
        finally:
            draft.stop()


class _Draft:
    """One request to the server, which blocks its caller: it runs in a thread and hands chunks over a queue."""

    def __init__(self, server: Any, request: dict[str, object]) -> None:
        self._server = server
        self._request = request
        self._chunks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._stopped = threading.Event()
        # Not a daemon: at exit the interpreter waits the one token it takes to stop, instead of tearing
        # down under a thread that is inside C++.
        threading.Thread(target=self._run, name="footnote-draft").start()

    def stop(self) -> None:
        """End the work at the next token; does nothing when it is done."""
        self._stopped.set()

    def pieces(self, timeout_s: float) -> Iterator[str]:
        """Yield text until the draft is done."""
        deadline = time.monotonic() + timeout_s
        while (chunk := self._next(deadline, timeout_s)) is not None:
            if text := _text(chunk):
                yield text

    def _next(self, deadline: float, timeout_s: float) -> Any:
        try:
            return self._chunks.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise ModelError(
                f"The draft was not done after {timeout_s:g} s", "raise the generator's timeout_s or lower max_tokens"
            ) from None

    def _run(self) -> None:
        try:
            self._server.handle_chat_completions(self._request, self._receive)
        except Exception as error:  # whatever llama.cpp throws is the reader's to see
            self._chunks.put({"error": {"message": str(error)}})
        finally:
            self._chunks.put(None)

    def _receive(self, chunk: dict[str, Any]) -> bool:
        """Called by the server for each token; True tells it to stop."""
        self._chunks.put(chunk)
        return self._stopped.is_set()


def _request(messages: list[Message], max_tokens: int) -> dict[str, object]:
    return {
        "messages": [message.model_dump() for message in messages],
        "max_tokens": max_tokens,
        "stream": True,
        "temperature": 0,
        "seed": 0,
        "cache_prompt": True,
    }


def _text(chunk: dict[str, Any]) -> str:
    """The text in one chunk, "" for those that carry none (the opening, the closing with timings)."""
    if "error" in chunk:
        raise ModelError(f"llama.cpp refused the draft: {chunk['error'].get('message', 'no reason given')}")
    choices = chunk.get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def _engine() -> Any:
    """The xllamacpp module. Its OpenMP reads how to wait from the environment, once, when it is loaded."""
    before = os.environ.get(_WAIT)
    os.environ[_WAIT] = before or "passive"
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelError(
            f"xllamacpp cannot be imported: {error}", "install xllamacpp and, on Linux, the system package libgomp1"
        ) from error
    finally:
        if before is None:
            del os.environ[_WAIT]
    return xllamacpp


def _start_server(path: Path, threads: int) -> "xllamacpp.Server":
    engine = _engine()
    params = engine.CommonParams()
    params.model.path = str(path)
    params.verbosity = _SILENT
    params.n_ctx = _CONTEXT_TOKENS
    params.n_parallel = 1
    cores = threads or _cores()
    params.cpuparams_batch.n_threads = cores
    params.cpuparams.n_threads = 1 if path.stat().st_size < _SMALL_MODEL else cores
    params.warmup = False  # the first draft warms it up as well
    params.fit_params = False  # measures GPU memory, to no use here
    params.cache_ram_mib = 0  # by default every prompt's cache is kept, up to 8 GiB; the slot's own is enough
    params.ui = params.endpoint_slots = False
    params.api_keys = [secrets.token_hex(32)]
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        params.hostnames = [str(Path(folder) / "llama.sock")]
        try:
            return engine.Server(params)
        except RuntimeError:
            raise ModelError(
                f"llama.cpp cannot load {path}", "the file is damaged, or of a kind this llama.cpp does not know"
            ) from None


def _settle(server: "xllamacpp.Server") -> None:
    """Draft a few tokens, about 0.1 s: a server that is released before its first draft can hang for good."""
    request = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 8, "temperature": 0, "stream": False}
    server.handle_chat_completions(request)


def _cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
