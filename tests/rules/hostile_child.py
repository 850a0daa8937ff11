"""A process of its own that takes in hostile texts and tells what each cost; it may burn without harm to the tests.

Every line of the standard input is a task in JSON, every line of the standard output what came of it. A task has a
``text``, and may have ``values`` in place of some of a contact's, ``visits`` for how many the contact has, and
``rounds``; without ``traced`` Python's own memory is not counted, which takes long. Told are the kind of end
(``refused``, ``rule``, or what else escaped), the processor seconds of every stage, and the bytes of memory that were
held besides: Python's own, counted in a round of its own, or the growth of the process where the system tells it and
it is more.
"""

import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from server.clock import Moment
from server.errors import RuleError
from server.rules import (
    CheckedRule,
    Evaluator,
    check_rule,
    compile_closure,
    compile_rule,
    explain_rule,
    find_problems,
    format_rule,
    necessary_test,
    parse_rule,
    plain_tree,
    rule_sentence,
    write_plain_tree,
    write_rule,
)
from tests.rules.people import VOCABULARY, make_people, stored
from tests.rules.people_tables import person

ADDRESS_SPACE = 3 << 30
"""Bytes of memory after which this process gets no more."""
_ROUNDS = 3
_QUICK = 0.02
_MOMENT = Moment(datetime(2026, 11, 23, 12, tzinfo=UTC))
_PEOPLE = make_people(5, seed=1)
_SOMEBODY = next(values for values in _PEOPLE.values.values() if values["visits"])


class Costs:
    """The processor seconds of each stage, the least of all rounds."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def of(self, stage: str, call: Callable[[], Any]) -> Any:
        """Return what the call returns, or raise what it raises; note what it cost."""
        begun = time.process_time()
        try:
            return call()
        finally:
            took = time.process_time() - begun
            self.seconds[stage] = min(took, self.seconds.get(stage, took))


def take_in(text: str, values: dict[str, Any] | None, connection: Connection, costs: Costs) -> str:
    """Do with a text all that can be done with a rule; return how it ended."""
    with suppress(RuleError):
        costs.of("tree of the text", lambda: plain_tree(parse_rule(text)))
    problems = costs.of("check", lambda: find_problems(text, VOCABULARY))
    if problems:
        said = [str(problem) + str(problem.suggestion) for problem in problems]
        return "refused" if all(isinstance(problem, RuleError) for problem in problems) and said else "nothing said"
    rule: CheckedRule = check_rule(text, VOCABULARY)
    bracket = costs.of("compile for SQLite", lambda: compile_rule(rule, _MOMENT, dialect="sqlite"))
    costs.of("compile for PostgreSQL", lambda: compile_rule(rule, _MOMENT, dialect="postgresql"))
    for condition in (bracket.sure, bracket.open):
        statement = select(person.c.id).where(condition)
        costs.of("ask SQLite", lambda of=statement: connection.execute(of).all())  # type: ignore[misc]
    closure = costs.of("closure", lambda: compile_closure(rule, _MOMENT))
    evaluator = costs.of("build for rule-engine", lambda: Evaluator(rule, _MOMENT))
    costs.of("necessary test", lambda: necessary_test(rule))
    costs.of("sentence", lambda: rule_sentence(rule))
    written = costs.of("write", lambda: write_rule(rule.tree))
    costs.of("write in lines", lambda: format_rule(rule.tree))
    costs.of("tree and back", lambda: write_plain_tree(plain_tree(rule.tree)))
    if len(written) <= len(text):
        check_rule(written, VOCABULARY)
    for contact in _PEOPLE.values.values() if values is None else [values]:
        verdicts = {
            costs.of("decide by closure", lambda of=contact: closure.decide(of)),  # type: ignore[misc]
            costs.of("decide by rule-engine", lambda of=contact: evaluator.decide(of)),  # type: ignore[misc]
            costs.of("explain", lambda of=contact: explain_rule(rule, _MOMENT, of)).verdict,  # type: ignore[misc]
        }
        if len(verdicts) != 1:
            return f"three answers: {sorted(verdicts)}"
    return "rule"


def answer(task: dict[str, Any], connection: Connection) -> dict[str, Any]:
    """Return what a task came to; there are more rounds while a stage is slow."""
    text = task["text"]
    values = None if "values" not in task else {**_SOMEBODY, **task["values"]}
    if "visits" in task:
        values = {**_SOMEBODY, "visits": tuple(islice(cycle(_SOMEBODY["visits"]), task["visits"]))}
    costs = Costs()
    ends = set()
    before = _resident(reset=True)
    for _ in range(task.get("rounds", _ROUNDS)):
        ends.add(_ended(lambda: take_in(text, values, connection, costs)))
        if max(costs.seconds.values()) < _QUICK:
            break
    grown = _resident() - before
    own = 0
    if task.get("traced", True):
        tracemalloc.start()
        ends.add(_ended(lambda: take_in(text, values, connection, Costs())))
        own = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return {"end": " or ".join(sorted(ends)), "seconds": costs.seconds, "memory": max(own, grown)}


def _ended(call: Callable[[], str]) -> str:
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - whatever escapes is what we are here to tell
        return f"{type(error).__name__} escaped: {str(error)[:300]}"


def _resident(*, reset: bool = False) -> int:
    """Return the largest resident memory since the last reset, in bytes; 0 where the system does not tell."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), 0)) * 1024


def main() -> None:
    """Answer tasks until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    with stored(_PEOPLE, "sqlite://") as connection:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(answer(json.loads(line), connection)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
