"""Every paragraph of Business Central has tests, and the page that leads to them is the one that the tests make."""

from tests.business_central.paragraphs import PAGE, PARAGRAPHS, found_tests, page


def test_no_paragraph_is_without_a_test() -> None:
    proved = {paragraph for paragraph, _, _ in found_tests()}

    assert [paragraph for paragraph in PARAGRAPHS if paragraph not in proved] == []


def test_no_rule_is_written_twice() -> None:
    rules = [(paragraph, rule) for paragraph, rule, _ in found_tests()]

    assert sorted(rules) == sorted(set(rules))


def test_the_page_leads_to_the_tests_that_there_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.business_central.paragraphs"
