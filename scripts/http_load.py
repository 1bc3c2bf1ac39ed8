"""Load a running service and report what its clients saw.

    footnote serve &
    python scripts/http_load.py --clients 32 --seconds 120 --leave 100 --pid $!

Every client asks questions of eval/data, each made unlike all others so that no cache answers, as fast as it is
answered. Beside them `/health` is asked ten times a second. A client told 429 waits as long as Retry-After says, but
no more than two seconds. Then `--leave` clients open a stream and leave it in the middle; the time until the queue is
empty is told. Memory, threads and open files are those of `--pid` (Linux).
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

QUESTIONS = Path(__file__).parent.parent / "eval" / "data" / "known_facts.jsonl"
LONGEST_S = 60.0
HEALTH_EVERY_S = 0.1


@dataclass
class Seen:
    """What the clients saw: statuses, faults, seconds of answers and of `/health`."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    answers_s: list[float] = field(default_factory=list)
    health_s: list[float] = field(default_factory=list)


def main() -> None:
    """Run the load, print what was seen, exit 1 when anything but 200 and 429 came back or a client hung."""
    args = _arguments()
    questions = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    _say("before", _process(args.pid))
    seen = asyncio.run(_load(args.url, questions, args.clients, args.seconds))
    _say("after ", _process(args.pid))
    _say("statuses", dict(seen.statuses), "faults", dict(seen.faults))
    _say("answers ", _times(seen.answers_s))
    _say("/health ", _times(seen.health_s))
    if args.leave:
        emptied = asyncio.run(_leave(args.url, questions, args.leave))
        _say(f"queue empty {emptied:.1f} s after {args.leave} clients left")
        _say("after ", _process(args.pid))
    sys.exit(bool(seen.faults or set(seen.statuses) - {200, 429}))


def _say(*parts: object) -> None:
    sys.stdout.write(" ".join(map(str, parts)) + "\n")
    sys.stdout.flush()


async def _load(url: str, questions: list[str], clients: int, seconds: float) -> Seen:
    seen = Seen()
    end = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=LONGEST_S, limits=limits) as client:
        asking = (_client(client, questions, number, end, seen) for number in range(clients))
        await asyncio.gather(_health(client, end, seen), *asking)
    return seen


async def _client(client: httpx.AsyncClient, questions: list[str], number: int, end: float, seen: Seen) -> None:
    order = random.Random(number)  # noqa: S311 - repeatable, not secret
    asked = 0
    while time.monotonic() < end:
        asked += 1
        began = time.monotonic()
        try:
            answer = await client.post("/v1/ask", json={"question": f"{order.choice(questions)} ({number}.{asked})"})
        except httpx.HTTPError as error:
            seen.faults[type(error).__name__] += 1
            continue
        seen.statuses[answer.status_code] += 1
        if answer.status_code == httpx.codes.OK:
            seen.answers_s.append(time.monotonic() - began)
        elif "retry-after" in answer.headers:
            await asyncio.sleep(min(2.0, float(answer.headers["retry-after"])))
        else:
            seen.faults["no Retry-After"] += 1


async def _health(client: httpx.AsyncClient, end: float, seen: Seen) -> None:
    while time.monotonic() < end:
        began = time.monotonic()
        answer = await client.get("/health")
        seen.health_s.append(time.monotonic() - began)
        if answer.status_code != httpx.codes.OK:
            seen.faults[f"/health {answer.status_code}"] += 1
        await asyncio.sleep(HEALTH_EVERY_S)


async def _leave(url: str, questions: list[str], clients: int) -> float:
    """Seconds from the moment the last client left until no job waits or runs."""
    async with httpx.AsyncClient(base_url=url, timeout=LONGEST_S, limits=httpx.Limits(max_connections=None)) as client:
        await asyncio.gather(*(_half(client, f"{random.choice(questions)} (left {n})") for n in range(clients)))  # noqa: S311
        left = time.monotonic()
        while (await client.get("/ready")).json()["queue"]["jobs"]:
            await asyncio.sleep(0.05)
    return time.monotonic() - left


async def _half(client: httpx.AsyncClient, question: str) -> None:
    """Read a stream for a moment and close it."""
    async with client.stream("POST", "/v1/chat", json={"question": question}) as answer:
        try:
            async with asyncio.timeout(random.uniform(0.1, 1.5)):  # noqa: S311
                async for _ in answer.aiter_bytes():
                    pass
        except TimeoutError:
            return


def _times(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    if not ordered:
        return "none"
    at = {share: 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99)}
    return f"n {len(ordered)}, " + ", ".join(f"p{share * 100:.0f} {ms:.0f} ms" for share, ms in at.items())


def _process(pid: int | None) -> str:
    if pid is None:
        return "not looked at (--pid)"
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    values = dict(line.split(":", 1) for line in status.splitlines())
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return f"memory {values['VmRSS'].strip()}, threads {values['Threads'].strip()}, open files {files}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--leave", type=int, default=0, help="clients that leave a stream in the middle, afterwards")
    parser.add_argument("--pid", type=int, help="process of the service (Linux)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
