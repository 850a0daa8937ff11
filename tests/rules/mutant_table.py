"""The naive translations of ``mutants.toml``, and how one is put into the code."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Mutant:
    """One change of the code.

    Attributes:
        name: what then goes wrong.
        file: where, from the root of the repository.
        old: the code that stands there exactly once.
        new: what stands there instead.
        lives_because: why the proof cannot notice; "" when it must.
    """

    name: str
    file: str
    old: str
    new: str
    lives_because: str = ""


def read_mutants() -> tuple[Mutant, ...]:
    """Return the mutants in the order of the file."""
    tables = tomllib.loads((Path(__file__).parent / "mutants.toml").read_text())
    files = {file.stem: str(file.relative_to(ROOT)) for file in (ROOT / "server" / "rules").glob("*/*.py")}
    return tuple(
        Mutant(file=files.get(module, module), **change) for module, changes in tables.items() for change in changes
    )


def reason_not_to_apply(mutant: Mutant, root: Path = ROOT) -> str:
    """Return why a mutant cannot be put into the code; "" when it can."""
    file = root / mutant.file
    if not file.exists():
        return f"{mutant.file} is gone"
    found = file.read_text().count(mutant.old)
    if found != 1:
        return f"the code to change stands {found} times in {mutant.file}"
    return "nothing would change" if mutant.old == mutant.new else ""
