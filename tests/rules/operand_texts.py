"""Random operands: texts, numbers, dates and flags of a person or of a visit, plain and computed."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from tests.rules.constants import (
    CODE_LITERALS,
    DATE_LITERALS,
    DATE_PARTS,
    DATE_TEXTS,
    LETTERS,
    NUMBER_LITERALS,
    NUMERALS,
    PERIOD_TEXTS,
    PERIODS,
    SMALL_LITERALS,
    TEXT_LITERALS,
)

Choice = TypeVar("Choice")
Chooser = Callable[[int], int]
"""Answers a number from 0 to below the one asked for."""


class Operands:
    """Writes operands about a person, or about a visit when ``variable`` names the loop over visits."""

    def __init__(self, choose: Chooser, variable: str | None = None, loops: tuple[str, ...] = ()) -> None:
        self._choose = choose
        self._variable = variable
        self._loops = loops

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[self._choose(len(choices))]

    def chance(self, percent: int) -> bool:
        return self._choose(100) < percent

    def condition(self, links: int) -> str:
        """Write logic over at most ``links`` levels."""
        raise NotImplementedError

    def aggregate(self) -> str:
        """Write a number that is computed from the visits."""
        raise NotImplementedError

    def _own(self, person: Sequence[str], member: Sequence[str]) -> str:
        return self.pick(person) if self._variable is None else f"{self._variable}.{self.pick(member)}"

    # texts

    def plain_text(self) -> str:
        return self._own(("name", "nick", "name", "nick", "attributes.rank"), ("subject",))

    def maybe_text(self) -> str:
        return self._own(("country", "language", "region", "attributes.tier", "employer"), ("template", "region"))

    def text(self) -> str:
        kind = self.pick("ppp?lusc")
        if kind == "?":
            return f"({self.maybe_text()} ?? {self.pick(CODE_LITERALS)})"
        plain = self.plain_text()
        if kind == "s":
            return f"{plain}.to_str"
        if kind == "c":
            return self.cut_text() if self.chance(50) else self.joined_text()
        return plain + {"p": "", "l": ".as_lower", "u": ".as_upper"}[kind]

    def any_text(self) -> str:
        return self.pick((self.text, self.maybe_text))()

    def cut_text(self) -> str:
        """Write a part of a text, which may not be there."""
        start, stop = self.pick(("", "0", "1", "2", "-1", "-2", "3")), self.pick(("", "1", "2", "3", "-1", "0", "5"))
        if start or stop:
            return f"{self.plain_text()}[{start}:{stop}]"
        return f"{self.plain_text()}[{self.pick(('0', '1', '2', '-1', '-2', '5'))}]"

    def joined_text(self) -> str:
        form = self.pick(("({0} + {1})", "({0} + {2})", "({2} + {0})", "({0} + {2} + {1})"))
        other = self.plain_text() if self.chance(70) else f"({self.maybe_text()} ?? {self.pick(CODE_LITERALS)})"
        return form.format(self.plain_text(), other, self.pick(LETTERS))

    def constant_text(self) -> str:
        return self.pick(self.pick((TEXT_LITERALS, CODE_LITERALS, LETTERS)))

    # numbers

    def plain_number(self) -> str:
        return self._own(("score", "balance", "attributes.points", "visit_count"), ("cost", "duration"))

    def maybe_number(self) -> str:
        return self._own(("rating", "attributes.quota"), ("grade",))

    def number(self) -> str:
        kind = self.pick("ssssl?")
        if kind == "l":
            return f"{self.plain_text()}.length"
        if kind == "?":
            return f"({self.maybe_number()} ?? {self.pick(SMALL_LITERALS)})"
        return self.plain_number()

    def constant_number(self) -> str:
        return self.pick(SMALL_LITERALS if self.chance(60) else NUMBER_LITERALS)

    def computed(self, depth: int = 2) -> str:
        """Write arithmetic of at most so many levels."""
        if depth == 0 or self.chance(15):
            return self.number()
        kind = self.pick("aaaaabbbbbccddfgmmxtn")
        if kind == "a":
            form = self.pick(("({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} + {2})", "({2} - {0})", "({0} * {2})"))
        elif kind == "b":
            form = self.pick(("({0} / {2})", "({0} // {2})", "({0} % {2})", "({0} // {2})", "({0} % {2})"))
        elif kind == "c":
            form = self.pick(
                ("({0} / {1})", "({0} // {1})", "({0} % {1})", "({2} / {0})", "({2} // {0})", "({2} % {0})",
                 "({0} / ({1} + {2}))", "({0} // ({1} - {2}))", "({0} % ({1} * {2}))")
            )  # fmt: skip
        elif kind == "f":
            form = self.pick(("({0}).floor", "({0}).ceiling", "({0} / {2}).floor", "({0} * {2}).ceiling"))
        elif kind == "m":
            form = self.pick(("$max([{0}, {1}])", "$min([{0}, {1}])", "$max([{0}, {2}])", "$min([{2}, {0}, {1}])"))
        elif kind in "dtx":
            return {"d": self.date_number, "t": self._chosen_number, "x": self.aggregate}[kind]()
        else:
            form = {"g": "$abs({0})", "n": "-({0})"}[kind]
        if "$sum" not in form and self.chance(4):
            form = "$sum([{0}, {1}, {2}])"
        second = self.computed(depth - 1) if "{1}" in form else ""
        return form.format(self.computed(depth - 1), second, self.pick(SMALL_LITERALS))

    def _chosen_number(self) -> str:
        kind = self.pick("tt?pci")
        if kind == "t":
            return f"({self.condition(0)} ? {self.number()} : {self.number()})"
        if kind == "?":
            return f"({self.maybe_number()} ?? {self.number()})"
        if kind == "p":
            return f"$parse_float({self.pick((*NUMERALS, self.plain_text()))})"
        if kind == "i" and self.chance(50):
            return f"{self.plain_number()}.to_int"
        return f"{self.plain_text()}.{'to_flt' if kind == 'c' else 'to_int'}"

    # dates

    def plain_date(self) -> str:
        return self._own(("joined_on", "created_at", "attributes.since"), ("on", "at"))

    def maybe_date(self) -> str:
        if self._variable is not None:
            return self.plain_date()
        return self.pick(("seen_at", "born_on", "last_visit_on", "attributes.renewed"))

    def date(self) -> str:
        if self._variable is None and self.chance(33):
            other = self.pick(DATE_LITERALS) if self.chance(80) else self.plain_date()
            return f"({self.maybe_date()} ?? {other})"
        if self.chance(3):
            return f"$parse_datetime({self.pick((self.plain_text(), *DATE_TEXTS))})"
        return self.plain_date()

    def date_number(self) -> str:
        """Write a number that is read from dates."""
        kind = self.pick("ppddse")
        if kind == "p":
            return f"{self.date()}.{self.pick(tuple(DATE_PARTS))}"
        if kind == "e":
            return f"{self.constant_date()}.{self.pick(('year', 'month', 'day'))}"
        other = self.date() if self.chance(70) else self.constant_date()
        unit = "days" if kind == "d" else self.pick(("total_seconds", "seconds", "microseconds"))
        return f"({self.date()} - {other}).{unit}"

    def period(self) -> str:
        if self.chance(3):
            return f"$parse_timedelta({self.pick((self.plain_text(), *PERIOD_TEXTS))})"
        return f't"{self.pick(PERIODS)}"'

    def constant_date(self) -> str:
        kind = self.pick("ffns")
        if kind == "f":
            return self.pick(DATE_LITERALS)
        clock = self.pick(("$now", "$today"))
        return clock if kind == "n" else f"({clock} {self.pick('+-')} {self.period()})"

    # flags and anything

    def flag(self) -> str:
        return self._own(
            ("minor", "attributes.member", "(vip ?? true)", "(vip ?? false)", "(vip ?? minor)"), ("canceled",)
        )

    def maybe_flag(self) -> str:
        return self.pick(("vip", "attributes.asked")) if self._variable is None else self.flag()

    def constant(self) -> str:
        kind = self.pick("tndw")
        if kind == "w":
            return self.pick(("true", "false", "null"))
        return {"t": self.constant_text, "n": self.constant_number, "d": self.constant_date}[kind]()

    def anything(self) -> str:
        return self.pick(
            (
                self.any_text, self.number, self.maybe_number, self.flag, self.maybe_flag, self.date, self.maybe_date,
                self.constant, self.computed,
            )
        )()  # fmt: skip
