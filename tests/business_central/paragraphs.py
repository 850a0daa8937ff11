"""Writes the page that leads from each rule of Business Central to its tests, and from the tests to the rule.

    python -m tests.business_central.paragraphs

The name of a test begins with the number of its paragraph: ``test_6_5_undo_…`` belongs to 6.5; the rest says the rule.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[2]
PAGE = _ROOT / "docs" / "business-central-rules.md"
PARAGRAPHS: Mapping[str, str] = {
    "1": "Marketing setup, number series and users",
    "2": "Code tables",
    "3.1": "What a contact holds",
    "3.2": "Figures of a contact",
    "3.3": "Creating, changing and deleting contacts",
    "3.4": "What persons take over from their company",
    "3.5": "Alternative addresses",
    "3.6": "Business relations",
    "3.7": "Privacy and minors",
    "4": "The header of a segment",
    "4.1": "Changing the header of a segment with lines",
    "4.2": "The interaction template of a segment",
    "5": "The lines of a segment",
    "5.1": "Putting a contact on a line",
    "5.2": "The interaction template of a line",
    "5.3": "Removing a line",
    "6.1": "Rules instead of filters",
    "6.2": "Adding contacts",
    "6.3": "Reducing and refining",
    "6.4": "The list of actions",
    "6.5": "Undo and redo",
    "6.6": "Saved criteria",
    "6.7": "Reusing a logged segment",
    "6.8": "Giving a mailing group to a segment",
    "6.9": "Copying and counting a segment",
    "7": "Interaction groups and templates",
    "8": "The interaction log",
    "8.1": "Evaluating interactions",
    "8.2": "Canceling, and taking it back",
    "8.3": "Deleting what is canceled",
    "9.1": "Logging a segment",
    "9.2": "Follow-up segments",
    "9.3": "Logged segments",
    "9.4": "Single interactions",
    "10.1": "Campaigns",
    "10.2": "Figures of a campaign",
    "10.3": "Campaign entries",
    "10.4": "The target group of a campaign",
    "11": "Salespeople and teams",
}
"""Every paragraph, in order, with what it is about."""
_HEAD = """# What Business Central does, rule by rule

Every rule stands as a test that asks the running server, on SQLite and on PostgreSQL. The number before the words
begins the name of the test: 6.5 is `test_6_5_…`. Where Tessera does something else on purpose, it stands in
[the table of differences](business-central.md).
This page is written by `python -m tests.business_central.paragraphs`.
"""
_NAME = re.compile(r"test_(\d+(?:_\d+)?)_([a-z]\w*)")


def found_tests() -> Iterator[tuple[str, str, Path]]:
    """Yield (paragraph, rule in words, file) of each test, by file and line.

    Raises: ValueError for a test whose name names no paragraph.
    """
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                match = _NAME.fullmatch(node.name)
                paragraph = match.group(1).replace("_", ".") if match else ""
                if match is None or paragraph not in PARAGRAPHS:
                    msg = f"{file.name}: {node.name} names no paragraph"
                    raise ValueError(msg)
                yield paragraph, match.group(2).replace("_", " "), file


def page() -> str:
    """Return the page as it should be."""
    rules: dict[str, dict[Path, list[str]]] = {paragraph: {} for paragraph in PARAGRAPHS}
    for paragraph, rule, file in found_tests():
        rules[paragraph].setdefault(file, []).append(rule)
    parts = [_HEAD]
    for paragraph, title in PARAGRAPHS.items():
        parts.append(f"\n## {paragraph} {title}\n")
        for file, sentences in rules[paragraph].items():
            parts.append(f"\n[{file.name}](../{file.relative_to(_ROOT).as_posix()})\n\n")
            parts += [f"- {sentence}\n" for sentence in sentences]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(list(found_tests()))} rules\n")
