"""How well the proof tells a wrong rewording from a right one, on hand-written pairs with one thing changed.

``python -m eval.proof`` prints a table per kind and the two rates. Pure apart from reading the file; needs no model.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from answer.verify import objections
from eval.known_facts import Split
from ingest.errors import UsageError

PROOF_PAIRS = Path(__file__).parent / "data" / "proof_pairs.jsonl"


class ProofPair(BaseModel):
    """Evidence and a draft that follows from it (``right``) or differs from it in one thing.

    Attributes:
        id: unique; "r..." right, "w..." wrong.
        kind: what was changed ("number"), or how it was reworded ("passive").
        evidence: the quoted sentences.
        header: title and headings, "" for none.
        question: what was asked, "" for nothing.
        draft: the rewording to judge.
        right: whether the evidence supports the draft.
        split: "dev" was tuned on, "test" was not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    evidence: tuple[Annotated[str, Field(min_length=1)], ...] = Field(min_length=1)
    header: str
    question: str
    draft: str = Field(min_length=1)
    right: bool
    split: Split


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """One pair and why the proof objected to its draft; an empty tuple when it passed."""

    pair: ProofPair
    objections: tuple[str, ...]

    @property
    def fault(self) -> bool:
        """Whether a wrong draft passed or a right one was thrown out."""
        return self.pair.right == bool(self.objections)


@dataclass(frozen=True, slots=True)
class ProofReport:
    """The verdicts on a set of pairs, in its order."""

    verdicts: tuple[ProofVerdict, ...]

    def of(self, right: bool, kind: str | None = None) -> tuple[ProofVerdict, ...]:
        """The verdicts on right (or wrong) drafts, of one kind or of all."""
        return tuple(v for v in self.verdicts if v.pair.right == right and kind in (None, v.pair.kind))

    @property
    def wrong_passed(self) -> float | None:
        """Share of the wrong drafts that passed, 0 to 1; None without wrong drafts."""
        return _fault_rate(self.of(right=False))

    @property
    def right_thrown_out(self) -> float | None:
        """Share of the right drafts that were thrown out, 0 to 1; None without right drafts."""
        return _fault_rate(self.of(right=True))


def _fault_rate(verdicts: Sequence[ProofVerdict]) -> float | None:
    return sum(v.fault for v in verdicts) / len(verdicts) if verdicts else None


def measure_proof(pairs: Iterable[ProofPair]) -> ProofReport:
    """Judge every pair as the product would; a few milliseconds a pair."""
    return ProofReport(tuple(_judge(pair) for pair in pairs))


def _judge(pair: ProofPair) -> ProofVerdict:
    return ProofVerdict(pair, tuple(objections(pair.draft, pair.evidence, pair.header, None, pair.question)))


def load_pairs(path: Path) -> tuple[ProofPair, ...]:
    """Read and check a set of pairs; blank lines are skipped.

    Raises:
        UsageError: the file cannot be read, is empty, or a line is wrong; names the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the pairs in {path}: {type(error).__name__}") from error
    pairs = tuple(_parse(line, f"{path}, line {n}") for n, line in enumerate(lines, start=1) if line.strip())
    if not pairs:
        raise UsageError(f"{path} holds no pairs")
    return pairs


def _parse(line: str, where: str) -> ProofPair:
    try:
        return ProofPair.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the line"
        raise UsageError(f"{where}: {field}: {first['msg']}, got {str(first['input'])[:80]!r}") from error


def report_lines(report: ProofReport, verbose: bool = False) -> list[str]:
    """The report as lines of text: faults of pairs per kind, the two rates; with ``verbose`` each fault."""
    lines = []
    for right, title in ((False, "wrong passed"), (True, "right thrown out")):
        kinds = sorted({v.pair.kind for v in report.of(right)})
        lines += [f"{title:16}  {kind:12} {_count(report.of(right, kind))}" for kind in kinds]
        lines.append(f"{title:16}  {'all':12} {_count(report.of(right))}")
    if verbose:
        lines += [f"{v.pair.id} {v.pair.draft}  {'; '.join(v.objections)}".rstrip() for v in report.verdicts if v.fault]
    return lines


def _count(verdicts: Sequence[ProofVerdict]) -> str:
    rate = _fault_rate(verdicts)
    share = "not measured" if rate is None else f"{100 * rate:5.1f} %"
    return f"{sum(v.fault for v in verdicts):3} of {len(verdicts):3}  {share}"


def main() -> None:
    """Print the table for the set of the repository, or another file of pairs."""
    import click

    @click.command()
    @click.option("--file", "path", type=click.Path(path_type=Path), default=PROOF_PAIRS, help="pairs, a JSON a line")
    @click.option("--split", type=click.Choice(["dev", "test"]), help="one half only")
    @click.option("--verbose", is_flag=True, help="list the drafts that were judged wrongly")
    def command(path: Path, split: str | None, verbose: bool) -> None:
        """Measure the proof: how many wrong rewordings pass, how many right ones are thrown out."""
        try:
            pairs = load_pairs(path)
        except UsageError as error:
            raise click.ClickException(str(error)) from error
        chosen = [pair for pair in pairs if split in (None, pair.split)]
        click.echo("\n".join(report_lines(measure_proof(chosen), verbose)))

    command()


if __name__ == "__main__":
    main()
