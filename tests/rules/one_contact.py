"""What answers for one contact, and what is written for people to read, held against rule-engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from decimal import Decimal
from itertools import islice, pairwise, permutations
from typing import Any

from server.errors import RuleError
from server.rules import RULE_LIMITS, Evaluator, RuleIndex, Verdict, compile_closure
from server.rules.language.check import check_language
from server.rules.language.tree import Constant, Node, walk
from server.rules.language.writing import format_rule, write_rule
from server.rules.words.explanation import Explanation, Outcome, explain_rule
from tests.rules.asked import Asked
from tests.rules.people import VOCABULARY
from tests.rules.tally import Tally

_PARTS_EVERY = 3
"""Of so many rules one has its parts compared, too."""
_OTHER_LITERALS: Mapping[type, Callable[[Any], str]] = {
    str: lambda text: '"Mc"' if text != "Mc" else '"DE"',
    Decimal: lambda number: "1" if number != 1 else "2.5",
}


def compare_closure(asked: Asked, tally: Tally) -> None:
    closure = compile_closure(asked.rule, asked.moment)
    name = "closure" if closure.native else "closure (by rule-engine)"
    for number, verdict in asked.verdicts.items():
        answer = closure.decide(asked.people.values[number])
        if answer is not verdict:
            raise asked.mismatch("closure", number, f"closure   {answer}")
    tally.compared[name] += len(asked.verdicts)


def compare_index(asked: Asked, tally: Tally) -> None:
    """Compare an index of this one rule: on everybody, and on one who becomes the next in one respect."""
    index: RuleIndex[str] = RuleIndex(VOCABULARY, asked.moment)
    index.add("rule", asked.rule)
    for number, verdict in asked.verdicts.items():
        found = index.matching(asked.people.values[number])
        if found != ({"rule"} if verdict is Verdict.TRUE else set()):
            raise asked.mismatch("index", number, f"index     {found or 'nothing'}")
    tally.compared["rule index"] += len(asked.verdicts)
    numbers = asked.sample()
    for number, other in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
        for changed, after in _changes(asked, number, other):
            _compare_flip(asked, index, number, changed, after)
            tally.compared["change of one contact"] += 1
    for number, other in permutations(numbers, 2):
        was, now = asked.verdicts[number], asked.verdicts[other]
        answer = index.flips(asked.people.values[number], asked.people.values[other])
        if answer != _flipped("rule", was, now):
            raise asked.mismatch("flips", other, f"before    person {number}: {was}", f"flips     {answer}")
        tally.compared["change of one contact"] += 1


def _changes(asked: Asked, number: int, other: int) -> list[tuple[str, dict[str, Any]]]:
    """Return changes that make a person in one respect like another: the changed name, and the values after it."""
    before, model = asked.people.values[number], asked.people.values[other]
    changes = []
    for name in sorted(asked.rule.uses):
        owner, _, inner = name.partition(".")
        if owner == "attributes":
            attributes = {**before["attributes"], inner: model["attributes"][inner]}
            changes.append((name, {**before, "attributes": attributes}))
        elif not inner:
            changes.append((name, {**before, name: model[name]}))
    return changes


def _compare_flip(asked: Asked, index: RuleIndex[str], number: int, changed: str, after: dict[str, Any]) -> None:
    was, now = asked.verdicts[number], asked.evaluator.decide(after)
    answer = index.flips(asked.people.values[number], after, changed={changed})
    if answer != _flipped("rule", was, now):
        value = after["attributes"] if changed.startswith("attributes.") else after[changed]
        raise asked.mismatch("flips", number, f"change    {changed} becomes {value}: {now}", f"flips     {answer}")


def _flipped(key: str, was: Verdict, now: Verdict) -> tuple[set[str], set[str]]:
    """Return whom a change makes true, and whom false: what raises adds nobody and removes nobody."""
    flips = was is not now
    return {key} if flips and now is Verdict.TRUE else set(), {key} if flips and now is Verdict.FALSE else set()


def compare_index_of_many(questions: Sequence[Asked], tally: Tally) -> None:
    """Compare an index of many rules, asked at one moment, which it makes share what they have in common."""
    first = questions[0]
    numbers = list(islice(first.verdicts, len(first.rule.text) % 7, None, 7))
    questions = [*questions, *_alike(questions, numbers)]
    index: RuleIndex[int] = RuleIndex(VOCABULARY, first.moment)
    for key, asked in enumerate(questions):
        index.add(key, asked.rule)
    for number, other in pairwise(numbers):
        found = index.matching(first.people.values[other])
        joined, left = index.flips(first.people.values[number], first.people.values[other])
        for key, asked in enumerate(questions):
            was, now = asked.verdicts[number], asked.verdicts[other]
            answer = (key in found, key in joined, key in left)
            expected = (now is Verdict.TRUE, *(was is not now is each for each in (Verdict.TRUE, Verdict.FALSE)))
            if answer != expected:
                lines = (f"before    person {number}: {was}", f"index     matches, joins, leaves: {answer}")
                raise asked.mismatch(f"index of {len(questions)} rules", other, *lines)
        tally.compared["index of many rules"] += len(questions)
    for key in range(0, len(questions), 2):
        index.discard(key)
    for number in numbers[:3]:
        found = index.matching(first.people.values[number])
        if any(key % 2 == 0 for key in found):
            raise first.mismatch("index of many rules", number, "wrong     finds rules that were taken out")


def _alike(questions: Sequence[Asked], numbers: Sequence[int]) -> Iterator[Asked]:
    """Yield for each rule one that differs from it in the values of its literals only, asked about these people."""
    for asked in questions:
        text, constants = asked.rule.text, [node for node in walk(asked.rule.tree) if isinstance(node, Constant)]
        for node in sorted(constants, key=lambda node: node.offset, reverse=True):
            other = _OTHER_LITERALS.get(type(node.value))
            if other is not None:
                text = text[: node.offset] + other(node.value) + text[node.offset + node.length :]
        with suppress(RuleError):
            rule = check_language(text, VOCABULARY)
            evaluator = Evaluator(rule, asked.moment)
            verdicts = {number: evaluator.decide(asked.people.values[number]) for number in numbers}
            yield Asked(rule, asked.moment, asked.people, evaluator, verdicts)


def compare_explanation(asked: Asked, tally: Tally) -> None:
    """Compare what the explanation says about the whole rule, for some people."""
    outcomes = {Verdict.TRUE: Outcome.TRUE, Verdict.FALSE: Outcome.FALSE, Verdict.UNDECIDED: Outcome.RAISES}
    for number in asked.sample():
        verdict = asked.verdicts[number]
        explanation = explain_rule(asked.rule, asked.moment, asked.people.values[number])
        answer = (explanation.verdict, explanation.nodes[0].outcome)
        if answer != (verdict, outcomes[verdict]):
            raise asked.mismatch("explanation", number, f"explained {answer}")
        tally.compared["explanation"] += 1
        if number == asked.sample()[0] and len(asked.rule.text) % _PARTS_EVERY == 0:
            _compare_parts(asked, number, explanation, tally)


def _compare_parts(asked: Asked, number: int, explanation: Explanation, tally: Tally) -> None:
    """Compare what the explanation says about the conditions of a rule: each is a rule of its own.

    Not the test inside of ``a not in b``, which has no text of its own.
    """
    for node in explanation.nodes:
        inside = node.parent is not None and explanation.nodes[node.parent].place == node.place
        if inside or node.outcome not in {Outcome.TRUE, Outcome.FALSE}:
            continue
        part = asked.rule.text[node.place.offset : node.place.offset + node.place.length]
        evaluator = Evaluator(check_language(f"(({part}) ? true : false)", VOCABULARY), asked.moment)
        verdict = evaluator.decide(asked.people.values[number])
        if verdict.value != node.outcome.value:
            raise asked.mismatch("explanation", number, f"part      {part}: {verdict}", f"explained {node.outcome}")
        tally.compared["parts of an explanation"] += 1


def compare_writing(asked: Asked, tally: Tally) -> None:
    """Compare the rule as we write it: the same tree, and the same answers."""
    for written in (write_rule(asked.rule.tree), format_rule(asked.rule.tree)):
        if len(written) > RULE_LIMITS["characters"]:
            continue
        try:
            again = check_language(written, VOCABULARY)
        except RuleError as error:
            raise asked.mismatch("writing", None, f"written   {written}", f"refused   {error}") from error
        if _shape(again.tree) != _shape(asked.rule.tree):
            raise asked.mismatch("writing", None, f"written   {written}", "wrong     another tree")
        evaluator = Evaluator(again, asked.moment)
        for number in asked.sample():
            answer = evaluator.decide(asked.people.values[number])
            if answer is not asked.verdicts[number]:
                raise asked.mismatch("writing", number, f"written   {written}", f"answer    {answer}")
            tally.compared["canonical text"] += 1


def _shape(value: Any) -> Any:
    """Return a tree without the places of its nodes; numbers with their digits, which ``.to_str`` shows."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Node):
        own = [each.name for each in fields(value) if each.name not in {"index", "offset", "length"}]
        return (type(value).__name__, *(_shape(getattr(value, name)) for name in own))
    if isinstance(value, tuple):
        return tuple(_shape(part) for part in value)
    return value
