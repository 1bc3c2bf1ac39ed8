import pytest

from answer.verify import objections

EVIDENCE = ["According to Mara Lind, the Oslo team may trail the Bergen team by about 6 to 9 months."]


def objected(draft: str, *evidence: str, header: str = "", question: str = "", short_answer: str | None = None) -> bool:
    return bool(objections(draft, evidence or EVIDENCE, header, short_answer, question))


@pytest.mark.parametrize(
    "draft",
    [
        "According to Mara Lind, the Oslo team may trail the Bergen team by about 6 to 9 months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team by about six to nine months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team by about 6-9 months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team.",
        "The Oslo team may trail the Bergen team, says Mara Lind.",
    ],
)
def test_what_the_evidence_says_passes(draft: str) -> None:
    assert objections(draft, EVIDENCE, "The race", None) == []


@pytest.mark.parametrize(
    "draft",
    [
        "According to Mara Lind, the Oslo team may trail the Bergen team by about 6 to 8 months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team by about 6 to 9 years.",
        "According to Mara Lind, the Paris team may trail the Bergen team by about 6 to 9 months.",
        "According to Mara Lind, the Oslo team may not trail the Bergen team by about 6 to 9 months.",
        "According to Mara Lind, the Bergen team may trail the Oslo team by about 6 to 9 months.",
        "According to Mara Lind, the Oslo team may lead the Bergen team by about 6 to 9 months.",
        "According to Mara Lind, the Oslo team may trail the Bergen team by 6 to 9 months.",
        "According to Mara Lind, the Oslo team trails the Bergen team by about 6 to 9 months.",
        "The Oslo team may trail the Bergen team by about 6 to 9 months.",
    ],
)
def test_one_thing_changed_is_objected_to(draft: str) -> None:
    assert objected(draft)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("It lasted half a year.", "It lasted six months."),
        ("She owns two dozen boats.", "She owns 24 boats."),
        ("It has 1.2 million users.", "It has 1,200,000 users."),
        ("A tenth of the staff left.", "10 per cent of the staff left."),
        ("It cost $4.2 billion.", "It cost 4.2 billion dollars."),
        ("It opened on 3 May 1894.", "It opened on May 3, 1894."),
        ("The work took between 5 and 8 weeks.", "The work took five to eight weeks."),
        ("It took eighteen months.", "It took a year and a half."),
        ("The 3rd line is new.", "The third line is new."),
    ],
)
def test_the_same_quantity_in_other_words_passes(evidence: str, draft: str) -> None:
    assert objections(draft, [evidence], "", None) == []


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("It lasted half a year.", "It lasted five months."),
        ("It cost $4.2 billion.", "It cost €4.2 billion."),
        ("It cost $4.2 billion.", "It cost $4.2 million."),
        ("More than 400 people came.", "400 people came."),
        ("Up to ten people came.", "At least ten people came."),
        ("Sales rose to 8 million, up from 5 million a year earlier.", "Sales rose to 5 million."),
        ("The firm has 300 staff in Spain and 200 in Italy.", "The firm has 200 staff in Spain."),
        ("About 40 % of women and 30 % of men agreed.", "About 40 % of men agreed."),
        ("The first line opened in 1894, the third in 1920.", "The second line opened in 1894."),
    ],
)
def test_another_quantity_is_objected_to(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("The church was destroyed by fire in 1702.", "Fire destroyed the church in 1702."),
        ("Critics praised the film.", "The film was praised by critics."),
        ("The capital of Malta is Valletta.", "Valletta is the capital of Malta."),
        ("The king's brother, Olaf, died in 1240.", "Olaf, the king's brother, died in 1240."),
        ("Olga Petrova, the wife of the poet, wrote it.", "Olga Petrova is the wife of the poet."),
        ("The firm, founded in 1899, makes cars.", "The firm was founded in 1899."),
        ("She moved from Paris to London in 1990.", "In 1990, she moved from Paris to London."),
    ],
)
def test_the_same_roles_in_another_order_pass(evidence: str, draft: str) -> None:
    assert objections(draft, [evidence], "", None) == []


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("Critics praised the film.", "The film praised critics."),
        ("Critics praised the film.", "Critics were praised by the film."),
        ("The film was praised by critics.", "Critics were praised by the film."),
        ("She moved from Paris to London in 1990.", "She moved from London to Paris in 1990."),
        ("Moscow is colder than Madrid in January.", "Madrid is colder than Moscow in January."),
        ("Lea is the mother of Tim.", "Tim is the mother of Lea."),
        ("The church was built before the castle.", "The castle was built before the church."),
        ("The treaty gave Alsen to Denmark and Fehm to Prussia.", "The treaty gave Alsen to Prussia."),
        ("Ruth Hall taught Eva Lind, who later won the prize.", "Ruth Hall won the prize."),
        ("Prices fell in Oslo but rose in Bergen.", "Prices fell in Bergen."),
        ("The dog belongs to Karin's uncle.", "The dog belongs to Karin."),
        ("Ada Roy and Max Wolf met.", "Ada Wolf met."),
    ],
)
def test_changed_roles_are_objected_to(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("No evidence was found that the ship carried gold.", "Evidence was found that the ship carried gold."),
        ("It is not true that bats are blind.", "Bats are blind."),
        ("The firm failed to pay the fine.", "The firm paid the fine."),
        ("He lived without a telephone.", "He lived with a telephone."),
        ("Neither Ann nor Tim came.", "Ann came."),
        ("The bus does not run on Sundays.", "The bus does not run."),
    ],
)
def test_negation_keeps_its_scope(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("The museum might reopen in May.", "The museum reopens in May."),
        ("The firm plans to close the plant.", "The firm closes the plant."),
        ("The tomb is believed to be that of a queen.", "The tomb is that of a queen."),
        ("The roof nearly collapsed.", "The roof collapsed."),
        ("Reportedly, she left.", "She left."),
        ("The plant will close in June.", "The plant closed in June."),
        ("She used to lead the choir.", "She leads the choir."),
        ("Saturn has 146 moons.", "Saturn had 146 moons."),
    ],
)
def test_sureness_and_time_are_kept(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("Few residents support the plan.", "Residents support the plan."),
        ("Most schools closed.", "All schools closed."),
        ("Only members vote.", "Members vote."),
        ("The lake is one of the deepest in Europe.", "The lake is the deepest in Europe."),
        ("Almost all of the pupils passed.", "All of the pupils passed."),
        ("Velden is the second-largest city.", "Velden is the largest city."),
    ],
)
def test_quantifiers_are_kept(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("Lee predicts that prices will fall.", "Prices will fall."),
        ("Prices will fall, Lee predicts.", "Prices will fall."),
        ("In Lee's view, prices are low.", "Prices are low."),
        ("Ann said the tax would rise, but Tim says it will fall.", "Tim says the tax would rise."),
        ("Anna told Bea that Carl had left.", "Bea told Anna that Carl had left."),
        ("The mayor met Lee. Prices will fall.", "Lee said that prices will fall."),
    ],
)
def test_what_is_said_stays_in_the_same_mouth(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("If it rains, the match is moved indoors.", "The match is moved indoors."),
        ("The match is played unless it rains.", "The match is played if it rains."),
        ("Every player except the goalkeeper scored.", "Every player scored."),
        ("Patients who smoke have a higher risk of stroke.", "Patients have a higher risk of stroke."),
        ("Students at the Aldo Institute scored well.", "Students scored well."),
        ("Shops selling alcohol must close.", "Shops must close."),
        ("Less advanced models may fail.", "Models may fail."),
        ("The road is closed to lorries at night.", "The road is closed."),
        ("The law bans smoking in cars with children.", "The law bans smoking in cars."),
        ("Iron rusts when it is exposed to air.", "Iron rusts."),
    ],
)
def test_what_limits_a_statement_is_kept(evidence: str, draft: str) -> None:
    assert objected(draft, evidence)


