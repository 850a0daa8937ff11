"""Random rules over the test vocabulary: typed so that most are accepted, hostile in their constants."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from tests.rules.people import CODES, DAYS, INSTANTS, INTEGERS, NUMBERS, TEXTS


def quoted(text: str) -> str:
    """Return a text as a literal of the language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


_PATTERNS = (
    "M[cC].*", "^a$", "a$", "(?i)mc", "a.b", "\\\\bx", "\\\\d", "[^a]", "x{3,}", "", "(a|b)+", "abc", "^Mc", "a+", "Zo",
    "(?i)STRASSE", "^$", "a%", "Mc?",
)  # fmt: skip
_TEXTS = tuple(quoted(text) for text in TEXTS)
_CODES = tuple(quoted(text) for text in CODES)
_NUMBERS = (
    *(str(number) for number in (*NUMBERS, *INTEGERS)),
    *(f"{number + delta:f}" for number in NUMBERS[:10] for delta in (Decimal("0.00001"), Decimal("-0.00005"))),
    "0.1000000000000000000001", "1e30", "-1e30", "9223372036854775807", "9223372036854775808", "922337203685477.5807",
    "922337203685477.5808", "-9223372036854775809", "1e-30", "0x10",
)  # fmt: skip
_COUNTS = ("0", "1", "2", "3", "-1", "0.5", "1.5", "4", "1e20", "-1.5", "30")
_PERIODS = (
    "P1D", "P30D", "P1W", "PT1H", "PT0.000001S", "P0D", "P3000000D", "P36500D", "P1DT12H", "P999999999D",
)  # fmt: skip
_DATES = (
    *(f'd"{instant.isoformat()}"' for instant in INSTANTS),
    *(f'd"{day.isoformat()}"' for day in DAYS),
    'd"2025-10-26T02:30:00"', 'd"2026-03-29T02:30:00"', 'd"2026-06-15T10:00:00+02:00"',
)  # fmt: skip
_ORDERS = ("<", "<=", ">", ">=")
_EQUALITIES = ("==", "!=")
_COMPARISONS = (*_ORDERS, *_EQUALITIES)
_IN = ("in", "not in")
Choice = TypeVar("Choice")


@cache
def _upto(last: int) -> st.SearchStrategy[int]:
    return st.integers(0, last)


