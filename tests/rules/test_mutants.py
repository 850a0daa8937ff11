"""That ``make mutants`` still means something: each naive translation can be put into the code as it is now."""

from tests.rules.mutant_table import read_mutants, reason_not_to_apply


def test_every_mutant_changes_the_code() -> None:
    reasons = {mutant.name: reason_not_to_apply(mutant) for mutant in read_mutants()}
    assert not {name: reason for name, reason in reasons.items() if reason}


def test_every_mutant_has_a_name_of_its_own() -> None:
    names = [mutant.name for mutant in read_mutants()]
    assert len(names) == len(set(names)) >= 30
