"""What Prometheus is told. Labels have few values: routes are templates, never the paths clients send."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from answer.types import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "footnote_http_requests", "Requests.", ("method", "route", "status"), registry=self.registry
        )
        self.request_seconds = Histogram(
            "footnote_http_request_seconds", "From request to end of response.", ("route",), registry=self.registry
        )
        self.stage_seconds = Histogram(
            "footnote_stage_seconds",
            "Time of an answer in search, read, write, and total.",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter("footnote_answers", "Answers computed, by status.", ("status",), registry=self.registry)
        self.cached = self._counter("footnote_answers_cached", "Answers given again from the cache.")
        self.shared = self._counter("footnote_answers_shared", "Requests that joined a computation in flight.")
        self.stopped = self._counter("footnote_answers_stopped", "Answers stopped because nobody waited any more.")
        self.tokens = self._counter("footnote_generated_tokens", "Tokens written by the generator.")
        self.jobs = Gauge("footnote_queue_jobs", "Jobs running or waiting.", registry=self.registry)
        self.capacity = Gauge("footnote_queue_capacity", "Jobs that may run or wait.", registry=self.registry)
        self.generation = Gauge("footnote_index_generation", "Generation that serves.", registry=self.registry)

    def answered(self, answer: Answer) -> None:
        """Count a computed answer and its stages."""
        self.answers.labels(answer.status).inc()
        for stage, spent_ms in answer.timings_ms:
            self.stage_seconds.labels(stage).observe(spent_ms / 1000)

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)

    def _counter(self, name: str, documentation: str) -> Counter:
        return Counter(name, documentation, registry=self.registry)
