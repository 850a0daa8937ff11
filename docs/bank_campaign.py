"""A bank plans its next calls: from a CSV file to a logged segment, through GraphQL over HTTP.

Start a server (``make serve``), then, in the same folder::

    .venv/bin/python docs/bank_campaign.py FILE

FILE is a CSV file of the bank's earlier calls with the columns ``age``, ``job``, ``per.loan`` and ``outcome`` and any
others, one line a person. The script

1. imports the file beside the running server, every column as a custom attribute;
2. builds a segment by three actions: *add* by job and age, *reduce* by a personal loan, *refine* by the last outcome;
3. compares its contacts with what plain SQL over the file selects: the same rows, as often;
4. takes two actions back and does them again: the same lines as before;
5. logs the segment with a follow-up, and counts what that left.

It needs nothing but Python, and says what it does at every step. It stops with status 1 where a figure is not what it
should be.
"""

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql_client import Server, expect

ADD = 'attributes.job in ["admin.", "technician", "management"] and (attributes.age ?? 0) >= 50'
REDUCE = 'attributes.per_loan == "yes"'
REFINE = 'attributes.outcome in ["success", "hold"]'
THE_SAME_IN_SQL = """
    select * from calls
     where job in ('admin.', 'technician', 'management') and age + 0 >= 50
       and not "per.loan" = 'yes'
       and outcome in ('success', 'hold')
"""

TYPES = ("age:number", "job:text", "per.loan:text", "outcome:text", "*")


def lines_of(server: Server, segment: str) -> Iterator[Any]:
    """Yield the lines of a segment with their contacts, page by page."""
    query = """
        query ($no: String!, $after: String) {
          segment(no: $no) {
            lines(first: 200, after: $after) {
              nodes { lineNo contact { no attributes { name value } } }
              pageInfo { hasNextPage endCursor }
            }
          }
        }"""
    after = None
    while True:
        page = server.ask(query, no=segment, after=after)["segment"]["lines"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def main() -> None:
    """Do the five steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="the CSV file")
    parser.add_argument("--url", default="http://127.0.0.1:8000/graphql", help="the server (default: %(default)s)")
    options = parser.parse_args()
    server = Server(options.url)

    before = count_contacts(server)
    import_file(options.file)
    rows = read_rows(options.file)
    expect("contacts imported", count_contacts(server) - before, len(rows))

    segment = prepare(server)
    act(server, "addContactsToSegment", segment, ADD)
    act(server, "reduceSegment", segment, REDUCE)
    act(server, "refineSegment", segment, REFINE)

    members = list(lines_of(server, segment))
    selected = select_by_sql(options.file)
    expect("members", len(members), len(selected))
    expect("members that plain SQL selects, too", same_rows(members, selected), len(selected))

    for mutation in ("undoSegmentAction", "undoSegmentAction", "redoSegmentAction", "redoSegmentAction"):
        payload = server.change(mutation, "lineCount", segmentNo=segment)
        print(f"  {mutation}: {payload['lineCount']} lines")
    expect(
        "lines that are as before",
        sum(a == b for a, b in zip(members, lines_of(server, segment), strict=True)),
        len(members),
    )

    log(server, segment, len(members))


def count_contacts(server: Server) -> int:
    """Return how many contacts there are."""
    return int(server.ask("{ contacts { totalCount } }")["contacts"]["totalCount"])


def import_file(file: Path) -> None:
    """Import the file with the command line, beside the running server."""
    command = [sys.executable, "-m", "server", "import", "contacts", str(file), "--type", "person", "--match", "none"]
    for type_ in TYPES:
        command += ["--attribute", type_]
    print("$ tessera", *command[3:])
    if subprocess.run(command, check=False).returncode:
        sys.exit("The import failed.")


def read_rows(file: Path) -> list[dict[str, str]]:
    """Return the rows of the file as Python's csv module reads them."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def select_by_sql(file: Path) -> list[tuple[str, ...]]:
    """Return the rows that plain SQL selects from the file."""
    rows = read_rows(file)
    columns = list(rows[0])
    calls = sqlite3.connect(":memory:")
    calls.execute(f"create table calls ({', '.join(json.dumps(column) for column in columns)})")
    marks = ", ".join("?" * len(columns))
    calls.executemany(f"insert into calls values ({marks})", [tuple(row.values()) for row in rows])
    return calls.execute(THE_SAME_IN_SQL).fetchall()


def same_rows(members: list[Any], selected: list[tuple[str, ...]]) -> int:
    """Return how many of the selected rows stand among the members, each member counted once.

    The file names no one, so a person is the whole row; the attributes of a contact are the same values in the order
    of their names.
    """
    of_members = Counter(
        tuple(sorted(plain(attribute["value"]) for attribute in member["contact"]["attributes"])) for member in members
    )
    of_rows = Counter(tuple(sorted(plain(cell) for cell in row if cell != "")) for row in selected)
    return (of_members & of_rows).total()


def plain(value: Any) -> str:
    """Return a value as text that does not depend on its type: yes and true are the same."""
    return {"true": "yes", "false": "no"}.get(str(value).lower(), str(value))


def prepare(server: Server) -> str:
    """Create a campaign, a template and a salesperson unless they are there, and a segment; return its number."""
    campaign = server.change("createCampaign", "campaign { no }", description="Spring calls")["campaign"]["no"]
    for mutation, known, values in (
        ("createSalesperson", "salespeople", {"code": "CALLS", "name": "Call centre"}),
        ("createInteractionTemplate", "interactionTemplates", {"code": "CALL", "description": "Phone call"}),
    ):
        codes = server.ask(f"{{ {known}(first: 200) {{ nodes {{ code }} }} }}")[known]["nodes"]
        if values["code"] not in [node["code"] for node in codes]:
            server.change(mutation, "", **values)
    segment = server.change(
        "createSegment",
        "segment { no }",
        description="Over fifty, no loan",
        campaignNo=campaign,
        template="CALL",
        salesperson="CALLS",
    )["segment"]["no"]
    print(f"Segment {segment} of campaign {campaign}")
    return str(segment)


def act(server: Server, mutation: str, segment: str, rule: str) -> None:
    """Carry out one action by a rule and say what it did."""
    payload = server.change(mutation, "linesAdded linesRemoved lineCount", segmentNo=segment, rule=rule)
    print(f"  {mutation} by {rule}: +{payload['linesAdded']} -{payload['linesRemoved']} = {payload['lineCount']} lines")


def log(server: Server, segment: str, members: int) -> None:
    """Log the segment with a follow-up and count what is there afterwards."""
    payload = server.change(
        "logSegment",
        "loggedSegment { entryNo interactions { totalCount } } followUpSegment { no lineCount }",
        segmentNo=segment,
        followUp=True,
    )
    logged, follow_up = payload["loggedSegment"], payload["followUpSegment"]
    expect("interactions logged", logged["interactions"]["totalCount"], members)
    expect(f"lines of the follow-up segment {follow_up['no']}", follow_up["lineCount"], members)
    gone = server.ask("query ($no: String!) { segment(no: $no) { no } }", no=segment)["segment"]
    expect("segments left under the old number", 0 if gone is None else 1, 0)
    print(f"Logged segment {logged['entryNo']} of {segment}. Done.")


if __name__ == "__main__":
    main()
