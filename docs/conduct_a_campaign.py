"""Conduct a campaign, from the first contact to the figures, through GraphQL over HTTP.

Start a server (``make serve``), then::

    .venv/bin/python docs/conduct_a_campaign.py

The script makes its own few contacts, so that every figure can be worked out by hand; the sums stand beside the steps.
It

1. makes a salesperson, two templates (a letter that costs 2.50 and takes 5 minutes, a reply that takes 10), four
   companies with six persons, one person without a company, and a campaign;
2. builds two segments of the campaign, refines one, and takes that back;
3. activates the campaign for the companies it aims at;
4. logs both segments, the first with a follow-up;
5. notes three replies, and looks at the statistics;
6. cancels what came of the second segment, looks again, and takes the cancellation back.

Everything it makes has numbers that begin with a word of its own, by default WALK; run it again with another one. It
stops with status 1 where a figure is not what it should be.
"""

import argparse
from typing import Any

from graphql_client import Server, expect

COMPANIES = {"A": ("Alpine Gear", "CH"), "B": ("Baltic Boats", "DE"), "C": ("Coastal Café", "DE"), "D": ("Dune", "CH")}
PERSONS: dict[str, tuple[str | None, str, dict[str, Any]]] = {
    "ANNA": ("A", "Anna Arn", {}),
    "BEN": ("A", "Ben Baur", {}),
    "CARLA": ("B", "Carla Classen", {}),
    "DIRK": ("B", "Dirk Dorn", {}),
    "EVA": ("C", "Eva Engel", {"excludeFromSegment": True}),
    "FINN": ("D", "Finn Fuchs", {"privacyBlocked": True}),
    "GRETA": (None, "Greta Graf", {"country": "CH"}),
}


