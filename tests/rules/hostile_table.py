"""Prints what the most expensive hostile texts cost: ``make hostile``."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tests.rules.hostile_process import MEMORY_MAX, SECONDS_MAX, Cost, HostileProcess, hostile_process
from tests.rules.hostile_texts import ACCEPTED, REFUSED, VALUE_RULES, VALUES

_WORST = 10


def all_costs(process: HostileProcess) -> Iterator[tuple[str, str, Cost]]:
    """Yield the name of each text, how it must end, and what it came to."""
    for end, texts in (("refused", REFUSED), ("rule", ACCEPTED)):
        for name, text in texts.items():
            yield name, end, process.take_in(text)
    for value_name, value in VALUES.items():
        for name, rule in VALUE_RULES.items():
            yield f"{name} of {value_name}", "rule", process.take_in(rule, values={"name": value, "nick": value})


def main() -> None:
    """Measure all, print the worst; ends with an error when one is over a limit."""
    with hostile_process() as process:
        costs = list(all_costs(process))
    table = Table("text", "ends as", "slowest stage", "ms", "MB", title=f"The worst {_WORST} of {len(costs)}")
    for name, _, cost in sorted(costs, key=lambda one: one[2].worst, reverse=True)[:_WORST]:
        seconds, stage = cost.worst
        table.add_row(name, cost.end, stage, f"{seconds * 1000:.1f}", f"{cost.memory / 1e6:.1f}")
    console = Console()
    console.print(table)
    name, _, cost = max(costs, key=lambda one: one[2].memory)
    console.print(f"most memory: {cost.memory / 1e6:.1f} MB, {name}")
    escaped = [f"{name}: {cost.end}" for name, end, cost in costs if cost.end != end]
    over = [name for name, _, cost in costs if cost.worst[0] > SECONDS_MAX or cost.memory > MEMORY_MAX]
    console.print(f"{len(escaped)} ended otherwise than they must, {len(over)} cost too much: {escaped + over}")
    raise SystemExit(bool(escaped or over))


if __name__ == "__main__":
    main()
