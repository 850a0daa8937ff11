"""One question, and what rule-engine answers: what every other answer is held against."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.clock import Moment
from server.rules import CheckedRule, Evaluator, Verdict
from tests.rules.people import People

_SAMPLED_EACH = 2
"""Contacts per verdict for what costs as much as a hundred evaluations."""


class MismatchError(AssertionError):
    """An answer that rule-engine does not give.

    Attributes:
        rule: the text.
        moment: when and where it was asked.
        back_end: what answered.
        number: the person, or None when all of them are meant.
        told: everything in words, for a reader.
    """

    def __init__(self, rule: str, moment: Moment, back_end: str, number: int | None, *lines: str) -> None:
        self.rule = rule
        self.moment = moment
        self.back_end = back_end
        self.number = number
        who = "" if number is None else f"\nperson    {number}"
        self.told = "\n".join(
            [f"rule      {rule}\nmoment    {moment.now} {moment.zone}\nanswered  {back_end}{who}", *lines]
        )
        super().__init__("\n" + self.told)


@dataclass
class Asked:
    """One rule at one moment, and what rule-engine says about everyone."""

    rule: CheckedRule
    moment: Moment
    people: People
    evaluator: Evaluator
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def mismatch(self, back_end: str, number: int | None, *lines: str) -> MismatchError:
        """Return the error that names a person and what is known about it."""
        if number is not None:
            read = {name.partition(".")[0] for name in self.rule.uses}
            values = {name: value for name, value in self.people.values[number].items() if name in read}
            lines = (f"engine    {self.verdicts[number]}", *lines, f"values    {values}")
        return MismatchError(self.rule.text, self.moment, back_end, number, *lines)

    @contextmanager
    def answered_by(self, back_end: str) -> Iterator[None]:
        """Read whatever breaks while something answers as a wrong answer."""
        try:
            yield
        except MismatchError:
            raise
        except Exception as error:
            lines = "".join(traceback.format_exception(error)[-4:]).rstrip()
            raise self.mismatch(back_end, None, f"breaks    {type(error).__name__}: {error}", lines) from error

    def sample(self) -> list[int]:
        """Return some people for each verdict, others for each rule."""
        numbers = list(self.verdicts)
        start = len(self.rule.text) % len(numbers)
        turned = numbers[start:] + numbers[:start]
        alike = [[number for number in turned if self.verdicts[number] is verdict] for verdict in Verdict]
        return [number for numbers in alike for number in numbers[:_SAMPLED_EACH]]
