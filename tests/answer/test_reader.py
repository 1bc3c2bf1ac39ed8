import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from answer import reader as reader_module
from answer.reader import OnnxReader, Text, as_asked, open_reader, sentence_readings
from answer.settings import ReaderSettings
from ingest.errors import ModelError
from ingest.load import document_from_text
from ingest.settings import IngestSettings
from ingest.split import split_document

SHIPPED = Path(reader_module.__file__).parent / "models" / "reader"


def text_of(content: str) -> Text:
    document = document_from_text("t.txt", content)
    return Text(document, split_document(document, IngestSettings())[0])


def test_a_question_ends_in_exactly_one_question_mark() -> None:
    assert [as_asked(q) for q in ("who won", "who won?", "who won ?!")] == ["who won?"] * 3


def test_the_best_span_of_a_sentence_is_scored_against_no_answer() -> None:
    text = text_of("Ann won.")
    shift = len(text.header)
    offsets = [(0, 0), (shift, shift + 3), (shift + 4, shift + 7), (shift + 7, shift + 8)]
    starts = np.array([1.0, 5.0, 0.0, 0.0], dtype=np.float32)
    ends = np.array([1.0, 4.0, 0.0, 0.0], dtype=np.float32)
    evidence = np.array([9.0, 1.0, 2.0, 3.0], dtype=np.float32)
    verdict = np.array([9.0, -1.0, -2.0, 0.0], dtype=np.float32)
    rows = (starts, ends, evidence, verdict)
    (sentence,) = sentence_readings(text, offsets, [0, 1, 1, 1], [1, 0, 0, 0], *rows).sentences
    assert text.document.text[sentence.answer.start : sentence.answer.end] == "Ann"
    assert sentence.margin == 7.0
    assert sentence.evidence == 2.0
    assert sentence.verdict == -1.0


def test_weights_that_are_not_the_named_ones_are_refused(tmp_path: Path) -> None:
    shutil.copy(SHIPPED / "tokenizer.json", tmp_path)
    shutil.copy(SHIPPED / "reader.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError, match="expected"):
        OnnxReader(tmp_path, 1).load()


def test_a_manifest_without_hashes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reader.json").write_text(json.dumps({"format": 1}), encoding="utf-8")
    with pytest.raises(ModelError, match="manifest"):
        OnnxReader(tmp_path, 1).load()


@pytest.mark.model
def test_the_shipped_reader_finds_the_answer_and_misses_it_elsewhere() -> None:
    right = text_of("The ferry Aurora was launched in 1998 by the mayor of Lund.")
    wrong = text_of("Tomatoes should be watered in the morning, never at noon.")
    found, missed = open_reader(ReaderSettings()).read("When was the ferry launched", [right, wrong])
    answer = found.sentences[0].answer
    assert "1998" in right.document.text[answer.start : answer.end]
    assert found.margin > missed.margin
