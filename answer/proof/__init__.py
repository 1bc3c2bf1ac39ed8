"""The proof's reading of English: words and phrases (reading), draft over evidence (match), rules.

lexicon, quantities -> marks -> verbs, phrases, scopes, attribution -> reading -> alignment -> match -> rules
"""

from answer.proof import limit_rules, role_rules, word_rules

RULES = (
    word_rules.word_marks,
    word_rules.sources,
    word_rules.prepositions,
    word_rules.names,
    word_rules.connectives,
    role_rules.order,
    role_rules.one_sentence,
    role_rules.kept_verb,
    role_rules.kept_head,
    role_rules.rivals,
    role_rules.astray,
    role_rules.antecedents,
    role_rules.swapped,
    role_rules.meanings,
    role_rules.clauses,
    limit_rules.conditions,
    limit_rules.kept_modifiers,
    limit_rules.kept_limits,
    limit_rules.restrictive,
    limit_rules.openers,
)
