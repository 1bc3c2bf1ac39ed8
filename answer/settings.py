"""Settings of the answer stage."""

from pydantic import BaseModel, ConfigDict, Field

from answer.backends.base import GeneratorSettings


class ReaderSettings(BaseModel):
    """Which model finds the evidence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(
        default="footnote-reader",
        description="footnote-reader (shipped), overlap (no model), or an extractive-QA transformers id or folder.",
    )
    passages: int = Field(default=5, ge=1, le=50, description="Passages read per question.")
    threads: int = Field(default=0, ge=0, le=256, description="CPU threads; 0 takes all cores.")


class AnswerSettings(BaseModel):
    """How evidence becomes an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reader: ReaderSettings = ReaderSettings()
    generator: GeneratorSettings = GeneratorSettings()
    threshold: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Answer at this confidence or above; unset: the index's calibration, else the shipped one.",
    )
    reword: bool = Field(default=True, description="Let the generator word the evidence; false quotes it.")
    reword_from: int = Field(
        default=20,
        ge=0,
        description="Words from which the evidence is worded anew; shorter, it is its own best wording.",
    )
    max_question_chars: int = Field(default=2000, ge=10, le=100_000, description="Longer questions are refused.")
    nearest: int = Field(default=3, ge=0, le=20, description="Passages shown when the articles do not answer.")