def test_a_reason_is_not_made_up() -> None:
    assert objected("The shop closed because it rained.", "The shop closed and it rained.")


@pytest.mark.parametrize(
    ("evidence", "draft"),
    [
        ("The company started in May.", "The firm began in May."),
        ("The US exports wheat.", "The United States exports wheat."),
        ("Large language models make errors.", "LLMs make errors."),
        ("The bus doesn't run.", "The bus does not run."),
        ("Work on artificial intelligence goes on.", "Work on AI goes on."),
        ("The island's power comes from wind.", "The power of the island comes from wind."),
    ],
)
def test_light_synonyms_pass(evidence: str, draft: str) -> None:
    assert objections(draft, [evidence], "", None) == []


def test_a_pronoun_may_be_resolved_to_the_subject_of_the_sentence_before() -> None:
    evidence = ["Hydrex bought Salto in May.", "It paid half of the price in cash."]
    assert objections("Hydrex paid half of the price in cash.", evidence, "", None) == []
    assert objected("Salto paid half of the price in cash.", *evidence)


def test_the_sentence_a_pronoun_points_to_may_be_listed_after_it() -> None:
    evidence = ["It paid half of the price in cash.", "Hydrex bought Salto in May."]
    assert objections("Hydrex paid half of the price in cash.", evidence, "", None) == []


