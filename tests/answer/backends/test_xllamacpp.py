import os
import signal
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from answer.backends.base import GeneratorSettings, Message
from answer.backends.xllamacpp import XllamacppGenerator, _request
from answer.generator_file import find_generator
from ingest.errors import ModelError

SYSTEM = Message(
    role="system", content="Answer the question in one short sentence, using only the words of the sentence. " * 4
)


def ask(question: str, sentence: str) -> list[Message]:
    return [SYSTEM, Message(role="user", content=f"Question: {question}\nSentence: {sentence}")]


BRIDGE = ask("When was the bridge opened?", "The bridge was opened to traffic on 24 May 1883.")
MOULD = ask("Who found penicillin?", "Alexander Fleming found penicillin in 1928.")


def draft(generator: XllamacppGenerator, messages: list[Message], max_tokens: int = 16) -> str:
    return "".join(generator.stream(messages, max_tokens))


@pytest.fixture(scope="module")
def generator() -> XllamacppGenerator:
    loaded = XllamacppGenerator(GeneratorSettings(timeout_s=120))
    loaded.load()
    return loaded


@pytest.mark.model
def test_words_the_evidence_the_same_way_each_time(generator: XllamacppGenerator) -> None:
    first = draft(generator, BRIDGE)
    assert "1883" in first
    assert draft(generator, MOULD) != first
    assert draft(generator, BRIDGE) == first


@pytest.mark.model
def test_a_prompt_that_starts_alike_is_evaluated_from_where_it_differs(generator: XllamacppGenerator) -> None:
    def prompt_tokens(messages: list[Message]) -> int:
        chunks: list[dict[str, dict[str, int]]] = []
        generator._server.handle_chat_completions(_request(messages, 1), chunks.append)  # type: ignore[union-attr]
        return chunks[-1]["timings"]["prompt_n"]

    draft(generator, MOULD, 1)
    assert prompt_tokens(BRIDGE) < 50  # of some 110; the system message is not evaluated again


@pytest.mark.model
def test_closing_the_iterator_stops_the_work(generator: XllamacppGenerator) -> None:
    story = [Message(role="user", content="Tell a very long story about a ship.")]
    with closing(generator.stream(story, 1000)) as stream:  # type: ignore[type-var]
        next(stream)
    began = time.monotonic()
    draft(generator, BRIDGE, 1)  # waits its turn: the one slot must be free again
    assert time.monotonic() - began < 5


@pytest.mark.model
def test_max_tokens_bounds_the_draft(generator: XllamacppGenerator) -> None:
    assert len(list(generator.stream(BRIDGE, 3))) <= 3


@pytest.mark.model
def test_a_draft_that_takes_too_long_is_given_up() -> None:
    hurried = XllamacppGenerator(GeneratorSettings(timeout_s=0.01))
    with pytest.raises(ModelError, match=r"not done after 0\.01 s"):
        draft(hurried, BRIDGE, 64)


@pytest.mark.model
def test_a_prompt_too_long_for_the_context_is_refused(generator: XllamacppGenerator) -> None:
    with pytest.raises(ModelError, match="exceeds the available context size"):
        draft(generator, [Message(role="user", content="word " * 5000)])


@pytest.mark.model
def test_loading_opens_no_port_prints_nothing_and_leaves_ctrl_c_alone(capfd: pytest.CaptureFixture[str]) -> None:
    loaded = XllamacppGenerator(GeneratorSettings())
    loaded.load()
    draft(loaded, BRIDGE, 2)
    assert capfd.readouterr() == ("", "")
    assert loaded._server is not None
    address = loaded._server.listening_address
    assert address.startswith("unix://")
    assert not Path(address.removeprefix("unix://")).exists()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.model
def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    whole = find_generator()
    assert whole is not None
    path = tmp_path / "half.gguf"
    with whole.open("rb") as source:
        path.write_bytes(source.read(4_000_000))
    with pytest.raises(ModelError, match=r"cannot load .*half\.gguf"):
        XllamacppGenerator(GeneratorSettings(model=str(path))).load()


def test_a_missing_engine_is_named_and_the_environment_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "any.gguf"
    path.write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    with pytest.raises(ModelError, match="xllamacpp cannot be imported"):
        XllamacppGenerator(GeneratorSettings(model=str(path))).load()
    assert "OMP_WAIT_POLICY" not in os.environ
