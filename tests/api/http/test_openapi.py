from pathlib import Path
from typing import Any

import http_docs
import schemathesis
from http_service import Start, settings_for
from hypothesis import HealthCheck, given, settings

from api.http.app import create_app

ROOT = Path(__file__).parents[3]
OPERATIONS = 22


def described(folder: Path, **http: Any) -> Any:
    return create_app(settings_for(folder, **http)).openapi()


def operations(document: Any) -> list[tuple[str, Any]]:
    return [(f"{method} {path}", each) for path, of in document["paths"].items() for method, each in of.items()]


def test_docs_http_is_what_the_script_writes() -> None:
    assert http_docs.PAGE.read_text(encoding="utf-8") == http_docs.page(http_docs.document()), (
        "run scripts/http_docs.py"
    )


def test_every_operation_has_a_tag_a_description_and_its_errors(tmp_path: Path) -> None:
    document = described(tmp_path)
    known = {tag["name"] for tag in document["tags"]}
    found = operations(document)
    assert len(found) == OPERATIONS
    assert [name for name, of in found if not of.get("description") or not set(of["tags"]) <= known] == []
    assert [name for name, of in found if not {"429", "500"} <= of["responses"].keys()] == []


def test_every_error_is_a_problem_except_where_openai_clients_read_it(tmp_path: Path) -> None:
    wrong = [
        f"{name} {status}"
        for name, operation in operations(described(tmp_path))
        for status, response in operation["responses"].items()
        if int(status) >= 400 and "application/problem+json" not in response["content"]
    ]
    assert all(entry.startswith("post /v1/chat/completions") or entry == "get /ready 503" for entry in wrong), wrong


def test_keys_are_in_the_document_where_they_are_asked_for(tmp_path: Path) -> None:
    assert not any("security" in operation for _, operation in operations(described(tmp_path)))
    secured = [name for name, of in operations(described(tmp_path, require_key=True)) if "security" in of]
    assert "post /v1/ask" in secured
    assert "get /health" not in secured


def test_the_limit_on_questions_is_the_one_in_the_settings(tmp_path: Path) -> None:
    schemas = described(tmp_path)["components"]["schemas"]
    assert schemas["AskRequest"]["properties"]["question"]["maxLength"] == 2000


def test_what_it_says_is_what_it_does(start: Start) -> None:
    """A few made-up requests for each operation; `schemathesis run` does the same with thousands."""
    schema = schemathesis.openapi.from_url(f"{start().url}/openapi.json")
    checked = 0
    for found in schema.get_all_operations():

        @settings(
            max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
        )
        @given(case=found.ok().as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate()

        check()
        checked += 1
    assert checked == OPERATIONS
