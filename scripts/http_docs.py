"""Write docs/http.md from the OpenAPI document of the service.

.venv/bin/python scripts/http_docs.py
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "http.md"
INTRODUCTION = """# The HTTP service

Written by scripts/http_docs.py from the OpenAPI document, which a running service gives at `/openapi.json`.

    footnote serve                          # http://127.0.0.1:8000, from this machine alone
    footnote keys add NAME                  # prints a key, once; needed before it listens on other addresses
    footnote serve --host 0.0.0.0

    curl -s http://127.0.0.1:8000/v1/ask -H 'Content-Type: application/json' \\
         -d '{"question": "How far behind are Chinese models?"}'
    curl -s http://127.0.0.1:8000/v1/documents -F file=@article.pdf

"""
Json = Mapping[str, Any]


def page(document: Json) -> str:
    """The whole text of docs/http.md."""
    parts = [INTRODUCTION, f"{document['info']['description']}\n"]
    for tag in document["tags"]:
        parts.append(f"\n## {tag['name'].capitalize()}\n\n{tag['description']}\n")
        parts += [_operation(*each, document) for each in _operations(document, tag["name"])]
    parts += [_problems(document), "\n## Shapes\n"]
    parts += [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return "".join(parts)


def _operations(document: Json, tag: str) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                yield method.upper(), path, operation


def _operation(method: str, path: str, operation: Json, document: Json) -> str:
    text = f"\n### {method} {path}\n\n{operation['description']}\n\n"
    for parameter in operation.get("parameters", ()):
        limits = _type(parameter["schema"])
        text += f"- `{parameter['name']}` in the {parameter['in']}: {limits}\n"
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        text += f"- body, `{media_type}`: {_body(content['schema'], document)}\n"
    responses = sorted(operation["responses"].items())
    text += "".join(_response(*each) for each in responses if not _is_problem(*each))
    return (
        text + f"- problems: {', '.join(status for status, response in responses if _is_problem(status, response))}\n"
    )


def _is_problem(status: str, response: Json) -> bool:
    shapes = {content["schema"].get("$ref", "") for content in response.get("content", {}).values() if status >= "4"}
    return bool(shapes & {"#/components/schemas/Problem", "#/components/schemas/OpenAIError"})


def _problems(document: Json) -> str:
    """What the statuses mean, once for all operations."""
    meanings = {
        status: response["description"]
        for methods in document["paths"].values()
        for operation in methods.values()
        for status, response in operation["responses"].items()
        if _is_problem(status, response)
    }
    rows = "".join(f"- **{status}** {meaning}\n" for status, meaning in sorted(meanings.items()))
    return f"\n## Problems\n\nThe body is a [Problem](#problem). `Retry-After` says when to come back.\n\n{rows}"


def _body(schema: Json, document: Json) -> str:
    """A form's fields stand here, since its schema has a name that nobody needs."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if not name.startswith("Body_"):
        return _type(schema)
    fields = document["components"]["schemas"][name]["properties"]
    return "; ".join(f"field `{field}`, {_type(of)}, {of.get('description', '')}" for field, of in fields.items())


def _response(status: str, response: Json) -> str:
    shapes = " or ".join(
        f"`{media_type}` {_type(content['schema']) if content.get('schema') else ''}".strip()
        for media_type, content in response.get("content", {}).items()
    )
    return f"- **{status}** {response['description']}{' ' + shapes if shapes else ''}\n"


def _schema(name: str, schema: Json) -> str:
    if name.startswith("Body_"):
        return ""
    text = f"\n### {name}\n\n{schema.get('description', '')}\n\n"
    required = schema.get("required", ())
    for field, of in schema.get("properties", {}).items():
        note = f": {of['description']}" if of.get("description") else ""
        text += f"- `{field}`{'' if field in required else ' (optional)'}, {_type(of)}{note}\n"
    examples: Sequence[Any] = schema.get("examples", ())
    return text + "".join(f"\n```json\n{json.dumps(example, indent=1)}\n```\n" for example in examples)


def _type(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(map(_type, schema[several]))
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}{_limits(schema)}"
    return f"{schema.get('type', 'anything')}{_limits(schema)}"


def _limits(schema: Json) -> str:
    names = ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "pattern", "default")
    limits = ", ".join(f"{name} {json.dumps(schema[name])}" for name in names if schema.get(name) is not None)
    return f" ({limits})" if limits else ""


def document() -> Json:
    """The OpenAPI document of a service with the default settings."""
    from api.http.app import create_app
    from api.settings import Settings

    described: Json = create_app(Settings.model_construct()).openapi()
    return described


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(document()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
