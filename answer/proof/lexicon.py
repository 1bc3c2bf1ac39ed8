"""Closed word lists of English that the proof reads sentences with. Data only.

A word in ``CLASSES`` has a grammatical job and no content of its own; every other word is content and must be
accounted for. The lists are closed classes of the language, not words of any article.
"""

CLASSES: dict[str, str] = {
    word: label
    for label, members in {
        "neg": "not never no none nobody nothing neither nor without cannot hardly barely scarcely failed_to lack_of",
        "poss": "may might could maybe perhaps possibly potentially",
        "can": "can able_to",
        "allow": "allowed_to permitted_to",
        "likely": "likely probably presumably",
        "unlikely": "unlikely",
        "should": "should ought",
        "must": "must have_to obliged_to required_to",
        "had_to": "had_to",
        "will": "will shall going_to",
        "would": "would",
        "seem": "seem seems seemed appears appear appeared apparently seemingly",
        "reported": "reportedly allegedly supposedly said_to",
        "usually": "usually normally generally typically mostly mainly largely often frequently",
        "partly": "partly partially somewhat",
        "almost": "almost nearly virtually practically",
        "at_first": "temporarily provisionally initially originally briefly at_first nominally",
        "seldom": "sometimes occasionally rarely seldom",
        "always": "always constantly",
        "all": "all every each",
        "most": "most most_of",
        "some": "some certain",
        "several": "several various",
        "few": "few",
        "many": "many",
        "only": "only solely exclusively merely",
        "both": "both",
        "any": "any",
        "former": "former formerly previously used_to ex",
        "be": "is are was were be been being am",
        "have": "has have had having",
        "do": "do does did doing done",
        "det": "the a an this that's these such",
        "pron": "it he she they him her them this_ those one itself himself herself themselves we i us you",
        "own": "its his their our my your whose hers theirs",
        "that": "that",
        "rel": "which who whom where why how what",
        "and": "and or as_well_as",
        "but": "but however yet",
        "contrast": "although though while whereas despite",
        "cond": "if unless except provided as_long_as apart_from excluding other_than unless_and",
        "when": "when whenever once",
        "cause": "because therefore thus hence so due_to because_of thanks_to owing_to",
        "prep": """in on at of by for with to into from than as since before after until till during under over above
            below between against about around through near towards toward like within onto per behind_ among across
            along beyond without_ instead_of rather_than unlike via upon inside outside including out off up down""",
        "said_by": "according_to",
        "light": "there then ever even also too very just please which_is own here well together quite both_",
    }.items()
    for word in members.split()
}
PHRASES: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): word
    for phrase, word in {
        "used to": "used_to",
        "at first": "at_first",
        "able to": "able_to",
        "have to": "have_to",
        "has to": "have_to",
        "had to": "had_to",
        "allowed to": "allowed_to",
        "permitted to": "permitted_to",
        "obliged to": "obliged_to",
        "required to": "required_to",
        "going to": "going_to",
        "set to": "going_to",
        "said to": "said_to",
        "failed to": "failed_to",
        "fails to": "failed_to",
        "fail to": "failed_to",
        "lack of": "lack_of",
        "lacks": "lack_of",
        "lack": "lack_of",
        "lacked": "lack_of",
        "as well as": "as_well_as",
        "as long as": "as_long_as",
        "except for": "except",
        "apart from": "apart_from",
        "other than": "other_than",
        "due to": "due_to",
        "because of": "because_of",
        "thanks to": "thanks_to",
        "owing to": "owing_to",
        "instead of": "instead_of",
        "rather than": "rather_than",
        "according to": "according_to",
        "came back": "returned",
        "come back": "return",
        "comes back": "returns",
        "large language model": "llm",
        "large language models": "llms",
        "language models": "llms",
        "artificial intelligence": "ai",
        "united states of america": "us_",
        "united states": "us_",
        "united kingdom": "uk_",
        "european union": "eu_",
        "per cent": "%",
        "percent": "%",
        "per mille": "permille",
        "no longer": "not",
        "a few": "several",
        "a number of": "several",
        "a.m": "am_",
        "a.m.": "am_",
        "p.m": "pm_",
        "p.m.": "pm_",
    }.items()
}
CAPITAL_PHRASES = {"us": "us_", "u.s": "us_", "america": "us_", "usa": "us_", "uk": "uk_", "eu": "eu_"}
SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in """
        company firm companies firms
        begin start begins starts began started beginning starting begun
        trail behind trails trailed trailing lag lags lagged lagging
        think believe thinks believes thought believed
        predict forecast predicts predicted forecasts
        us_ american
        movie film
        car automobile
        show demonstrate shows demonstrates showed demonstrated
        inhabitant resident inhabitants residents
        purchase buy buys bought purchased purchases acquire acquired acquires
        finish complete finished completed
        metre meter metres meters
        kilometre kilometer kilometres kilometers
        litre liter litres liters
        large big
        larger bigger
        largest biggest
        smartphone smartphones
    """.strip().splitlines()
)
# Verbs whose present in -s is hardly ever a noun.
PRESENT_VERBS = frozenset(
    """
    comes goes lies stands flows sits weighs covers holds contains includes means makes gives takes leaves becomes
    remains belongs consists depends differs grows meets brings keeps allows lets gets sells buys pays loses wins
    begins happens owns builds supports opposes prefers replaces links connects produces provides needs wants seems
    applies carries employs treats spreads receives burns eats lays feeds lives leads serves teaches writes
    """.split()
)
TYPE_NOUNS = frozenset(
    """
    company firm city town village country river lake mountain island bridge tower building museum library school
    university hospital church castle station airport harbour book novel film song album painting game software
    app tool product model device machine engine car train ship plane species animal plant bird fish tree disease
    organisation organization institute group team club party newspaper website
    """.split()
)
SAY = frozenset(
    """
    say says said tell tells told state states stated claim claims claimed argue argues argued believe believes
    believed think thinks thought estimate estimates estimated predict predicts predicted forecast forecasts
    suggest suggests suggested report reports reported warn warns warned note notes noted write writes wrote insist
    insists insisted deny denies denied admit admits admitted announce announces announced declare declares declared
    reckon reckons reckoned conclude concludes concluded find finds found show shows showed expect expects expected
    hope hopes hoped fear fears feared ruled maintain maintains maintained assert asserts asserted contend contends
    contended allege alleges alleged acknowledge acknowledges acknowledged caution cautions cautioned complain complains
    complained recall recalls recalled remark remarks remarked testify testifies testified indicate indicates indicated
    suspect suspects suspected doubt doubts doubted assume assumes assumed calculate calculates calculated hint hints
    hinted worry worries worried guess guesses guessed explain explains explained add adds added confirm confirms
    confirmed
    """.split()
)
# These may stand for any other way of saying: they claim nothing about how sure the speaker is.
PLAIN_SAY = frozenset("say says said tell tells told state states stated".split())
# Also nouns, or said of things: they report only before a clause, after a name, or at the end of a sentence.
DOUBTFUL_SAY = frozenset(
    """
    show shows showed find finds found ruled add adds added announce announces announced report reports
    reported explain explains explained write writes wrote note notes noted admit admits admitted confirm confirms
    confirmed declare declares declared claim claims estimate estimates state states hope hopes fear fears forecast
    forecasts doubt doubts worry worries guess guesses hint hints caution cautions suspect suspects
    """.split()
)
TIME_UNITS = frozenset("year month week day hour minute second decade century night time".split())
OLD_NEW = frozenset("old new".split())
IRREALIS = frozenset(
    """
    expect expects expected plan plans planned planning hope hopes hoped want wants wanted intend intends
    intended aim aims aimed propose proposes proposed threaten threatens threatened promise promises promised
    try tries tried tend tends tended need needs needed decline declines declined offer offers offered prepare
    prepares prepared believed thought said reported estimated claimed predicted assumed alleged known attempt
    attempts attempted seek seeks sought agree agrees agreed refuse refuses refused consider considers
    considered
    """.split()
)
IRREGULAR: dict[str, str] = {
    past: base
    for base, forms in (
        entry.split(":")
        for entry in """
        become:became begin:began,begun bite:bit,bitten blow:blew,blown break:broke,broken bring:brought build:built
        buy:bought catch:caught choose:chose,chosen come:came draw:drew,drawn drink:drank,drunk drive:drove,driven
        eat:ate,eaten fall:fell,fallen feed:fed feel:felt fight:fought find:found fly:flew,flown forget:forgot,forgotten
        forgive:forgave get:got,gotten give:gave,given go:went,gone grow:grew,grown hang:hung have:had hear:heard
        hide:hid,hidden hold:held keep:kept know:knew,known lay:laid lead:led leave:left lend:lent lie:lay,lain
        lose:lost make:made mean:meant meet:met overtake:overtook,overtaken pay:paid ride:rode,ridden ring:rang,rung
        rise:rose,risen run:ran say:said see:saw,seen seek:sought sell:sold send:sent shake:shook,shaken
        shine:shone shoot:shot show:shown sing:sang,sung sink:sank,sunk sit:sat sleep:slept speak:spoke,spoken
        spend:spent stand:stood steal:stole,stolen stick:stuck strike:struck swear:swore,sworn swim:swam,swum
        take:took,taken teach:taught tear:tore,torn tell:told think:thought throw:threw,thrown understand:understood
        undertake:undertook,undertaken wake:woke,woken wear:wore,worn win:won withdraw:withdrew,withdrawn
        write:wrote,written arise:arose,arisen bear:bore,born beat:beaten freeze:froze,frozen
        """.split()
    )
    for past in forms.split(",")
}
# Dropping a detail of what these act on makes it more: "bans smoking in cars with children".
DENYING = frozenset(
    """
    ban bans banned forbid forbids forbade forbidden prohibit prohibits prohibited prevent prevents prevented
    reject rejects rejected avoid avoids avoided exclude excludes excluded oppose opposes opposed stop stops stopped
    """.split()
)
# Same form for now and then: tells no tense, may be passive.
UNCHANGING = frozenset("beat cost cut hit hurt let put read set shut spread split quit".split())
COUNT_WORDS = frozenset(
    """
    first second third fourth fifth sixth seventh eighth ninth tenth last next main other only half less more
    least fewer early late single previous
    """.split()
)
MONTHS = frozenset("january february march april june july august september october november december may".split())
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
NUMBER_MODIFIERS: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): label
    for label, phrases in {
        "about": "about|around|roughly|approximately|some|circa|an estimated|nearly|almost|close to",
        "more": "more than|over|above|well over|exceeding",
        "least": "at least|no fewer than|no less than|a minimum of",
        "less": "less than|fewer than|under|below",
        "most": "at most|up to|no more than|as many as|a maximum of|as much as",
        "exact": "exactly|precisely",
        "all but": "all but",
    }.items()
    for phrase in phrases.split("|")
}
