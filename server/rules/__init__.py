"""The criteria language: rule-engine 5.1 text, checked, compiled to SQL, and evaluated for one contact.

``check_rule`` turns text into a rule or says what is wrong with it and where. ``compile_rule`` gives the bracket of
SQL conditions that proves which rows match; ``Evaluator`` decides the rows that SQL leaves open, by rule-engine itself.
"""

from server.rules.bracket import Bracket, Residue
from server.rules.check import LANGUAGE_VERSION, CheckedRule, check_rule, find_problems
from server.rules.compiler import compile_rule
from server.rules.evaluator import Evaluator, Verdict
from server.rules.sql_functions import sql_functions
from server.rules.symbols import (
    CodeSet,
    Collection,
    ColumnSource,
    ReferenceSource,
    SideRowSource,
    Source,
    Symbol,
    ValueType,
    Vocabulary,
)

__all__ = [
    "LANGUAGE_VERSION",
    "Bracket",
    "CheckedRule",
    "CodeSet",
    "Collection",
    "ColumnSource",
    "Evaluator",
    "ReferenceSource",
    "Residue",
    "SideRowSource",
    "Source",
    "Symbol",
    "ValueType",
    "Verdict",
    "Vocabulary",
    "check_rule",
    "compile_rule",
    "find_problems",
    "sql_functions",
]
