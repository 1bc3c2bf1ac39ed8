"""Is a request Slack's? Checked before anything reads its body."""

import hashlib
import hmac
import re
from collections.abc import Mapping

from ingest.errors import FootnoteError

WINDOW_S = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class RefusedRequestError(FootnoteError):
    """A request that is not taken.

    Args:
        status: of the response: 400 for what is malformed, 401 for what is not proven to be Slack's.
        message: one line, which tells nothing about the secret.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check_signature(headers: Mapping[str, str], body: bytes, secret: str, now: float) -> None:
    """Check Slack's signature of a request, in constant time, and that it is at most five minutes old.

    Args:
        headers: case does not matter if the mapping says so; ``X-Slack-Request-Timestamp`` and ``X-Slack-Signature``.
        body: as received, to the byte.
        secret: the signing secret.
        now: seconds since 1970.

    Raises:
        RefusedRequestError: 400, a header is malformed; 401, it is missing, too old, or not right.
    """
    stamp, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
    if not stamp or not signature:
        raise RefusedRequestError(401, "the request is not signed")
    if not _TIMESTAMP.fullmatch(stamp):
        raise RefusedRequestError(400, "X-Slack-Request-Timestamp is not a number of seconds")
    if not _SIGNATURE.fullmatch(signature):
        raise RefusedRequestError(400, "X-Slack-Signature is not v0= and 64 hexadecimal digits")
    if abs(now - int(stamp)) > WINDOW_S:
        raise RefusedRequestError(401, f"the request is more than {WINDOW_S} s old, or this machine's clock is wrong")
    expected = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        raise RefusedRequestError(401, "the signature is not right")
