"""The criteria language: rule-engine 5.1 text, checked, compiled to SQL, and evaluated for one contact.

``check_rule`` turns text into a rule or says what is wrong with it and where. ``compile_rule`` gives the bracket of
SQL conditions that proves which rows match; ``Evaluator`` decides the rows that SQL leaves open, by rule-engine itself.
"""

from server.rules.bracket import Bracket, Residue
from server.rules.check import LANGUAGE_VERSION, CheckedRule, check_rule, find_problems
from server.rules.closures import Closure, compile_closure
from server.rules.compiler import compile_rule
from server.rules.cost import RuleCost, rule_cost
from server.rules.evaluator import Evaluator, Verdict
from server.rules.explanation import ExplainedMember, ExplainedNode, Explanation, Outcome, explain_rule
from server.rules.limits import RULE_LIMITS
from server.rules.literal_forms import date_form
from server.rules.lookup import find_named
from server.rules.necessary import necessary_test, necessary_tests
from server.rules.necessary_kinds import NecessaryKind, NecessaryTest, TextForm
from server.rules.node_kinds import NodeKind
from server.rules.parameters import FilledRule, Parameter, fill_parameters, read_period
from server.rules.rule_index import RuleIndex
from server.rules.sentence import rule_sentence
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
from server.rules.tree import Kind
from server.rules.tree_reading import formatted_rule, parse_rule, write_plain_tree
from server.rules.tree_values import PlainTree, plain_tree
from server.rules.writing import LiteralValue, format_rule, write_literal, write_rule

__all__ = [
    "LANGUAGE_VERSION",
    "RULE_LIMITS",
    "Bracket",
    "CheckedRule",
    "Closure",
    "CodeSet",
    "Collection",
    "ColumnSource",
    "Evaluator",
    "ExplainedMember",
    "ExplainedNode",
    "Explanation",
    "FilledRule",
    "Kind",
    "LiteralValue",
    "NecessaryKind",
    "NecessaryTest",
    "NodeKind",
    "Outcome",
    "Parameter",
    "PlainTree",
    "ReferenceSource",
    "Residue",
    "RuleCost",
    "RuleIndex",
    "SideRowSource",
    "Source",
    "Symbol",
    "TextForm",
    "ValueType",
    "Verdict",
    "Vocabulary",
    "check_rule",
    "compile_closure",
    "compile_rule",
    "date_form",
    "explain_rule",
    "fill_parameters",
    "find_named",
    "find_problems",
    "format_rule",
    "formatted_rule",
    "necessary_test",
    "necessary_tests",
    "parse_rule",
    "plain_tree",
    "read_period",
    "rule_cost",
    "rule_sentence",
    "sql_functions",
    "write_literal",
    "write_plain_tree",
    "write_rule",
]
