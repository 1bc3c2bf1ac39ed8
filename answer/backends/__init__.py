"""Text generators behind one small protocol."""

from answer.backends.base import Generator, GeneratorSettings
from answer.generator_file import is_gguf


def open_generator(settings: GeneratorSettings) -> Generator:
    """The generator the settings ask for, not yet loaded. Cheap: the engine is imported by its ``load``."""
    backend = settings.backend
    if backend == "auto":
        backend = "xllamacpp" if is_gguf(settings.model) else "transformers"
    if backend == "xllamacpp":
        from answer.backends.xllamacpp import XllamacppGenerator

        return XllamacppGenerator(settings)
    if backend == "transformers":
        from answer.backends.transformers import TransformersGenerator

        return TransformersGenerator(settings)
    if backend == "openai":
        from answer.backends.openai import OpenAIGenerator

        return OpenAIGenerator(settings)
    from answer.backends.echo import EchoGenerator

    return EchoGenerator()