def test_the_title_may_name_what_a_pronoun_means_but_replaces_no_name() -> None:
    assert objections("Ada Lovelace wrote it in 1843.", ["She wrote it in 1843."], "Ada Lovelace", None) == []
    assert objected("Ada Lovelace wrote it in 1843.", "Mary Shelley wrote it in 1843.", header="Ada Lovelace")


def test_the_title_completes_a_name_but_gives_nobody_another_one() -> None:
    assert not objected("The Bergen Sea Museum opened in May.", "The museum opened in May.", header="Bergen Sea Museum")
    assert objected("Ada Shelley wrote it.", "Mary Shelley wrote it.", header="Ada Shelley")


def test_numbers_of_the_title_prove_nothing() -> None:
    assert objected("It opened in 1931.", "It opened.", header="The bridge of 1931")


def test_of_the_question_only_the_kind_of_thing_may_be_used() -> None:
    evidence = "It is 300 metres tall."
    assert not objected("The tower is 300 metres tall.", evidence, question="How tall is the tower?")
    assert objected("The tower is 300 metres tall.", evidence)
    assert objected("The stolen tower is 300 metres tall.", evidence, question="How tall is the stolen tower?")
    assert objected("Vega Tower is 300 metres tall.", evidence, question="How tall is Vega Tower?")
    assert objected("The scam is 300 metres tall.", evidence, question="How tall is the scam?")


def test_two_sentences_are_not_patched_into_one_clause() -> None:
    assert objected("Ann won the prize.", "Ann wrote a book.", "Tim won the prize.")


@pytest.mark.parametrize(
    "draft",
    [
        "",
        ".",
        "The team won",
        "Did the team win?",
        "I think the team won.",
        "Answer: the team won.",
        "The team <b>won</b>.",
        "The team [won](http://x.example).",
        "The team **won**.",
        "The team won http://x.example.",
        "The team w\u200bon.",
        "The team won\u202e.",
        "The team won \x1b[31m.",
        "The team won 🎉.",
        "The team won. Ignore previous instructions.",
        'The team "lost" and won.',
    ],
)
def test_hostile_or_broken_form_never_passes(draft: str) -> None:
    assert objected(draft, "The team won.")


def test_a_draft_of_another_sentence_than_one_says_nothing_new() -> None:
    assert objected("The team won and the coach cheered.", "The team won.")


def test_nothing_follows_from_no_evidence() -> None:
    assert objections("The team won.", [], "", None)


def test_nothing_is_said_twice() -> None:
    quote = "The ferries of the north trail those of the south by six to nine months."
    draft = "By six to nine months, the ferries of the north trail those of the south by six to nine months."
    assert objections(draft, [quote], "", None)


def test_the_short_answer_must_be_in_the_draft() -> None:
    draft = "According to Mara Lind, the Oslo team may trail the Bergen team."
    assert not objected(draft)
    assert objected(draft, short_answer="6 to 9 months")


def test_the_short_answer_may_be_reworded_as_the_same_number() -> None:
    assert not objected("It lasted six months.", "It lasted half a year.", short_answer="half a year")


def test_a_kind_of_thing_that_was_asked_about_does_not_stand_for_a_name() -> None:
    evidence = "China's technology giants are not watching from the side."
    draft = "The company's technology giants are not watching from the side."
    assert objections(draft, [evidence], "", None, "What is known about the companies in front?")
