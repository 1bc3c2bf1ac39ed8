"""The shipped article keeps every fact and quotation of the article it retells.

The original is not in the repository, so its facts stand here as patterns. A fact is found when one
single sentence (or list item) matches all of its patterns: a figure moved to another subject is a miss.
"""

import re
from pathlib import Path

import pytest

ARTICLE = Path(__file__).parent.parent / "articles" / "chinas-ai-race.md"

SIX_TO_NINE = r"(6 to 9|six to nine) months|half a year to nine months"
FIVE_TO_EIGHT = r"(5 to 8|five to eight) years"
US = r"\bUS\b|United States|\bAmerican?\b"
QUICKER = r"\bfaster|\bsooner|more quickly"
CHEAPER = r"cheaper|costs? .*less|cost.* (fallen|dropped|decreased)"
BACKS = r"\bback|\binvest"

FACTS: dict[str, tuple[str, ...]] = {
    "summary: the gap": (r"^- ", r"\bAI models\b", r"China|Chinese", US, SIX_TO_NINE, r"trail|behind|lag"),
    "summary: apps": (
        r"^- ",
        r"\bAI apps\b",
        r"spread|proliferate",
        QUICKER,
        r"China.* than in the US",
        r"early next year",
    ),
    "summary: cost": (r"^- ", r"[Tt]raining", r"good AI model", CHEAPER, r"significant"),
    "summary: companies": (r"^- ", r"Alibaba", r"Tencent", r"AI models and products"),
    "summary: super app": (r"^- ", r'"super app"', FIVE_TO_EIGHT, r"\bmay\b"),
    "headline: the gap": (r"^# ", r"China", r"\bUS\b", r"\bAI\b", r"6 to 9 months", r"fast"),
    "swift but behind": (r"artificial intelligence \(AI\)", r"quick|swift|rapid", r"although|despite|but", US),
    "Lee: Google China": (r"Kai-Fu Lee", r"used to|former|once", r"head", r"Google China"),
    "Lee: 01.AI": (r"Kai-Fu Lee", r"founder|founded", r"startup 01\.AI"),
    "Lee: the gap": (r"Lee", r"Chinese AI models", r"roughly|about|approximately", SIX_TO_NINE, US),
    "Lee: adoption": (
        r"Lee",
        r"AI applications",
        r"likely",
        r"adopt",
        QUICKER,
        r"China than in the US",
        r"near future",
    ),
    "LLMs progress": (r"large language models \(LLMs\)", r"rapid|quick", r"China"),
    "top LLMs": (r"\btop\b", r"LLMs", r"Chinese companies", r"half a year to nine months", US),
    "less advanced models": (
        r"[Ll]ess advanced Chinese models",
        r"around|about",
        r"(15|fifteen) months",
        r"\bmay\b|\bcould\b",
    ),
    "apps by early next year": (r"early next year", r"AI apps", r"proliferate", r"much faster"),
    "growth partly from cost": (r"[Pp]art", r"growth", r"training a good AI model", CHEAPER, r"significant"),
    "companies released and back": (
        r"[Mm]ajor",
        r"Alibaba",
        r"Tencent",
        r"released",
        r"business",
        BACKS,
        r"AI startups",
    ),
    "challenges": (r"obstacles|challenges", r"[Pp]rogress"),
    "super app years": (r"Lee", r"\bmay\b", FIVE_TO_EIGHT, r"generative AI", r"consumer", r'"super app"'),
    "super app meaning": (r'"super app"', r"one application|single application", r"many .*tasks|multiple tasks"),
    "new devices": (r"industry may", r"new devices", r"beyond", r"smartphones"),
    "devices always on": (r"devices", r"Lee", r"future", r"always on"),
    "daily life": (r"always on", r"suggest|indicat|hint", r"everyday life|daily li", r"AI"),
    "not idle": (r"China|Chinese", r"giants", r"not\b"),
    "own models, active investors": (
        r"Alibaba and Tencent",
        r"AI models of their own|own AI models",
        r"activ",
        r"invest",
        r"startups",
    ),
    "ShengShu": (r"ShengShu Technology", r"Beijing", BACKS, r"Ant Group", r"affiliate of Alibaba|Alibaba affiliate"),
    "Vidu": (r"ShengShu", r"recently announced", r"advance|improve", r"text-to-video model", r"Vidu"),
    "Vidu's improvement": (r"Vidu", r"consisten", r"main elements or characters", r"AI-generated clip"),
    "advertisers": (r"[Aa]dvertisers", r"promotional videos", r"particularly useful"),
    "Hunyuan": (r"Tencent", r"large language model", r'"Hunyuan"'),
    "Hunyuan unveiled": (r"Hunyuan", r"unveiled", r"September last year"),
    "Hunyuan divisions": (r"Hunyuan", r"various divisions", r"cloud computing", r"marketing", r"gaming", r"[Ss]ince"),
}