def main() -> None:
    """Do the six steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000/graphql", help="the server (default: %(default)s)")
    parser.add_argument("--word", default="WALK", help="what all numbers and codes begin with (default: %(default)s)")
    options = parser.parse_args()
    Walk(Server(options.url), options.word).all()


class Walk:
    """The walk, on one server under one word."""

    def __init__(self, server: Server, word: str) -> None:
        self.server = server
        self.word = word.upper()

    def all(self) -> None:
        """Take every step."""
        self.prepare()
        swiss, german = self.build()
        self.activate()
        self.log(swiss, german)
        self.reply()
        self.cancel()

    def name(self, what: str) -> str:
        """Return a number or code of our own."""
        return f"{self.word}-{what}"

    def prepare(self) -> None:
        """Make what the campaign needs."""
        change = self.server.change
        change("createSalesperson", "", code=self.name("SP"), name="Sam Sales")
        change(
            "createInteractionTemplate", "", code=self.name("LETTER"), description="Letter", unitCost="2.50",
            unitDuration="5", informationFlow="OUTBOUND", initiatedBy="US", campaignTarget=True,
            correspondenceType="HARD_COPY",
        )  # fmt: skip
        change(
            "createInteractionTemplate", "", code=self.name("REPLY"), description="Reply", unitDuration="10",
            informationFlow="INBOUND", initiatedBy="THEM", campaignResponse=True, correspondenceType=None,
        )  # fmt: skip
        for no, (name, country) in COMPANIES.items():
            change(
                "createContact", "", no=self.name(no), type="COMPANY", name=name, country=country,
                salesperson=self.name("SP"),
            )  # fmt: skip
        for no, (company, name, more) in PERSONS.items():
            company_no = None if company is None else self.name(company)
            change(
                "createContact", "", no=self.name(no), type="PERSON", name=name, companyNo=company_no,
                salesperson=self.name("SP"), **more,
            )  # fmt: skip
        # A person takes the country of the company: Anna, Ben and Finn are Swiss, Carla, Dirk and Eva German.
        contacts = self.server.ask(
            "query ($rule: String!) { contacts(rule: $rule) { totalCount } }", rule=self.rule("true")
        )
        expect("contacts", contacts["contacts"]["totalCount"], 4 + 7)
        change(
            "createCampaign", "", no=self.name("CP"), description="Spring letters", startingOn="2026-01-01",
            salesperson=self.name("SP"),
        )  # fmt: skip

    def rule(self, rule: str) -> str:
        """Return the rule for our own contacts alone."""
        return f'no.starts_with("{self.word}-") and ({rule})'

    def build(self) -> tuple[str, str]:
        """Build the segments and return their numbers."""
        swiss, german = (self.new_segment(no, what) for no, what in (("CH", "Switzerland"), ("DE", "Germany")))
        # Switzerland: Alpine Gear, Anna, Ben, Dune, Greta; Finn, who is blocked for privacy, is left out: 5
        self.act("addContactsToSegment", swiss, 'country == "CH"', added=5, lines=5)
        # Refining by type keeps Anna, Ben and Greta
        self.act("refineSegment", swiss, 'type == "PERSON"', removed=2, lines=3)
        payload = self.server.change("undoSegmentAction", "lineCount", segmentNo=swiss)
        expect("lines after the refine was taken back", payload["lineCount"], 5)
        # Without Dune: Alpine Gear, Anna, Ben, Greta
        self.act("reduceSegment", swiss, 'name == "Dune"', removed=1, lines=4)
        # Germany: Baltic Boats, Carla, Dirk, Coastal Café; Eva is excluded from segments
        self.act("addContactsToSegment", german, 'country == "DE"', added=4, lines=4)
        return swiss, german

    def new_segment(self, no: str, country: str) -> str:
        """Create a segment of the campaign; the template brings cost, duration and the target flag."""
        payload = self.server.change(
            "createSegment", "segment { no }", no=self.name(no), description=f"Letters to {country}",
            campaignNo=self.name("CP"), template=self.name("LETTER"),
        )  # fmt: skip
        return str(payload["segment"]["no"])

    def act(self, mutation: str, segment: str, rule: str, *, added: int = 0, removed: int = 0, lines: int) -> None:
        """Carry out an action by a rule over our own contacts."""
        payload = self.server.change(
            mutation, "linesAdded linesRemoved lineCount", segmentNo=segment, rule=self.rule(rule)
        )
        found = payload["linesAdded"], payload["linesRemoved"], payload["lineCount"]
        expect(f"{mutation} on {segment} by {rule}: added, removed, lines", found, (added, removed, lines))

    def activate(self) -> None:
        """Activate the campaign: Alpine Gear (for three lines), Greta; Baltic Boats (for three), Coastal Café."""
        payload = self.server.change(
            "activateCampaign", "campaign { activated targets { totalCount } }", no=self.name("CP")
        )
        expect("companies and persons that the campaign aims at", payload["campaign"]["targets"]["totalCount"], 4)

    def log(self, swiss: str, german: str) -> None:
        """Log both segments: 8 letters."""
        payload = self.server.change(
            "logSegment", "interactionsLogged followUpSegment { no lineCount campaign { no } }", segmentNo=swiss,
            followUp=True,
        )  # fmt: skip
        expect(f"letters from {swiss}", payload["interactionsLogged"], 4)
        follow_up = payload["followUpSegment"]
        expect(f"lines of the follow-up segment {follow_up['no']}", follow_up["lineCount"], 4)
        expect("its campaign", follow_up["campaign"]["no"], self.name("CP"))
        payload = self.server.change("logSegment", "interactionsLogged loggedSegment { entryNo }", segmentNo=german)
        expect(f"letters from {german}", payload["interactionsLogged"], 4)
        self.logged = payload["loggedSegment"]["entryNo"]
        # 8 letters of 2.50 and 5 minutes
        self.statistics(contacted=8, responded=0, cost="20", duration="40", rate="0", costs="0", durations="0")

    def reply(self) -> None:
        """Note three replies, which cost nothing and take 10 minutes each."""
        for who, evaluation in (("ANNA", "POSITIVE"), ("GRETA", "VERY_POSITIVE"), ("CARLA", "NEUTRAL")):
            self.server.change(
                "logInteraction", "", contactNo=self.name(who), template=self.name("REPLY"),
                campaignNo=self.name("CP"), evaluation=evaluation,
            )  # fmt: skip
        # 3 of 8: 37.5 %; 20 / 3 = 6.67; 40 + 30 = 70 minutes, 70 / 3 = 23.33
        self.statistics(
            contacted=8, responded=3, cost="20", duration="70", rate="37.5", costs="6.67", durations="23.33"
        )
        # one entry for each segment, one for all replies
        entries = self.server.ask(
            """
            query ($no: String!) {
              campaign(no: $no) { entries { nodes { segmentNo statistics { interactionCount } } } }
            }""",
            no=self.name("CP"),
        )["campaign"]["entries"]["nodes"]
        found = {(entry["segmentNo"], entry["statistics"]["interactionCount"]) for entry in entries}
        expect("entries of the campaign", found, {(self.name("CH"), 4), (self.name("DE"), 4), ("", 3)})

    def cancel(self) -> None:
        """Cancel the letters to Germany, and take that back."""
        self.server.change("cancelLoggedSegments", "", entryNos=[self.logged], canceled=True)
        # 4 letters are left: 10.00 and 20 minutes; Carla's reply still counts: 3 of 4; 10 / 3, and (20 + 30) / 3
        self.statistics(contacted=4, responded=3, cost="10", duration="50", rate="75", costs="3.33", durations="16.67")
        self.server.change("cancelLoggedSegments", "", entryNos=[self.logged], canceled=False)
        self.statistics(
            contacted=8, responded=3, cost="20", duration="70", rate="37.5", costs="6.67", durations="23.33"
        )

    def statistics(
        self, *, contacted: int, responded: int, cost: str, duration: str, rate: str, costs: str, durations: str
    ) -> None:
        """Compare the statistics of the campaign with what they should be."""
        found: dict[str, Any] = self.server.ask(
            """
            query ($no: String!) {
              campaign(no: $no) {
                statistics {
                  contacted responded cost duration responseRate averageCostPerResponse averageDurationPerResponse
                }
              }
            }""",
            no=self.name("CP"),
        )["campaign"]["statistics"]
        expect(
            "contacted, responded, cost, minutes, response rate, cost and minutes per response",
            tuple(found.values()),
            (contacted, responded, cost, duration, rate, costs, durations),
        )


if __name__ == "__main__":
    main()
