"""Everything that answers a rule, held against rule-engine itself, contact by contact."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from sqlalchemy.exc import CompileError, SQLAlchemyError

from server.clock import Moment
from server.rules import Bracket, Evaluator, Verdict, compile_rule
from server.rules.language.check import check_language
from server.rules.language.tree import Comprehension, Logic, Node, Ternary, walk
from server.rules.one_contact.evaluator import is_constant
from tests.rules.asked import Asked
from tests.rules.families import families
from tests.rules.one_contact import (
    compare_closure,
    compare_explanation,
    compare_index,
    compare_index_of_many,
    compare_writing,
)
from tests.rules.people import VOCABULARY, People, person, selected
from tests.rules.tally import Tally

_ALONE = {
    "closure": compare_closure,
    "rule index": compare_index,
    "explanation": compare_explanation,
    "canonical text": compare_writing,
}
_RULES_IN_AN_INDEX = 50


@dataclass
class World:
    """The people, and the databases that hold them.

    Attributes:
        connections: by name; the first word of a name is the dialect.
        alone: whether what answers for one contact (closure, index, explanation, text) is compared, too.
        together: rules, by moment, that wait for being put into one index.
    """

    people: People
    connections: Mapping[str, Connection]
    alone: bool = True
    together: dict[Moment, list[Asked]] = field(default_factory=dict)


def compare(text: str, moment: Moment, world: World, tally: Tally) -> None:
    """Compare one rule on all people.

    Raises: RuleError for a text that means nothing; MismatchError.
    """
    rule = check_language(text, VOCABULARY)
    asked = Asked(rule, moment, world.people, Evaluator(rule, moment))
    asked.verdicts = {number: asked.evaluator.decide(values) for number, values in world.people.values.items()}
    tally.rules += 1
    tally.pairs += len(asked.verdicts)
    tally.verdicts.update(verdict.value for verdict in asked.verdicts.values())
    parts = [(f"family {family}", node) for family, node in families(rule)]
    parts += [(f"node {type(node).__name__}", node) for node in walk(rule.tree)]
    tally.seen.update({what for what, _ in parts})
    for name, connection in world.connections.items():
        with asked.answered_by(name):
            _compare_bracket(asked, name, connection, parts, tally)
    if world.alone:
        for name, compared in _ALONE.items():
            with asked.answered_by(name):
                compared(asked, tally)
        waiting = world.together.setdefault(moment, [])
        waiting.append(asked)
        if len(waiting) == _RULES_IN_AN_INDEX:
            world.together[moment] = []
            with asked.answered_by("index of many rules"):
                compare_index_of_many(waiting, tally)


def _compare_bracket(
    asked: Asked, name: str, connection: Connection, parts: list[tuple[str, Node]], tally: Tally
) -> None:
    bracket = compile_rule(asked.rule, asked.moment, dialect=connection.dialect.name)
    try:
        sure, undecided = selected(connection, bracket.sure), selected(connection, bracket.open)
    except (SQLAlchemyError, OverflowError) as error:
        raise asked.mismatch(
            name, None, f"wrong     the statement fails: {error}", _sql(bracket, connection)
        ) from error
    for number, verdict in asked.verdicts.items():
        wrong = ""
        if number in sure and verdict is not Verdict.TRUE:
            wrong = "proved by SQL, and not true"
        elif verdict is Verdict.TRUE and number not in sure and number not in undecided:
            wrong = "true, and ruled out by SQL"
        elif verdict is Verdict.UNDECIDED and number not in undecided:
            wrong = "raises, and SQL does not notice"
        if wrong:
            raise asked.mismatch(name, number, f"wrong     {wrong}", _sql(bracket, connection))
    if sure & undecided or (bracket.exact and undecided) or not (bracket.exact or bracket.residue):
        raise asked.mismatch(name, None, "wrong     sure, open, exact and residue contradict each other")
    tally.compared[name] += len(asked.verdicts)
    tally.open_pairs[name] += len(undecided)
    kind = "exact" if bracket.exact else "partly" if len(undecided) < len(asked.verdicts) else "open"
    tally.decided[f"{name}: {kind}"] += 1
    if not _has_dead_part(asked.rule.tree):
        sharp = bracket.exact or _is_sharp(asked, sure, undecided)
        tally.in_sql.update({f"{name}: {what}" for what, node in parts if sharp or not _is_open(bracket, node)})


def _has_dead_part(tree: Node) -> bool:
    """Whether a constant decides beside a part what that part would: then nothing is learned about it."""
    deciding = [part for node in walk(tree) if isinstance(node, Logic) for part in node.operands]
    deciding += [node.condition for node in walk(tree) if isinstance(node, Ternary)]
    deciding += [node.condition for node in walk(tree) if isinstance(node, Comprehension) and node.condition]
    return any(map(is_constant, deciding))


def _is_sharp(asked: Asked, sure: set[int], undecided: set[int]) -> bool:
    """Whether SQL leaves nothing to rule-engine but those for whom it raises, and decides both ways."""
    if any(isinstance(node, Logic | Ternary) for node in walk(asked.rule.tree)):
        return False
    others = {verdict for number, verdict in asked.verdicts.items() if number not in sure | undecided}
    left = {asked.verdicts[number] for number in undecided}
    return bool(sure) and others == {Verdict.FALSE} and left <= {Verdict.UNDECIDED}


def _is_open(bracket: Bracket, node: Node) -> bool:
    """Whether SQL leaves the node, something around it or something in it to rule-engine."""
    start, end = node.offset, node.offset + node.length
    for residue in bracket.residue:
        first, last = residue.place.offset, residue.place.offset + residue.place.length
        if (first <= start and end <= last) or (start <= first and last <= end):
            return True
    return False


def _sql(bracket: Bracket, connection: Connection) -> str:
    """Return both statements, with their values in them where the dialect can write them down."""
    lines = []
    for name, condition in (("sure", bracket.sure), ("open", bracket.open)):
        statement = select(person.c.id).where(condition)
        with suppress(CompileError, NotImplementedError, ValueError):
            lines.append(f"{name}      {statement.compile(connection.engine, compile_kwargs={'literal_binds': True})}")
            continue
        compiled = statement.compile(connection.engine)
        lines.append(f"{name}      {compiled}\n          {compiled.params}")
    return "\n".join(lines)
