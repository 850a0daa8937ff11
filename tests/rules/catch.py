"""One process of ``tests.rules.mutants``: the proof with a fixed number of rules, until something is answered wrongly.

It prints one line of JSON: what was wrong, and how many rules it took; or that nothing was.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence

from server.clock import Moment
from server.errors import RuleError
from tests.rules.asked import MismatchError
from tests.rules.comparing import compare
from tests.rules.moments import MOMENTS
from tests.rules.people import make_people
from tests.rules.prove import databases
from tests.rules.rule_texts import random_rule
from tests.rules.tally import Tally
from tests.rules.written_rules import written

_PEOPLE = 150


def main(arguments: Sequence[str]) -> int:
    """Compare the random rules, then the written ones, and say what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rules", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--urls", type=json.loads, required=True)
    options = parser.parse_args(arguments)
    with databases(make_people(_PEOPLE, options.seed), options.urls) as world:
        tally = Tally()
        for number, (source, text, moment) in enumerate(_questions(options.rules, options.seed), 1):
            try:
                compare(text, moment, world, tally)
            except RuleError:
                continue
            except MismatchError as found:
                said = {"rule": found.rule, "person": found.number, "back_end": found.back_end, "told": found.told}
                print(json.dumps({"caught": True, "by": source, "rules": number, **said}))
                return 0
        print(json.dumps({"caught": False, "rules": tally.rules}))
    return 0


def _questions(count: int, seed: int) -> Iterator[tuple[str, str, Moment]]:
    """Yield random rules, then the written ones: what only the latter catch shows where chance is thin."""
    chance = random.Random(seed)
    for _ in range(count):
        yield "random", random_rule(chance), chance.choice(MOMENTS)
    for text, moment in written(moments=2):
        yield "written", text, moment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
