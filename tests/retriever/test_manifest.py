from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import IndexStateError
from ingest.settings import IngestSettings
from ingest.types import Document
from retriever.manifest import Manifest, Recipe, check_recipe, corpus_hash

RECIPE = Recipe.of("model@1", 384, IngestSettings())
MANIFEST = Manifest(recipe=RECIPE, files={}, corpus_sha256="", documents=0, passages=0, vectors=0)


def test_the_same_recipe_passes(tmp_path: Path) -> None:
    check_recipe(tmp_path, MANIFEST, Recipe.of("model@1", 384, IngestSettings()))


@pytest.mark.parametrize(
    ("name", "made", "asked"),
    [
        ("embedder", "model@1", "model@2"),
        ("dimension", 384, 768),
        ("passage_words", 120, 60),
        ("overlap_sentences", 1, 0),
    ],
)
def test_another_recipe_is_refused_naming_both_values_and_the_repair(
    tmp_path: Path, name: str, made: object, asked: object
) -> None:
    wanted = RECIPE.model_copy(update={name: asked})
    with pytest.raises(IndexStateError) as refusal:
        check_recipe(tmp_path, MANIFEST, wanted)
    assert f"made with {name} {made}, the settings say {asked}" in refusal.value.message
    assert f"footnote ingest PATH --index {tmp_path}" in refusal.value.hint


def test_an_older_format_is_refused(tmp_path: Path) -> None:
    old = MANIFEST.model_copy(update={"format_version": 1})
    with pytest.raises(IndexStateError, match="has format 1, this footnote reads format 2"):
        check_recipe(tmp_path, old, RECIPE)


def test_corpus_hash_does_not_depend_on_order(document: Callable[..., Document]) -> None:
    one, two = document("a", "Alpha."), document("b", "Beta.")
    assert corpus_hash([one, two]) == corpus_hash([two, one])


def test_corpus_hash_changes_with_a_text_and_with_a_source(document: Callable[..., Document]) -> None:
    hashes = {corpus_hash([document(source, text)]) for source, text in [("a", "x"), ("a", "y"), ("b", "x")]}
    assert len(hashes) == 3
