"""Random rules over the test vocabulary: typed so that most are accepted, hostile in their constants."""

import random

from hypothesis import strategies as st

from tests.rules.constants import (
    CODE_LITERALS,
    COUNT_LITERALS,
    DATE_PARTS,
    LETTERS,
    NUMBER_LITERALS,
    NUMERALS,
    PATTERNS,
    SMALL_LITERALS,
    WEEKDAY_LITERALS,
    ZONE_LITERALS,
    quoted,
)
from tests.rules.operand_texts import Operands

_ORDERS = ("<", "<=", ">", ">=")
_EQUALITIES = ("==", "!=")
_COMPARISONS = (*_ORDERS, *_EQUALITIES)
_IN = ("in", "not in")
_MATCHES = ("=~", "=~~", "!~", "!~~")
_CODE_SETS = ("groups", "trades", "lists")
_VARIABLES = ("v", "w", "visits", "name", "v")
_LOOPS_MAX = 2


class Writer(Operands):
    """Writes conditions about a person, or about a visit when ``variable`` names the loop over visits."""

    def atom(self) -> str:
        return self.pick(
            (
                self._flags, self._equality, self._equality, self._order, self._order, self._span, self._text_test,
                self._text_test, self._list, self._list, self._match, self._truthiness, self._calculated,
                self._calculated, self._calculated, self._calendar, self._calendar, self._two_texts, self._two_texts,
                self._safe, self._odd,
            )
        )()  # fmt: skip

    def _flags(self) -> str:
        form = self.pick(("{}", "{}", "{} == true", "{} != false", "{} == null", "{} != null"))
        return form.format(self.pick((self.flag, self.maybe_flag))())

    def _equality(self) -> str:
        sign = self.pick(_EQUALITIES)
        kind = self.pick("tTndxX")
        if kind == "t":
            return f"{self.any_text()} {sign} {self.constant_text()}"
        if kind == "T":
            return f"{self.constant_text()} {sign} {self.any_text()}"
        if kind == "n":
            return f"{self.pick((self.number, self.maybe_number))()} {sign} {self.constant_number()}"
        if kind == "d":
            return f"{self.pick((self.date, self.maybe_date))()} {sign} {self.constant_date()}"
        return f"{self.anything()} {sign} {self.anything()}"

    def _order(self) -> str:
        sign = self.pick(_ORDERS)
        kind = self.pick("tTnNcdDe")
        if kind in "tT":
            return f"{self.text()} {sign} {self.constant_text() if kind == 't' else self.text()}"
        if kind == "n":
            return f"{self.number()} {sign} {self.constant_number()}"
        if kind == "N":
            return f"{self.pick(NUMBER_LITERALS)} {sign} {self.number()}"
        if kind == "c":
            return f"{self.number()} {sign} {self.number()}"
        if kind == "d":
            return f"{self.date()} {sign} {self.constant_date()}"
        shifted = f"{self.date()} {self.pick('+-')} {self.period()}"
        return f"{self.constant_date()} {sign} {shifted}" if kind == "D" else f"{self.date()} {sign} {self.date()}"

    def _span(self) -> str:
        date, other = self.date(), self.date() if self.chance(40) else self.constant_date()
        span = f"{other} - {date}" if self.pick("cd") == "c" else f"{date} - {other}"
        if self.pick("dp") == "d":
            return f"({span}).days {self.pick(_COMPARISONS)} {self.pick(COUNT_LITERALS)}"
        return f"({span}) {self.pick(_COMPARISONS)} {self.period()}"

    def _text_test(self) -> str:
        form = self.pick(
            ("{1} in {0}", "{1} not in {0}", "{0}.starts_with({1})", "not {0}.starts_with({1})", "{0}.ends_with({1})",
             "not {0}.ends_with({1})", "{0}.is_empty", "not {0}.is_empty", "{0} in {1}")
        )  # fmt: skip
        return form.format(self.text(), self.constant_text())

    def _two_texts(self) -> str:
        """Write a test of one text against another."""
        first, second = self.text(), self.text()
        return self.pick(
            (
                f"{first} {self.pick(_IN)} {second}",
                f"{first}.starts_with({second})",
                f"not {first}.ends_with({second})",
                f"{self.constant_text()}.starts_with({first})",
                f"{self.constant_text()}.ends_with({first})",
                f"{first} {self.pick(_COMPARISONS)} {second}",
                f"{self.joined_text()} {self.pick(_COMPARISONS)} {self.pick((self.constant_text, self.text))()}",
                f"{self.cut_text()} {self.pick(_COMPARISONS)} {self.pick((self.constant_text, self.cut_text))()}",
                f"{self.plain_text()}[{self.pick(SMALL_LITERALS)}] {self.pick(_COMPARISONS)} {self.pick(LETTERS)}",
                f"{self.cut_text()} {self.pick(_IN)} [{self.pick(LETTERS)}, {self.pick(LETTERS)}]",
                f"{self.any_text()} {self.pick(_IN)} [{self.any_text()}, {self.maybe_text()}]",
                f"{self.plain_text()}.as_lower {self.pick(_IN)} [{self.constant_text()}, {self.constant_text()}]",
                f"{self.joined_text()}.length {self.pick(_COMPARISONS)} {self.pick(COUNT_LITERALS)}",
                f"{self.number()}.to_str {self.pick(_EQUALITIES)} {self.pick(NUMERALS)}",
                f"{self.pick(LETTERS)} {self.pick(_IN)} {first}.to_ary",
            )
        )

    def _odd(self) -> str:
        """Write what few people write."""
        numbers = ", ".join(self.pick(SMALL_LITERALS) for _ in range(10))
        texts = ", ".join(self.constant_text() for _ in range(10))
        pair = f"[{self.number()}, {self.pick(SMALL_LITERALS)}]"
        return self.pick(
            (
                f"{self.number()} {self.pick(_IN)} [{numbers}]",
                f"{self.any_text()} {self.pick(_IN)} [{texts}]",
                f"{pair} {self.pick(_COMPARISONS)} [{self.number()}, {self.number()}]",
                f"{self.plain_text()}.to_ary {self.pick(_COMPARISONS)} {self.plain_text()}.to_ary",
                f"{self.pick(_CODE_SETS)} {self.pick(_EQUALITIES)} {self.pick(_CODE_SETS)}",
                f"{self.plain_text()}[{self.number()}] {self.pick(_EQUALITIES)} {self.pick(LETTERS)}",
                f"{self.plain_text()}[{self.number()}:] {self.pick(_EQUALITIES)} {self.plain_text()}",
                f"{self.plain_text()}[:{self.plain_text()}.length - 1] {self.pick(_IN)} {self.plain_text()}",
                f"{self.pick(('$any', '$all'))}([{self.flag()}, {self.any_text()}, {self.maybe_number()}])",
                f"{self.pick(('$any', '$all'))}({self.pick(_CODE_SETS)})",
                f"{self.pick((self.number, self.flag, self.date))()} {self.pick(_IN)} {self.pick(_CODE_SETS)}",
                f"{self.period()} + {self.date()} {self.pick(_COMPARISONS)} {self.date()}",
                f"({self.date()} - {self.date()}) {self.pick(_IN)} [{self.period()}, {self.period()}]",
                f"({self.date()} + {self.period()}) {self.pick(_IN)} [{self.constant_date()}, null]",
                f"({self.date()} - {self.date()}).days {self.pick(_IN)} [{self.pick(COUNT_LITERALS)}, 0, true]",
                f"({self.date()} - {self.period()}).weekday {self.pick(_EQUALITIES)} {self.pick(WEEKDAY_LITERALS)}",
                f"{self.date()}.zone_name {self.pick(_EQUALITIES)} {self.pick(ZONE_LITERALS)}",
                f"{self.pick(SMALL_LITERALS)} {self.pick(('/', '//', '%'))} ({self.maybe_number()} ?? 0) > 0",
            )
        )

    def _safe(self) -> str:
        """Write a look into a value that may be null."""
        maybe = self.maybe_text()
        return self.pick(
            (
                f"{maybe}&.as_lower {self.pick(_EQUALITIES)} {self.constant_text()}",
                f"{maybe}&.length {self.pick(_EQUALITIES)} {self.pick(COUNT_LITERALS)}",
                f"({maybe}&.is_empty ?? {self.pick(('true', 'false'))})",
                f"({maybe}&.length ?? {self.pick(SMALL_LITERALS)}) {self.pick(_ORDERS)} {self.pick(COUNT_LITERALS)}",
                f"{maybe}&[0:2] {self.pick(_EQUALITIES)} {self.constant_text()}",
                f"{maybe}&[0] == {self.pick(LETTERS)}",
                f"({self.maybe_date()}&.year ?? 0) {self.pick(_COMPARISONS)} {self.pick(DATE_PARTS['year'])}"
                if self._variable is None
                else f"{maybe}&.is_empty",
            )
        )

    def _calculated(self) -> str:
        """Write a comparison with arithmetic in it."""
        depth = self.pick((1, 1, 2, 2, 3))
        kind = self.pick("kkkncctl")
        left = self.computed(depth)
        if kind == "k":
            return f"{left} {self.pick(_COMPARISONS)} {self.constant_number()}"
        if kind == "n":
            return f"{self.constant_number()} {self.pick(_COMPARISONS)} {left}"
        if kind == "c":
            if self.chance(20):
                return f"{left} {self.pick(_EQUALITIES)} {self.maybe_number()}"
            other, sign = self.computed(1), self.pick(_COMPARISONS)
            return f"{left} {sign} {other}"
        if kind == "t":
            return self.pick(("({} and true)", "(not {})", "({} or false)")).format(left)
        return f"{left} {self.pick(_IN)} [{self.constant_number()}, {self.pick(SMALL_LITERALS)}, {self.number()}]"

    def _calendar(self) -> str:
        """Write a question about parts of dates."""
        date, part = self.date(), self.pick(tuple(DATE_PARTS))
        numbers = DATE_PARTS[part]
        return self.pick(
            (
                f"{date}.{part} {self.pick(_COMPARISONS)} {self.pick(numbers)}",
                f"{date}.{part} {self.pick(_COMPARISONS)} {self.pick(numbers)}",
                f"{date}.{part} {self.pick(_IN)} [{self.pick(numbers)}, {self.pick(numbers)}]",
                f"{date}.{part} {self.pick(_COMPARISONS)} {self.date()}.{part}",
                f"{date}.{part} == {self.pick(('$now', '$today'))}.{part}",
                f"{date} {self.pick(_COMPARISONS)} {self.date()}",
                f"{date}.weekday {self.pick(_EQUALITIES)} {self.pick(WEEKDAY_LITERALS)}",
                f"{date}.weekday {self.pick(_IN)} [{self.pick(WEEKDAY_LITERALS)}, {self.pick(WEEKDAY_LITERALS)}]",
                f"{date}.date {self.pick(_COMPARISONS)} {self.constant_date()}",
                f"{date}.date {self.pick(_COMPARISONS)} {self.date()}",
                f"{date}.date {self.pick(_COMPARISONS)} {self.date()}.date",
                f"({date} - {self.date()}).days {self.pick(_COMPARISONS)} {self.pick(COUNT_LITERALS)}",
                f"({date} - {self.date()}) {self.pick(_COMPARISONS)} {self.period()}",
                f"{date} - {self.date()} {self.pick(_COMPARISONS)} {self.date()} - {self.date()}",
                f"{date} + {self.period()} {self.pick(_COMPARISONS)} {self.date()}",
                f"({date} + {self.period()}).{part} {self.pick(_COMPARISONS)} {self.pick(numbers)}",
                f"{date} {self.pick(_IN)} [{self.date()}, {self.maybe_date()}]",
            )
        )

    def _list(self) -> str:
        word = self.pick(_IN)
        kind = self.pick("tTnsdmXf")
        texts = f"{self.constant_text()}, {self.constant_text()}"
        if kind == "t":
            return f"{self.any_text()} {word} [{texts}]"
        if kind == "T":
            return f"{self.any_text()} {word} [{texts}, null]"
        if kind == "n":
            return f"{self.number()} {word} [{self.constant_number()}, {self.constant_number()}, true]"
        if kind == "s":
            return f"{self.number()} {word} {{{self.constant_number()}, {self.constant_number()}}}"
        if kind == "d":
            dates = f"{self.constant_date()}, {self.constant_date()}"
            return f"{self.pick((self.date, self.maybe_date))()} {word} [{dates}]"
        if kind == "f":
            return f"{self.pick((self.flag, self.maybe_flag))()} {word} [{self.pick(('true', 'false', '1'))}, null]"
        if kind == "m":
            return f"{{{self.pick(LETTERS)}: {self.pick(SMALL_LITERALS)}}}&[{self.plain_text()}] == 1"
        member = self.pick((self.any_text, self.number, self.maybe_flag, self.maybe_date))()
        return f"{member} {word} [{self.constant()}, {self.constant()}, {self.anything()}]"

    def _match(self) -> str:
        return f"{self.text()} {self.pick(_MATCHES)} {quoted(self.pick(PATTERNS))}"

    def _truthiness(self) -> str:
        form = self.pick(("({} and true)", "(not {})", "({} or false)"))
        return form.format(self.pick((self.any_text, self.number, self.maybe_number, self.maybe_date))())

    def leaf(self) -> str:
        if self._variable is not None:
            if len(self._loops) < _LOOPS_MAX and self.chance(14):
                return self.loop()
            return self.atom() if self.chance(75) else Writer(self._choose, None, self._loops).atom()
        kind = self.pick("aaaaaaasllc")
        if kind == "a":
            return self.atom()
        if kind == "s":
            return self._set_test()
        if kind == "l":
            return self.loop()
        return self.pick(("true", "false", "1 > 2", '$now > d"2020-01-01"', '$parse_float("x") > 1'))

    def _set_test(self) -> str:
        codes = self.pick(_CODE_SETS)
        many = self.pick((codes, "visits"))
        sign, count = self.pick(_ORDERS), self.pick(COUNT_LITERALS)
        form = self.pick(
            (
                f"{self.pick(CODE_LITERALS)} {self.pick(_IN)} {codes}",
                f"{self.pick(CODE_LITERALS)} {self.pick(_IN)} {codes}",
                f"{self.any_text()} {self.pick(_IN)} {codes}",
                f"{many}.length {self.pick(_COMPARISONS)} {self.pick(COUNT_LITERALS)}",
                f"{many}.length {self.pick(_COMPARISONS)} {self.pick((self.number(), f'{codes}.length'))}",
                f"{many}.is_empty",
                f"({many} or false)",
                f"$any([g.starts_with({self.pick(CODE_LITERALS)}) for g in {codes}])",
                f"$all([g {self.pick(_COMPARISONS)} {self.pick(CODE_LITERALS)} for g in {codes}])",
                f"[g for g in {codes} if g == {self.any_text()}].length {sign} {count}",
                f"$any([g {self.pick(_IN)} {self.pick(_CODE_SETS)} for g in {codes}])",
                f"{codes}[0] == {self.pick(CODE_LITERALS)}",
            )
        )
        return form.replace("is_empty", self.pick(("is_empty", "is_empty == false")))

    def _inner(self) -> tuple["Writer", str]:
        """Return a writer about the visits of a loop, and the loop."""
        variable = self.pick(_VARIABLES)
        inner = Writer(self._choose, variable, (*self._loops, variable))
        kept = f" if {inner.condition(2)}" if self.chance(50) else ""
        return inner, f"for {variable} in visits{kept}"

    def loop(self) -> str:
        """Write a condition on the visits of the person."""
        kind = self.pick("aAllecsss")
        if kind == "s":
            other = self.constant_number() if self.chance(60) else self.number()
            return f"{self.aggregate()} {self.pick(_COMPARISONS)} {other}"
        inner, over = self._inner()
        if kind in "aA":
            return f"{'$any' if kind == 'a' else '$all'}([{inner.condition(2)} {over}])"
        if kind == "l":
            result = inner.pick((inner.number, inner.any_text, inner.date))()
            return f"[{result} {over}].length {self.pick(_COMPARISONS)} {self.pick(COUNT_LITERALS)}"
        if kind == "e":
            return f"[{self.pick((inner.number, inner.any_text))()} {over}].is_empty"
        member = self.pick((self.pick(CODE_LITERALS), self.any_text()))
        return f"{member} {self.pick(_IN)} [{inner.any_text()} {over}]"

    def aggregate(self) -> str:
        """Write a number that is computed from the visits; counts where loops may not be nested any deeper."""
        if len(self._loops) >= _LOOPS_MAX:
            return self.pick(("visits.length", "groups.length"))
        inner, over = self._inner()
        kind = self.pick("sssxXnl")
        if kind == "l":
            return f"[1 {over}].length"
        summed = inner.plain_number() if self.chance(50) else inner.pick(("1", inner.computed(1), inner.computed(2)))
        function = {"s": "$sum", "x": "$max", "X": "$min", "n": "$sum"}[kind]
        return f"{function}([{summed} {over}])"

    def condition(self, links: int) -> str:
        """Write logic over at most ``links`` levels."""
        if links == 0 or self.chance(50):
            return self.leaf()
        form = self.pick(
            (
                "({0} and {1})", "({0} or {1})", "not ({0})", "({0} or {1} or {2})", "({0} ? {1} : {2})",
                "(({0}) == true)", "(({0}) != true)", "not ({0} and {1})",
            )
        )  # fmt: skip
        parts = [self.condition(links - 1) if f"{{{place}}}" in form else "" for place in range(3)]
        return form.format(*parts)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Return a strategy for rules."""
    strategies: dict[int, st.SearchStrategy[int]] = {}

    def choose(count: int) -> int:
        return draw(strategies.setdefault(count, st.integers(0, count - 1)))

    return Writer(choose).condition(3)


def random_rule(chance: random.Random) -> str:
    """Return the next rule of a source of chance."""
    return Writer(chance.randrange).condition(3)
