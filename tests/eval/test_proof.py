from collections import Counter
from pathlib import Path

import pytest

from eval.proof import PROOF_PAIRS, ProofPair, load_pairs, measure_proof, report_lines
from ingest.errors import UsageError

EVIDENCE = ("The bridge was opened in 1931.",)


def pair(draft: str, right: bool, kind: str = "date") -> ProofPair:
    return ProofPair(
        id=draft, kind=kind, evidence=EVIDENCE, header="", question="", draft=draft, right=right, split="dev"
    )


def test_a_wrong_draft_that_passes_and_a_right_one_thrown_out_are_faults() -> None:
    report = measure_proof(
        [
            pair("The bridge was opened in 1931.", right=False),
            pair("The bridge was opened in 1932.", right=False),
            pair("The bridge was opened in 1931.", right=True),
            pair("The ribbon was cut in 1931.", right=True),
        ]
    )
    assert (report.wrong_passed, report.right_thrown_out) == (0.5, 0.5)


def test_nothing_measured_is_none() -> None:
    report = measure_proof([])
    assert (report.wrong_passed, report.right_thrown_out) == (None, None)


def test_the_table_counts_per_kind_and_verbose_names_the_fault() -> None:
    report = measure_proof([pair("The bridge was opened in 1931.", right=False)])
    lines = report_lines(report, verbose=True)
    assert lines[0].split() == ["wrong", "passed", "date", "1", "of", "1", "100.0", "%"]
    assert lines[-1] == "The bridge was opened in 1931. The bridge was opened in 1931."


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text('\n{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: kind"):
        load_pairs(file)


def test_the_set_has_enough_of_every_kind_in_both_halves() -> None:
    pairs = load_pairs(PROOF_PAIRS)
    assert len({p.id for p in pairs}) == len(pairs)
    counts = Counter((p.kind, p.split) for p in pairs if not p.right)
    assert sum(counts.values()) >= 360
    assert sum(p.right for p in pairs) >= 240
    assert min(counts.values()) >= 10


def test_evidence_of_the_test_half_is_not_in_the_dev_half() -> None:
    pairs = load_pairs(PROOF_PAIRS)
    assert not {p.evidence for p in pairs if p.split == "dev"} & {p.evidence for p in pairs if p.split == "test"}


def test_few_wrong_drafts_pass_and_few_right_ones_are_thrown_out() -> None:
    report = measure_proof(load_pairs(PROOF_PAIRS))
    assert report.wrong_passed is not None
    assert report.right_thrown_out is not None
    assert report.wrong_passed <= 0.01, report_lines(report, verbose=True)
    assert report.right_thrown_out <= 0.15, report_lines(report, verbose=True)
