"""Whatever was done to a segment, its saved criteria do it again, and its copy has the same lines."""

import random
from typing import Any

import pytest

from server.clock import Moment
from server.store.database import Database
from tests.business_central.conftest import Change
from tests.business_central.worksheet_people import FAILS, open_worksheet, standing
from tests.conftest import GraphQL

RULES = ("true", 'country == "DE"', 'type == "PERSON"', 'no in ["XENA", "MAX", "NIL"]', f'country != "FR" and {FAILS}')
ADDING = ("allowExistingContacts", "expandCompanies", "allowCompanyWithPersons", "ignoreExclusion")


def random_action(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """Return a mutation and what it is given."""
    mutation = chance.choice(("addContactsToSegment", "addContactsToSegment", "reduceSegment", "refineSegment"))
    options = ADDING if mutation == "addContactsToSegment" else ("entireCompanies",)
    return mutation, {"rule": chance.choice(RULES)} | {option: chance.random() < 0.4 for option in options}


@pytest.mark.parametrize("seed", [1, 2])
async def test_6_6_whatever_the_actions_reuse_and_copy_give_the_same_lines(
    graphql: GraphQL, change: Change, database: Database, moment: Moment, seed: int
) -> None:
    await open_worksheet(database, moment, change)
    chance = random.Random(seed)
    seen = set()
    for step in range(6):
        mutation, given = random_action(chance)
        await change(mutation, {"segmentNo": "S1", **given})
        if chance.random() < 0.3 and step:
            await change("undoSegmentAction", {"segmentNo": "S1"})
        await change("saveCriteria", {"segmentNo": "S1", "code": f"AFTER{step}"})
        await change("createSegment", {"no": f"R{step}"})
        await change("reuseCriteria", {"segmentNo": f"R{step}", "code": f"AFTER{step}"})
        await change("copySegment", {"no": "S1", "newNo": f"C{step}"})
        stands = await standing(graphql)
        assert await standing(graphql, no=f"R{step}") == stands, (step, mutation, given)
        assert await standing(graphql, no=f"C{step}") == stands, (step, mutation, given)
        seen.add(tuple(stands))
    assert len(seen) > 2, "the actions change something"
