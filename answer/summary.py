"""Summaries by quotation: the sentences that speak for the most of a text, in the text's own order.

Centrality is the mean cosine of a sentence with all others (Erkan & Radev 2004, without the random walk);
maximal marginal relevance (Carbonell & Goldstein 1998) keeps the choice from repeating itself.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from answer.evidence import antecedent
from answer.types import Evidence
from answer.words import content_keys, words
from ingest.types import Span
from retriever.types import Retrieved

SENTENCES = 5
TOPIC_SENTENCES = 3
MAX_READ = 80
DIVERSITY = 0.5
_WORDS = (4, 45)
_ASKING = """
    summary summarise summarize summarizing sum overview gist nutshell key main major central important point
    points takeaway takeaways idea ideas message theme themes topic topics finding findings fact facts claim
    claims argument arguments thing things article articles text document page piece story report reports
    about outline tldr tl dr boil down short brief briefly words sentences sentence paragraph learn quick
    quickly give me bullet bullets whole entire want like know more something anything everything information info
    news hear talk can could would should teach need have read time
    """

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


def topic_keys(question: str) -> set[str]:
    """What the answer should be about: the question's words without those of asking; empty for "all of it"."""
    return content_keys(question) - content_keys(_ASKING)


def central_sentences(hits: Sequence[Retrieved], embed: Embed) -> list[Evidence]:
    """Up to SENTENCES sentences that cover the passages, in document order.

    Args:
        hits: the passages to cover.
        embed: texts -> normalised vectors, float32 [n, d]; called once with at most MAX_READ sentences.
    """
    pool = _sentences(hits)
    if not pool:
        return []
    vectors = embed([evidence.quote for evidence in pool])
    similar = vectors @ vectors.T
    chosen: list[int] = []
    for _ in range(min(SENTENCES, len(pool))):
        repeats = similar[:, chosen].max(axis=1) if chosen else np.zeros(len(pool))
        gain = similar.mean(axis=1) - DIVERSITY * repeats
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    return [pool[i] for i in sorted(chosen)]


def sentences_on(topic: set[str], hits: Sequence[Retrieved]) -> list[Evidence]:
    """Up to TOPIC_SENTENCES sentences that name all of ``topic``, those of the best passages, in document order."""
    found: dict[tuple[str, int], Evidence] = {}
    for hit in hits:
        for span in hit.passage.sentences:
            text = hit.document.text[span.start : span.end]
            if (
                topic
                and topic <= content_keys(text)
                and len(words(text)) >= _WORDS[0]
                and text.rstrip()[-1:] not in ":?"
            ):
                evidence = Evidence(hit.passage, hit.document, span.start, span.end, hit.score)
                found.setdefault((hit.document.id, span.start), evidence)
    best = list(found)[:TOPIC_SENTENCES]
    return [found[place] for place in sorted(best)]


def _sentences(hits: Sequence[Retrieved]) -> list[Evidence]:
    """Sentences that stand on their own, each once, in order; evenly thinned to MAX_READ."""
    found: dict[tuple[str, int], Evidence] = {}
    for hit in hits:
        for span in hit.passage.sentences:
            if _stands_alone(hit, span):
                evidence = Evidence(hit.passage, hit.document, span.start, span.end, hit.score)
                found.setdefault((hit.document.id, span.start), evidence)
    pool = [found[place] for place in sorted(found)]
    if len(pool) <= MAX_READ:
        return pool
    return [pool[i] for i in np.linspace(0, len(pool) - 1, MAX_READ).astype(int)]


def _stands_alone(hit: Retrieved, span: Span) -> bool:
    text = hit.document.text[span.start : span.end].rstrip()
    length = len(words(text))
    return _WORDS[0] <= length <= _WORDS[1] and text[-1:] not in ":?" and antecedent(hit, span) is None
