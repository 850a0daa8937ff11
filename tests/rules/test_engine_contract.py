"""What we rely on inside rule-engine 5.1; when one of these fails, a new release needs a look before the pin moves."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, DivisionByZero, InvalidOperation, Overflow
from importlib.metadata import version
from types import MethodType

import pytest
from rule_engine import Context, ast
from rule_engine.engine import Rule
from rule_engine.errors import RuleSyntaxError
from rule_engine.parser import Parser, _DeferredAstNode

from server.clock import Moment
from server.rules import LANGUAGE_VERSION, Kind
from server.rules.language.convert import Converter
from server.rules.language.engine import DECIMALS, RuleContext, attribute_names, builtin_values
from server.rules.language.guard import REFUSED_BUILTINS, REFUSED_OPERATORS
from server.rules.language.syntax import parse
from server.rules.one_contact.closure_attributes import FORMS
from tests.rules.people import VOCABULARY


def test_the_version_is_the_one_of_the_language() -> None:
    assert version("rule-engine").startswith(LANGUAGE_VERSION + ".")


def test_the_nodes_of_the_grammar_are_known() -> None:
    assert {name for name in vars(ast) if name.endswith("Expression")} == {
        "AddExpression", "ArithmeticComparisonExpression", "ArithmeticExpression", "ArrayExpression",
        "BitwiseExpression", "BitwiseShiftExpression", "BooleanExpression", "BytesExpression", "CoalesceExpression",
        "ComparisonExpression", "ComprehensionExpression", "ContainsExpression", "DatetimeExpression",
        "FloatExpression", "FunctionCallExpression", "FunctionExpression", "FuzzyComparisonExpression",
        "GetAttributeExpression", "GetItemExpression", "GetSliceExpression", "LogicExpression", "MappingExpression",
        "NullExpression", "SetExpression", "StringExpression", "SubtractExpression", "SymbolExpression",
        "TernaryExpression", "TimedeltaExpression", "UnaryExpression",
    }  # fmt: skip


def test_every_node_of_the_grammar_is_converted_or_refused() -> None:
    converter = Converter(parse("true", RuleContext(VOCABULARY, Moment(datetime(2026, 11, 23, tzinfo=UTC)))))
    never_written = {"BitwiseExpression", "BitwiseShiftExpression", "BytesExpression", "FunctionExpression"}

    assert set(converter._conversions) == {name for name in vars(ast) if name.endswith("Expression")} - never_written


def test_the_words_of_the_grammar_are_known() -> None:
    assert set(Parser.tokens) == {
        "ADD", "AND", "ATTR", "ATTR_SAFE", "BWAND", "BWLSH", "BWOR", "BWRSH", "BWXOR", "BYTES", "COALESCE", "COLON",
        "COMMA", "COMMENT", "DATETIME", "EQ", "EQ_FZM", "EQ_FZS", "FALSE", "FDIV", "FLOAT", "FLOAT_INF", "FLOAT_NAN",
        "FOR", "GE", "GT", "IF", "IN", "LBRACE", "LBRACKET", "LE", "LPAREN", "LT", "MOD", "MUL", "NE", "NE_FZM",
        "NE_FZS", "NOT", "NULL", "OR", "POW", "QMARK", "RBRACE", "RBRACKET", "RPAREN", "STRING", "SUB", "SYMBOL",
        "TDIV", "TIMEDELTA", "TRUE",
    }  # fmt: skip


def test_refused_operators_are_tokens() -> None:
    assert set(REFUSED_OPERATORS) <= set(Parser.tokens)


def test_the_names_of_the_language_are_offered_or_refused() -> None:
    offered = set(builtin_values(Moment(datetime(2026, 11, 23, tzinfo=UTC))))

    assert offered.isdisjoint(REFUSED_BUILTINS)
    assert set(Context().builtins) == offered | REFUSED_BUILTINS


def test_every_attribute_has_a_form_in_closures() -> None:
    methods = {"starts_with", "ends_with"}
    left_to_rule_engine = {(Kind.SET, "to_ary")}
    known = {(kind, name) for kind in Kind for name in attribute_names(kind) if name not in methods}

    assert {(kind, name) for kind, forms in FORMS.items() for name in forms} == known - left_to_rule_engine


def test_numbers_have_28_digits() -> None:
    assert (DECIMALS.prec, DECIMALS.rounding) == (28, ROUND_HALF_EVEN)
    assert {signal for signal, trapped in DECIMALS.traps.items() if trapped} == {
        DivisionByZero, InvalidOperation, Overflow
    }  # fmt: skip


def test_the_grammar_phase_only_defers() -> None:
    parser = Rule.parser
    actions = [
        production.callable for production in parser._parser.productions if getattr(production, "callable", None)
    ]
    assert len(actions) > 50
    assert all(isinstance(action, MethodType) and action.__self__ is parser for action in actions)
    assert _DeferredAstNode.__slots__ == ("cls", "args", "kwargs", "method")


def test_a_context_has_nothing_but_what_ours_replaces() -> None:
    assert set(vars(Context())) == {
        "regex_flags", "symbols", "_thread_local", "default_timezone", "default_value", "builtins", "decimal_context",
        "_Context__type_resolver", "_Context__resolver", "mapping_attribute_lookup", "_mapping_fallback_lock",
        "_mapping_fallback_warned",
    }  # fmt: skip


def test_syntax_errors_know_their_token() -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        Rule("a == )")

    assert caught.value.token.lexpos == 5
