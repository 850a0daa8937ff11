"""What we rely on inside rule-engine 5.1; when one of these fails, a new release needs a look before the pin moves."""

from importlib.metadata import version
from types import MethodType

import pytest
from rule_engine import Context, ast
from rule_engine.engine import Rule
from rule_engine.errors import RuleSyntaxError
from rule_engine.parser import Parser, _DeferredAstNode

from server.rules import LANGUAGE_VERSION
from server.rules.guard import REFUSED_OPERATORS


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


def test_refused_operators_are_tokens() -> None:
    assert set(REFUSED_OPERATORS) <= set(Parser.tokens)


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