QUOTATIONS = ("super app", "proliferate in China much faster than in the US", "always on, always listening", "Hunyuan")

DISTORTIONS = (
    ("6 to 9 months", "6 to 19 months"),
    ("half a year to nine months", "a year to nine months"),
    ("15 months", "18 months"),
    ("five to eight years", "five to nine years"),
    ("September last year", "September 2023"),
    ("early next year", "late next year"),
    ("Ant Group", "Ants Group"),
    ("Beijing", "Shanghai"),
    ("cloud computing, marketing", "cloud computing, sales"),
    ("Google China", "Google"),
)


@pytest.fixture(scope="module", name="text")
def article_text() -> str:
    return ARTICLE.read_text(encoding="utf-8")


def sentences(text: str) -> list[str]:
    """The lines of a Markdown text, cut after sentence ends."""
    return [part for line in text.splitlines() for part in re.split(r'(?<=[.!?])\s+(?=[A-Z"])', line) if part]


def missing_facts(text: str) -> list[str]:
    """Names of the facts that no single sentence of ``text`` states."""
    units = sentences(text)
    return [
        name for name, patterns in FACTS.items() if not any(all(re.search(p, unit) for p in patterns) for unit in units)
    ]


def test_the_article_states_every_fact(text: str) -> None:
    assert missing_facts(text) == []


@pytest.mark.parametrize(("right", "wrong"), DISTORTIONS)
def test_a_distorted_fact_is_noticed(text: str, right: str, wrong: str) -> None:
    assert right in text
    assert missing_facts(text.replace(right, wrong)) != []


def test_every_sentence_of_the_body_carries_a_fact(text: str) -> None:
    body = text.split("## About this text")[0]
    needless = [
        unit for unit in sentences(body) if not unit.startswith("#") and missing_facts(body.replace(unit, "")) == []
    ]
    # The lead-ins; everything else would be missed, which also shows that the patterns are not too loose.
    assert len(needless) <= 3, needless


@pytest.mark.parametrize("words", QUOTATIONS)
def test_a_quotation_is_verbatim_and_in_quotation_marks(text: str, words: str) -> None:
    straight = text.replace("“", '"').replace("”", '"')
    assert re.search(rf'"{re.escape(words)}[,.]?"', straight)


def test_no_year_is_invented(text: str) -> None:
    assert re.findall(r"\b(?:19|20)\d\d\b", text) == []


def test_the_source_note_names_what_is_retold_and_what_is_not_known(text: str) -> None:
    note = text.split("## About this text")[1]
    assert "Kai-Fu Lee" in note
    assert "China's AI Race: 6-9 Months Behind US but Closing the Gap Fast" in note
    assert re.search(r"not its web address, author or date", note)


def test_the_article_has_one_title_and_sections(text: str) -> None:
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert len(re.findall(r"^## ", text, re.MULTILINE)) >= 4
