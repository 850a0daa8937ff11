"""The criteria language: rule-engine 5.1 text, checked, compiled to SQL, and evaluated for one contact.

``check_rule`` turns text into a rule or says what is wrong with it and where. ``compile_rule`` gives the bracket of
SQL conditions that proves which rows match; ``Evaluator`` decides the rows that SQL leaves open, by rule-engine itself.
"""

from server.rules.language.check import LANGUAGE_VERSION, CheckedRule, check_rule, find_problems
from server.rules.language.limits import RULE_LIMITS
from server.rules.language.literal_forms import date_form
from server.rules.language.lookup import find_named
from server.rules.language.node_kinds import NodeKind
from server.rules.language.parameters import FilledRule, Parameter, fill_parameters, read_period
from server.rules.language.symbols import (
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
from server.rules.language.tree import Kind
from server.rules.language.tree_reading import formatted_rule, parse_rule, write_plain_tree
from server.rules.language.tree_values import PlainTree, plain_tree
from server.rules.language.writing import LiteralValue, format_rule, write_literal, write_rule
from server.rules.one_contact.closures import Closure, compile_closure
from server.rules.one_contact.evaluator import Evaluator, Verdict
from server.rules.one_contact.necessary import necessary_test, necessary_tests
from server.rules.one_contact.necessary_kinds import NecessaryKind, NecessaryTest, TextForm
from server.rules.one_contact.rule_index import RuleIndex
from server.rules.sql.bracket import Bracket, Residue
from server.rules.sql.compiler import compile_rule
from server.rules.sql.cost import RuleCost, rule_cost
from server.rules.sql.sql_functions import sql_functions
from server.rules.words.explanation import ExplainedMember, ExplainedNode, Explanation, Outcome, explain_rule
from server.rules.words.sentence import rule_sentence

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
