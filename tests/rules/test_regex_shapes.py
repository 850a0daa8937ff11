"""What is read from a regular expression without RE2, held against RE2."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.rules.language.regex import InvalidPatternError, compile_regex
from server.rules.sql.regex_shapes import required_test, shape_of, whole_test

ATOMS = (
    "a", "b", "ab", "\\.", "\\n", ".", ".*", ".*", "a*", "a+", "a?", "b{2}", "b{0,1}", "a{1,}", "(a|b)", "(?:ab)*",
    "[ab]", "[^a]+", "[]a]", "[[:alpha:]]", "\\d", "\\w*", "^", "$", "\\b", "\\z", "(a[)]b)", "(a\\)b)", "a{,3}",
    "\\x61", "\xe9", "@", "(?i:a)", "[a\\]b]", "a*?", "\\Qa.b\\E", "a|b", "{", "}", "]", "\\a", "\\\\", "(?i)", "(?s)",
)  # fmt: skip
UNDERSTOOD = [
    ("abc", True), ("abc", False), ("^abc", True), ("abc$", True), ("abc$", False), ("^$", True), ("$", True),
    (".*abc", False), (".*abc$", False), ("a.*", False), ("a.*$", False), ("a.*b", False), ("a.*b$", False),
    (".*a.*$", False), (".*@example\\.com$", False), (".*@example\\.com$", True), (".*a.*", True), ("", True),
    (".*", False), (".*$", False), ("\\.\\-\\@", True), ("abc\\z", False),
]  # fmt: skip
NARROWED = [
    ("abc[0-9]", False, ("abc",)),
    ("[0-9]+@example\\.com$", False, ("@example.com",)),
    ("(?:x|y)*abc", True, ("abc",)),
    ("a+b?c", False, ("a", "c")),
    ("x{2}y", False, ("x", "y")),
    ("ab{0}c", False, ("a", "c")),
]
IN_DOUBT = ["a|b", "(?i)abc", "\\Qabc\\E", "\\x61bc", "abc(?i)d", "(?s)abc"]
TEXTS = (
    "", "a", "b", "ab", "abc", "xabc", "abcx", "a\nb", "abc\n", "\nabc", "a.b", "a@b", "ab\nab", "ba", "aab", "abb",
    "x@example.com", "1@example.com", "x@example_com", "x@example.com\n", "\xe9", "A", "ABC", "abcd", "a{,3}", "\\",
    ".-@", "xxy", "ac", "aac", "ab]", "{", "}", "\x07", "a)b", "bbabba", "aa", "bb", "\n", "a\n\nb",
)  # fmt: skip


@pytest.mark.parametrize(("pattern", "anywhere"), UNDERSTOOD)
def test_plain_expressions_are_understood_whole(pattern: str, anywhere: bool) -> None:
    shape = shape_of(pattern, anywhere=anywhere)
    assert shape is not None
    test = whole_test(shape, "sqlite")
    assert test is not None
    compiled = compile_regex(pattern)
    found = compiled.search if anywhere else compiled.match

    assert [text for text in TEXTS if test.holds(text) != (found(text) is not None)] == []


@pytest.mark.parametrize(("pattern", "anywhere", "literals"), NARROWED)
def test_others_are_narrowed_to_their_literals(pattern: str, anywhere: bool, literals: tuple[str, ...]) -> None:
    shape = shape_of(pattern, anywhere=anywhere)

    assert shape is not None
    assert shape.literals == literals
    assert whole_test(shape, "sqlite") is None


@pytest.mark.parametrize("pattern", IN_DOUBT)
def test_expressions_in_doubt_say_nothing(pattern: str) -> None:
    compile_regex(pattern)
    shape = shape_of(pattern, anywhere=True)

    assert shape is None or shape.literals == ()


@settings(max_examples=1500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.sampled_from(ATOMS), max_size=5), begins=st.booleans(), ends=st.booleans(), anywhere=st.booleans()
)
def test_random_expressions_are_never_misread(parts: list[str], begins: bool, ends: bool, anywhere: bool) -> None:
    pattern = ("^" if begins else "") + "".join(parts) + ("$" if ends else "")
    try:
        compiled = compile_regex(pattern)
    except InvalidPatternError:
        return
    shape = shape_of(pattern, anywhere=anywhere)
    if shape is None:
        return
    found = compiled.search if anywhere else compiled.match
    required, whole = required_test(shape, "sqlite"), whole_test(shape, "sqlite")
    for text in TEXTS:
        matched = found(text) is not None
        assert required.holds(text) or not matched, text
        assert whole is None or whole.holds(text) == matched, text
