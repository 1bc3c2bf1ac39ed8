import subprocess
import sys
from typing import Literal

import pytest

from answer.backends import open_generator
from answer.backends.base import GeneratorSettings


@pytest.mark.parametrize(
    ("backend", "model", "kind"),
    [
        ("auto", "smollm2-135m", "XllamacppGenerator"),
        ("auto", "models/other.GGUF", "XllamacppGenerator"),
        ("auto", "HuggingFaceTB/SmolLM2-360M-Instruct", "TransformersGenerator"),
        ("transformers", "smollm2-135m", "TransformersGenerator"),
        ("openai", "any-model", "OpenAIGenerator"),
        ("echo", "smollm2-135m", "EchoGenerator"),
    ],
)
def test_the_settings_choose_the_backend(
    backend: Literal["auto", "transformers", "openai", "echo"], model: str, kind: str
) -> None:
    assert type(open_generator(GeneratorSettings(backend=backend, model=model))).__name__ == kind


def test_the_default_model_is_named_with_its_hash_before_it_is_loaded() -> None:
    assert open_generator(GeneratorSettings()).name == "SmolLM2-135M-Instruct.Q4_1@b179c9523d0e"


def test_opening_any_backend_imports_no_engine() -> None:
    code = (
        "import sys\n"
        "from answer.backends import open_generator\n"
        "from answer.backends.base import GeneratorSettings\n"
        "for backend in ('xllamacpp', 'transformers', 'openai', 'echo'):\n"
        "    open_generator(GeneratorSettings(backend=backend))\n"
        "print(sorted({'torch', 'transformers', 'xllamacpp', 'httpx'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
