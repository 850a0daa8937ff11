"""What would have to change: whoever changes what the needs name, and only that, turns the rule.

The needs are read here as somebody reads them, from their words.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any
from zoneinfo import ZoneInfo

from server.rules import CheckedRule, Evaluator, check_rule, explain_rule
from tests.rules.people import VOCABULARY
from tests.rules.test_evaluator import BERLIN, SAMPLE

ZONE = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime(2026, 3, 28, tzinfo=ZONE)
INSTANTS = [
    (MIDNIGHT + timedelta(days=day, microseconds=tick)).astimezone(UTC) for day in range(-2, 4) for tick in (-1, 0, 1)
]
NUMBERS: list[Any] = [Decimal(number) for number in range(-1, 9)]
FRACTIONS = [Decimal(number) / 2 for number in range(-1, 13)] + [Decimal("2.0001"), Decimal("2.9999")]
TEXTS = ["A", "AB", "AT", "AU", "DE", "DEU", "GB", "Z"]
WORDS = [text + more for text in TEXTS for more in ("", "!")]
POOLS: Mapping[str, list[Any]] = {
    "score": NUMBERS,
    "rating": [None, *FRACTIONS],
    "country": [None, *WORDS],
    "name": ["", *WORDS],
    "minor": [True, False],
    "vip": [None, True, False],
    "created_at": INSTANTS,
    "joined_on": [date(2026, 3, 26 + day) for day in range(5)],
    "groups": [codes for size in range(6) for codes in combinations("ABCDE", size)],
}
EDITED = "groups edited"


def comparison(chance: random.Random) -> str:
    """Return a condition on one symbol."""
    name = chance.choice(list(POOLS))
    equality, order = chance.choice(["==", "!="]), chance.choice(["<", "<=", ">", ">="])
    within = chance.choice(["in", "not in"])
    match name:
        case "score" | "rating":
            subject = chance.choice([name, f"({name} ?? {chance.choice('02')})"]) if name == "rating" else name
            number = chance.choice(["0", "1", "2", "2.5", "3", "4", "5"])
            forms = [f"{subject} {equality} {number}", f"{subject} {within} [{number}, {chance.choice('0123')}, 2]"]
            if subject != "rating":
                forms += [f"{subject} {order} {number}", f"{number} {order} {subject}"] * 2
            return chance.choice(forms)
        case "country" | "name":
            texts = [f'"{chance.choice(TEXTS)}"' for _ in range(3)]
            forms = [f"{name} {equality} {texts[0]}", f"{name} {within} [{', '.join(texts)}]"]
            forms.append(f"{name} {equality} null" if name == "country" else f"{name} {order} {texts[0]}")
            return chance.choice(forms)
        case "minor" | "vip":
            return chance.choice([f"{name} {equality} true", "minor", "not minor", "(vip ?? true)"])
        case "groups":
            code = chance.choice("ABC")
            size = f"groups.length {chance.choice([equality, order])} {chance.choice('0123')}"
            return chance.choice([f'"{code}" {within} groups', f'"{code}" {within} groups', size, "groups.is_empty"])
        case _:
            return f'{name} {chance.choice([order, order, order, equality])} d"2026-03-2{chance.choice("789")}"'


def joined(chance: random.Random, levels: int) -> str:
    if levels == 0 or chance.random() < 0.15:
        return comparison(chance)
    parts = [joined(chance, levels - 1) for _ in range(chance.choice([2, 2, 3]))]
    return chance.choice(["", "", "", "not "]) + "(" + chance.choice([" and ", " or "]).join(parts) + ")"


# Reading the needs.

Test = Callable[[Any], bool]
Way = list[tuple[str, Test]]


def split(text: str, by: str) -> list[str]:
    """Split where no bracket and no quote is open."""
    parts, depth, quoted, start = [], 0, False, 0
    for place, letter in enumerate(text):
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "([") - (letter in ")]")
        if depth == 0 and not quoted and text.startswith(by, place):
            parts.append(text[start:place])
            start = place + len(by)
    return [*parts, text[start:]]


def ways(need: str) -> Iterator[Way]:
    """Yield what can be done about a need: for each way the names to change, with the test of a new value."""
    if need.startswith("(") and need.endswith(")"):
        yield from ways(need[1:-1])
    elif need.startswith("either "):
        for way in split(need.removeprefix("either "), ", or "):
            if not way.endswith("other ways"):
                yield from ways(way)
    elif len(parts := split(need, ", and ")) > 1:
        for chosen in product(*(list(ways(part)) for part in parts)):
            yield [one for way in chosen for one in way]
    else:
        yield [single(need)]


def single(need: str) -> tuple[str, Test]:
    name = need.partition(" ")[0].partition(".")[0]
    if name == "groups":
        is_edit = re.fullmatch(r'groups has no "."|groups has ".", needs to be without it', need)
        return EDITED if is_edit else name, codes(need)
    needs = re.search(r"needs (.*)$", need)
    assert needs, need
    return name, phrase(needs[1])


def containing(code: str) -> Test:
    return lambda value: code in value


def lacking(code: str) -> Test:
    return lambda value: code not in value


def codes(need: str) -> Test:
    if found := re.fullmatch(r'groups has no "(.)"', need):
        return containing(found[1])
    if found := re.fullmatch(r'groups has "(.)", needs to be without it', need):
        return lacking(found[1])
    asked = need.split("needs ", 1)[1]
    return every([code_test(part) for part in re.split(r", (?=to )| and (?=to |a number|no code)", asked)])


def code_test(part: str) -> Test:
    if found := re.fullmatch(r'to have "(.)"', part):
        return containing(found[1])
    if found := re.fullmatch(r'to be without "(.)"', part):
        return lacking(found[1])
    said = {"none": "0", "no code": "0"}.get(part, part.removeprefix("a number of codes of "))
    size = phrase(said)
    return lambda value: size(Decimal(len(value)))


def every(tests: list[Test]) -> Test:
    return lambda value: all(test(value) for test in tests)


def literal(text: str) -> Any:
    if text.startswith('d"'):
        read = datetime.fromisoformat(text[2:-1])
        return read if read.tzinfo else read.replace(tzinfo=ZONE)
    if text in {"true", "false"}:
        return text == "true"
    return {"blank": None, "empty": ""}.get(text, text.strip('"')) if not re.match(r"[-\d]", text) else Decimal(text)


def listed(text: str) -> list[Any]:
    return [literal(item) for item in re.split(r", | or ", text)]


def comparable(value: Any) -> Any:
    """Return a value as it compares with literals: a day as its midnight."""
    return datetime(value.year, value.month, value.day, tzinfo=ZONE) if type(value) is date else value


RANGES: list[tuple[str, Callable[[Any, Any], bool]]] = [
    (r"at least ([-\d.]+)", lambda value, end: value >= end),
    (r"at most ([-\d.]+)", lambda value, end: value <= end),
    (r"more than ([-\d.]+)", lambda value, end: value > end),
    (r"less than ([-\d.]+)", lambda value, end: value < end),
    (r'a date before (d"[^"]+")', lambda value, end: value < end),
    (r'a date after (d"[^"]+")', lambda value, end: value > end),
    (r'before (d"[^"]+")', lambda value, end: value < end),
    (r'not after (d"[^"]+")', lambda value, end: value <= end),
    (r'(d"[^"]+") or later', lambda value, end: value >= end),
    (r'(d"[^"]+") or earlier', lambda value, end: value <= end),
    (r'to sort before ("[^"]*")', lambda value, end: value < end),
    (r'to sort after ("[^"]*")', lambda value, end: value > end),
    (r'("[^"]*") or what sorts before it', lambda value, end: value <= end),
    (r'("[^"]*") or what sorts after it', lambda value, end: value >= end),
]


def phrase(said: str) -> Test:
    """Return the test that a phrase after "needs" says."""
    blank = said.startswith("blank or ")
    if blank and not re.fullmatch(r"blank or (true|false)", said):
        said = said.removeprefix("blank or ")
    said, _, exceptions = said.partition(", other than ")
    excluded = listed(exceptions) if exceptions else []
    inner = plain(said)
    return lambda value: (
        blank if value is None and blank else comparable(value) not in excluded and inner(comparable(value))
    )


def plain(said: str) -> Test:
    fixed = {
        "a value": lambda value: value not in {None, ""},
        "to be blank": lambda value: value is None,
        "to be empty": lambda value: value == "",
    }
    if said in fixed:
        return fixed[said]
    if found := re.fullmatch(r"(a value|something) other than (.*)", said):
        others, may_be_blank = listed(found[2]), found[1] == "something"
        return lambda value: (may_be_blank or value is not None) and value not in others
    if found := re.fullmatch(r"([-\d.]+) to ([-\d.]+)", said):
        return lambda value: value is not None and Decimal(found[1]) <= value <= Decimal(found[2])
    return every([limit(part) for part in re.split(r", but | and ", said)])


def limit(said: str) -> Test:
    for form, holds in RANGES:
        if found := re.fullmatch(form, said):
            end = literal(found[1])
            return lambda value: value is not None and holds(value, end)
    values = listed(said)
    return lambda value: value in values


def changed(way: Way, given: Mapping[str, Any], needs: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the contact with other values of what a way names, all of which the way asks for."""
    names = list(dict.fromkeys(name for name, _ in way))
    pools = [
        [
            value
            for value in POOLS[name.removesuffix(" edited")]
            if all(test(value) for each, test in way if each == name)
        ]
        for name in names
    ]
    if EDITED in names:  # one code is added or taken away, the others stay
        edits = sum(1 for name, _ in way if name == EDITED)
        place, held = names.index(EDITED), set(given["groups"])
        pools[place] = [value for value in pools[place] if len(held ^ set(value)) == edits]
        names[place] = "groups"
    assert all(pools), f"nothing satisfies {needs}"
    for values in islice(product(*pools), 300):
        yield {**given, **dict(zip(names, values, strict=True))}


