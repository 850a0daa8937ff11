"""What a proof compared, counted: a proof that looked at little proves little."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Tally:
    """Counts of one run or, added up, of many.

    Attributes:
        rules: rules compared; ``refused`` those that mean nothing and were not.
        pairs: (rule, contact) pairs that rule-engine itself decided.
        verdicts: what it said, by pair.
        compared: answers held against it, by the one that gave them: a database, the closure, …
        decided: per database, ``exact``, ``partly`` (some contacts are left to rule-engine) and ``open`` (all are).
        open_pairs: per database, the pairs that SQL left open.
        seen: rules by what stands in them: ``node Order``, ``family date.year``.
        in_sql: those of them that a database decided alone: ``sqlite: family date.year``.
    """

    rules: int = 0
    refused: int = 0
    pairs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    open_pairs: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    in_sql: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count what another run compared, too."""
        for each in fields(self):
            mine, more = getattr(self, each.name), getattr(other, each.name)
            setattr(self, each.name, mine + more)

    def as_data(self) -> dict[str, Any]:
        """Return the counts as JSON writes them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Tally":
        """Return the counts that ``as_data`` wrote."""
        counts: dict[str, Any] = {
            name: Counter(value) if isinstance(value, dict) else value for name, value in data.items()
        }
        return cls(**counts)


def gaps(
    tally: Tally, databases: Iterable[str], required: Iterable[str], left_open: Mapping[str, frozenset[str]]
) -> list[str]:
    """Return what a run should have reached and did not; [] when it proves something.

    Args:
        tally: what was compared.
        databases: the names under which brackets were compared.
        required: what must stand in some rule, as in ``Tally.seen``.
        left_open: by kind of database, what it hardly ever decides.
    """
    found = [f"never reached: {what}" for what in required if not tally.seen[what]]
    for database in databases:
        known = left_open[database.split()[0]]
        for what in required:
            decided = tally.in_sql[f"{database}: {what}"]
            if not decided and what not in known and tally.seen[what]:
                found.append(f"never decided by {database}: {what}")
            if decided > tally.seen[what] / 5 and what in known:
                found.append(f"decided by {database} although it is listed as left open: {what}")
    found += [
        f"verdict never seen: {verdict}" for verdict in ("TRUE", "FALSE", "UNDECIDED") if not tally.verdicts[verdict]
    ]
    for database in databases:
        found += [
            f"no {kind} rule: {database}"
            for kind in ("exact", "partly", "open")
            if not tally.decided[f"{database}: {kind}"]
        ]
    if tally.refused > tally.rules / 4:
        found.append(f"{tally.refused} rules were refused and {tally.rules} compared")
    return found


def table(tally: Tally, databases: Iterable[str]) -> str:
    """Return the counts for a reader."""
    databases = list(databases)
    lines = [
        f"{tally.pairs:,} (rule, contact) pairs by rule-engine, {tally.rules:,} rules; {tally.refused:,} refused",
        "verdicts   " + ", ".join(f"{name} {count:,}" for name, count in sorted(tally.verdicts.items())),
        "",
        f"{'compared with':<26}{'pairs':>14}{'exact':>9}{'partly':>9}{'open':>9}{'open pairs':>13}  mismatches",
    ]
    for name, count in tally.compared.items():
        rules = [tally.decided[f"{name}: {kind}"] for kind in ("exact", "partly", "open")]
        shown = "".join(f"{number:>9,}" for number in rules) if name in databases else f"{'':27}"
        left = f"{tally.open_pairs[name]:>13,}" if name in databases else f"{'':13}"
        lines.append(f"{name:<26}{count:>14,}{shown}{left}{0:>12}")
    head = "".join(f"{name:>20}" for name in databases)
    lines += ["", f"{'rules with':<44}{'compared':>9}{head}"]
    for what, count in sorted(tally.seen.items(), key=lambda item: (item[0].split()[0], -item[1])):
        decided = "".join(f"{tally.in_sql[f'{name}: {what}']:>20,}" for name in databases)
        lines.append(f"{what:<44}{count:>9,}{decided}")
    return "\n".join(lines)
