# Footnote with its models and the index of articles/ inside: it answers with no network and no writable disk.
#
#   docker build -t footnote .
#   docker run --rm --read-only --tmpfs /tmp footnote ask "How far behind are Chinese models?"
#
# On x86 pip takes PyTorch's CUDA build unless told otherwise; README.md says how to pass another index.

FROM python:3.11-slim-bookworm AS build

# xllamacpp links against the OpenMP runtime, which the slim image does not have.
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*

# Handed to pip when given as --build-arg; nothing is set here.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
ENV PATH=/opt/footnote/bin:$PATH FOOTNOTE_CACHE=/opt/footnote/models

# The libraries change seldom and weigh most, so they have a layer of their own.
RUN python -m venv /opt/footnote
WORKDIR /opt/source
COPY requirements.lock ./
RUN pip install -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY licenses licenses
COPY ingest ingest
COPY retriever retriever
COPY answer answer
COPY api api
COPY eval eval
RUN pip install --no-deps .
RUN footnote setup

WORKDIR /srv/footnote
COPY articles articles
RUN footnote ingest articles --index var/index


FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="footnote" \
      org.opencontainers.image.description="Ask an article; every sentence of the answer carries a footnote" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0"

RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin footnote

COPY --from=build /opt/footnote /opt/footnote
COPY --from=build --chown=10001:10001 /srv/footnote /srv/footnote

ENV PATH=/opt/footnote/bin:$PATH FOOTNOTE_CACHE=/opt/footnote/models
ENV FOOTNOTE_INDEX=/srv/footnote/var/index HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1
ENV HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

WORKDIR /srv/footnote
USER 10001:10001
HEALTHCHECK --interval=60s --timeout=30s --start-period=10s --retries=3 CMD ["footnote", "doctor"]
ENTRYPOINT ["footnote"]
CMD ["--help"]
