"""Numbers as JSON Schema means them: 5.0 is an integer. Pydantic's strict mode says it is none."""

import json

from pydantic import BeforeValidator


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Of an integer's annotations the last, or its bounds are missing from the schema.
WHOLE = BeforeValidator(_whole)


def with_integers(data: bytes) -> str:
    """JSON with each whole number written as an integer.

    Raises:
        ValueError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    return json.dumps(json.loads(data, parse_float=lambda digits: _whole(float(digits))))
