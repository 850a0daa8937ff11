"""The casefolded columns of contacts: an index over them finds a text whatever its letter case.

Every writer of the columns they are made from sets them by ``folded_columns``; a person who looks something up, and
SQL made from a rule, asks them first.
"""

from collections.abc import Mapping
from typing import Any

FOLDED_COLUMNS: Mapping[str, str] = {"name": "search_name", "email": "search_email"}
"""Column of the table ``contact`` → the column that holds its value casefolded, as Python folds."""


def folded_columns(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the casefolded columns that go with those columns of a contact that ``values`` holds."""
    return {folded: values[column].casefold() for column, folded in FOLDED_COLUMNS.items() if column in values}
