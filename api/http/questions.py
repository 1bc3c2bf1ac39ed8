"""What the routes that answer have in common."""

import logging

from fastapi import Request

from answer.types import Answer
from api.http.auth import Caller
from api.http.parts import Parts
from api.http.problems import ProblemError
from api.sessions import StoreError

_log = logging.getLogger("footnote.http")


def checked(request: Request, parts: Parts, question: str) -> str:
    """``question``, logged where the settings ask for it. Raises ProblemError (422) when it is too long."""
    limit = parts.settings.answer.max_question_chars
    if len(question) > limit:
        raise ProblemError(422, "too-long", f"the question has {len(question)} characters, the limit is {limit}")
    if parts.settings.http.log_questions:
        request.scope["footnote.question"] = question
    return question


async def keep_receipt(parts: Parts, caller: Caller, answer: Answer) -> None:
    """Keep an answer given outside a session, so that feedback can name it; an answer is given even if this fails."""
    try:
        await parts.io(lambda: parts.sessions.add(caller.owner, "", answer))
    except StoreError as error:
        _log.error("%s", error)