class Writer:
    """Writes conditions about a person, or about a visit when ``variable`` names the loop over visits."""

    def __init__(self, draw: st.DrawFn, variable: str | None = None, loops: tuple[str, ...] = ()) -> None:
        self._draw = draw
        self._variable = variable
        self._loops = loops

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[self._draw(_upto(len(choices) - 1))]

    def _own(self, person: Sequence[str], member: Sequence[str]) -> str:
        return self.pick(person) if self._variable is None else f"{self._variable}.{self.pick(member)}"

    def maybe_text(self) -> str:
        return self._own(("country", "language", "region", "attributes.tier"), ("template", "region"))

    def text(self) -> str:
        form = self.pick(("{}", "{}", "({} ?? {})", "{}.as_lower", "{}.as_upper", "{}.to_str"))
        if "??" in form:
            return form.format(self.maybe_text(), self.pick(_CODES))
        return form.format(self._own(("name", "nick"), ("subject",)))

    def any_text(self) -> str:
        return self.pick((self.text, self.maybe_text))()

    def number(self) -> str:
        kind = self.pick("ssslr")
        if kind == "l":
            return f"{self.text()}.length"
        if kind == "r" and self._variable is None:
            return f"(rating ?? {self.pick(_NUMBERS)})"
        return self._own(("score", "balance", "attributes.points", "visit_count"), ("cost", "duration"))

    def maybe_number(self) -> str:
        return self._own(("rating",), ("grade",))

    def flag(self) -> str:
        return self._own(("minor", "attributes.member", "(vip ?? true)", "(vip ?? false)"), ("canceled",))

    def maybe_flag(self) -> str:
        return "vip" if self._variable is None else self.flag()

    def date(self) -> str:
        if self._variable is None and self.pick("nnm") == "m":
            return f"({self.maybe_date()} ?? {self.pick(_DATES)})"
        return self._own(("joined_on", "created_at", "attributes.since"), ("on", "at"))

    def maybe_date(self) -> str:
        return self.pick(("seen_at", "born_on", "last_visit_on")) if self._variable is None else self.date()

    def period(self) -> str:
        return f't"{self.pick(_PERIODS)}"'

    def constant_date(self) -> str:
        kind = self.pick("ffns")
        if kind == "f":
            return self.pick(_DATES)
        clock = self.pick(("$now", "$today"))
        return clock if kind == "n" else f"({clock} {self.pick('+-')} {self.period()})"

    def constant_text(self) -> str:
        return self.pick(self.pick((_TEXTS, _CODES)))

    def constant(self) -> str:
        kind = self.pick("tndw")
        if kind == "w":
            return self.pick(("true", "false", "null"))
        return {"t": self.constant_text, "n": lambda: self.pick(_NUMBERS), "d": self.constant_date}[kind]()

    def anything(self) -> str:
        return self.pick(
            (
                self.any_text, self.number, self.maybe_number, self.flag, self.maybe_flag, self.date, self.maybe_date,
                self.constant,
            )
        )()  # fmt: skip

    def atom(self) -> str:
        return self.pick(
            (
                self._flags, self._equality, self._equality, self._order, self._order, self._span, self._text_test,
                self._text_test, self._list, self._list, self._match, self._truthiness, self._open,
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
            return f"{self.pick((self.number, self.maybe_number))()} {sign} {self.pick(_NUMBERS)}"
        if kind == "d":
            return f"{self.pick((self.date, self.maybe_date))()} {sign} {self.constant_date()}"
        return f"{self.anything()} {sign} {self.anything()}"

    def _order(self) -> str:
        sign = self.pick(_ORDERS)
        kind = self.pick("tTnNcdDe")
        if kind in "tT":
            return f"{self.text()} {sign} {self.constant_text() if kind == 't' else self.text()}"
        if kind == "n":
            return f"{self.number()} {sign} {self.pick(_NUMBERS)}"
        if kind == "N":
            return f"{self.pick(_NUMBERS)} {sign} {self.number()}"
        if kind == "c":
            return f"{self.number()} {sign} {self.number()}"
        if kind == "d":
            return f"{self.date()} {sign} {self.constant_date()}"
        shifted = f"{self.date()} {self.pick('+-')} {self.period()}"
        return f"{self.constant_date()} {sign} {shifted}" if kind == "D" else f"{self.date()} {sign} {self.date()}"

    def _span(self) -> str:
        date, constant = self.date(), self.constant_date()
        span = f"{constant} - {date}" if self.pick("cd") == "c" else f"{date} - {constant}"
        if self.pick("dp") == "d":
            return f"({span}).days {self.pick(_COMPARISONS)} {self.pick(_COUNTS)}"
        return f"({span}) {self.pick(_COMPARISONS)} {self.period()}"

    def _text_test(self) -> str:
        form = self.pick(
            ("{1} in {0}", "{1} not in {0}", "{0}.starts_with({1})", "not {0}.starts_with({1})", "{0}.ends_with({1})",
             "not {0}.ends_with({1})", "{0}.is_empty", "not {0}.is_empty")
        )  # fmt: skip
        return form.format(self.text(), self.constant_text())

    def _list(self) -> str:
        word = self.pick(_IN)
        kind = self.pick("tTnsdmX")
        texts = f"{self.constant_text()}, {self.constant_text()}"
        if kind == "t":
            return f"{self.any_text()} {word} [{texts}]"
        if kind == "T":
            return f"{self.any_text()} {word} [{texts}, null]"
        if kind == "n":
            return f"{self.number()} {word} [{self.pick(_NUMBERS)}, {self.pick(_NUMBERS)}, true]"
        if kind == "s":
            return f"{self.number()} {word} {{{self.pick(_NUMBERS)}, {self.pick(_NUMBERS)}}}"
        if kind == "d":
            dates = f"{self.constant_date()}, {self.constant_date()}"
            return f"{self.pick((self.date, self.maybe_date))()} {word} [{dates}]"
        if kind == "m":
            return f"{self.any_text()} {word} [{self.any_text()}, {self.constant_text()}]"
        member = self.pick((self.any_text, self.number, self.maybe_flag, self.maybe_date))()
        return f"{member} {word} [{self.constant()}, {self.constant()}, {self.anything()}]"

    def _match(self) -> str:
        return f'{self.text()} {self.pick(("=~", "=~~", "!~", "!~~"))} "{self.pick(_PATTERNS)}"'

    def _truthiness(self) -> str:
        form = self.pick(("({} and true)", "(not {})", "({} or false)"))
        return form.format(self.pick((self.any_text, self.number, self.maybe_number, self.maybe_date))())

    def _open(self) -> str:
        """Write something that has no SQL form, and may raise."""
        number, text = self.number(), self.text()
        order, code = self.pick(_ORDERS), self.constant_text()
        constant = self.pick(_NUMBERS)
        return self.pick(
            (
                f"{constant} / {number} {order} 1",
                f"{number} {self.pick(('/', '//', '%'))} {constant} {order} 1",
                f"({number} + {self.number()}) * 2 {order} {constant}",
                f"-{number} {order} {constant}",
                f"{text}[0] == {code}",
                f"{text}[1:2] == {code}",
                f"{text}.to_int > 0",
                f"{{{code}: 1}}&[{text}] == 1",
                f"$abs({number}) {order} {constant}",
                f"{self.maybe_text()}&.as_lower == {code}",
                f"{self.date()}.year {order} 2025",
                f"{self.date()}.date {order} {self.pick(_DATES)}",
                f"$parse_float({text}) {order} 1",
            )
        )

    def leaf(self) -> str:
        if self._variable is not None:
            if len(self._loops) < 2 and self.pick("aaaaaal") == "l":
                return self.loop()
            return self.atom() if self.pick("mmmp") == "m" else Writer(self._draw, None, self._loops).atom()
        kind = self.pick("aaaaasllc")
        if kind == "a":
            return self.atom()
        if kind == "s":
            return self._set_test()
        if kind == "l":
            return self.loop()
        return self.pick(("true", "false", "1 > 2", '$now > d"2020-01-01"', '$parse_float("x") > 1'))

    def _set_test(self) -> str:
        codes = self.pick(("groups", "trades"))
        many = self.pick((codes, "visits"))
        form = self.pick(
            (
                f"{self.pick(_CODES)} {self.pick(_IN)} {codes}",
                f"{self.pick(_CODES)} {self.pick(_IN)} {codes}",
                f"{self.any_text()} {self.pick(_IN)} {codes}",
                f"{many}.length {self.pick(_COMPARISONS)} {self.pick(_COUNTS)}",
                f"{many}.is_empty",
                f"({many} or false)",
                f"$any([g.starts_with({self.pick(_CODES)}) for g in {codes}])",
                f"[g for g in {codes} if g == {self.any_text()}].length {self.pick(_ORDERS)} {self.pick(_COUNTS)}",
            )
        )
        return form.replace("is_empty", self.pick(("is_empty", "is_empty == false")))

    def loop(self) -> str:
        """Write a condition on the visits of the person."""
        variable = self.pick(("v", "w", "visits", "name", "v"))
        inner = Writer(self._draw, variable, (*self._loops, variable))
        kept = f" if {inner.condition(2)}" if self.pick("ky") == "k" else ""
        over = f"for {variable} in visits{kept}"
        kind = self.pick("aAllesmcsl")
        if kind in "aA":
            return f"{'$any' if kind == 'a' else '$all'}([{inner.condition(2)} {over}])"
        if kind == "l":
            return f"[{variable} {over}].length {self.pick(_COMPARISONS)} {self.pick(_COUNTS)}"
        if kind == "e":
            return f"[{self.pick((inner.number, inner.any_text))()} {over}].is_empty"
        if kind == "c":
            return f"{self.pick(_CODES)} {self.pick(_IN)} [{inner.any_text()} {over}]"
        function = "$sum" if kind == "s" else "$max"
        summed = self.pick(
            (f"{variable}.cost", f"{variable}.duration", f"{variable}.cost", "1", f"{variable}.cost * 2")
        )
        return f"{function}([{summed} {over}]) {self.pick(_COMPARISONS)} {self.pick(_NUMBERS)}"

    def condition(self, links: int) -> str:
        """Write logic over at most ``links`` levels."""
        if links == 0 or self.pick("lm") == "l":
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
    writer = Writer(draw)
    return writer.condition(3)