def turns(rule: CheckedRule, given: dict[str, Any]) -> int:
    """Check the needs of one rule for one contact; return how many changes were tried."""
    evaluator = Evaluator(rule, BERLIN)
    before = evaluator.decide(given)
    needs = explain_rule(rule, BERLIN, given).needs
    tried = 0
    if any(re.search(r"one of \d+ more", need) for need in needs):  # not all of them are written
        return 0
    for chosen in islice(product(*(list(ways(need)) for need in needs)), 40):
        way = [one for part in chosen for one in part]
        for after in changed(way, given, needs) if way else ():
            tried += 1
            assert evaluator.decide(after) is not before, (rule.text, given, needs, after)
    if not needs:
        used = sorted(rule.uses)
        for values in islice(product(*(POOLS[name] for name in used)), 3_000):
            after = {**given, **dict(zip(used, values, strict=True))}
            assert evaluator.decide(after) is before, (rule.text, given, after)
    return tried


def test_whoever_meets_the_needs_turns_the_rule() -> None:
    chance = random.Random(20261127)
    tried = without = 0
    for _ in range(1_200):
        rule = check_rule(joined(chance, 2), VOCABULARY)
        given = {**SAMPLE, **{name: chance.choice(pool) for name, pool in POOLS.items()}}
        done = turns(rule, given)
        tried += done
        without += done == 0

    assert tried > 8_000
    assert without < 500


def test_impossible_conditions_have_no_needs() -> None:
    chance = random.Random(7)
    impossible = 0
    for _ in range(1_500):
        one = " and ".join(comparison(chance) for _ in range(3))
        rule = check_rule(one, VOCABULARY)
        given = {**SAMPLE, **{name: chance.choice(pool) for name, pool in POOLS.items()}}
        turns(rule, given)
        impossible += explain_rule(rule, BERLIN, given).needs == ()

    assert impossible > 60
