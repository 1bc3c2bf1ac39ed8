"""Proving a receipt again: every quote is compared with the documents as they are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from answer.compose import answer_text
from answer.types import Answer, Citation, Statement
from answer.verify import objections
from ingest.types import Document


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was compared; ``problem`` is empty when it holds."""

    subject: str
    problem: str


def verify_receipt(answer: Answer, documents: Mapping[str, Document]) -> list[Check]:
    """Recompute hashes and offsets and prove each statement again.

    Args:
        answer: the receipt.
        documents: today's documents by id.
    """
    checks = [Check(f"citation {c.number}", _citation_problem(c, documents)) for c in answer.citations]
    checks += [Check(f"statement {i}", _statement_problem(s, answer)) for i, s in enumerate(answer.statements, start=1)]
    if answer.status == "answered":
        same = answer.text == answer_text(answer.statements)
        checks.append(Check("text", "" if same else "differs from the statements it should consist of"))
        checks.append(Check("statements", "" if answer.statements else "an answer without a statement"))
    return checks


def _citation_problem(citation: Citation, documents: Mapping[str, Document]) -> str:
    document = documents.get(citation.document.id)
    if document is None:
        return _drift(citation, documents)
    if document.sha256 != citation.document.sha256:
        was, now = citation.document.sha256[:12], document.sha256[:12]
        return f"SHA-256 of {citation.document.source} is {now}..., the receipt says {was}..."
    if document.text[citation.start : citation.end] != citation.quote:
        return f"characters {citation.start}-{citation.end} of {citation.document.source} are not the quote"
    return ""


def _drift(citation: Citation, documents: Mapping[str, Document]) -> str:
    """The very document is gone: say whether its source has changed or disappeared."""
    source = citation.document.source
    now = next((d for d in documents.values() if d.source == source), None)
    if now is None:
        return f"{source} is not in the index"
    at = now.text.find(citation.quote)
    if at < 0:
        return f"{source} has changed and no longer contains the quote"
    return f"{source} has changed; the quote now stands at {at}-{at + len(citation.quote)}"


def _statement_problem(statement: Statement, answer: Answer) -> str:
    by_number = {c.number: c for c in answer.citations}
    missing = [n for n in statement.citations if n not in by_number]
    if missing:
        return f"cites [{missing[0]}], which is not there"
    if not statement.citations:
        return "has no citation"
    quotes = [by_number[n].quote for n in statement.citations]
    if statement.support == "quoted":
        return "" if any(_plain(q) in _plain(statement.text) for q in quotes) else "is not the quote it cites"
    titles = "\n".join(by_number[n].document.title for n in statement.citations)
    found = objections(statement.text, quotes, titles, None, answer.standalone_question)
    return found[0] if found else ""


def _plain(text: str) -> str:
    return " ".join(text.split())
