"""Enumerations of the API; their values are what the store holds."""

from collections.abc import Mapping
from enum import StrEnum

import strawberry

from server.rules import Kind, NodeKind, Outcome, RuleCost, ValueType, Verdict


def describe(enumeration: type[StrEnum], description: str, values: Mapping[str, str], name: str | None = None) -> None:
    """Make ``enumeration`` part of the API; ``values`` says what each value means, by its name."""
    strawberry.enum(enumeration, name=name, description=description)
    for value in enumeration.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = values[value.name]


class ContactType(StrEnum):
    """Company or person."""

    COMPANY = "COMPANY"
    PERSON = "PERSON"


class CorrespondenceType(StrEnum):
    """How something is sent."""

    HARD_COPY = "HARD_COPY"
    EMAIL = "EMAIL"


class LinkKind(StrEnum):
    """What a company can be elsewhere."""

    CUSTOMER = "CUSTOMER"
    VENDOR = "VENDOR"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    EMPLOYEE = "EMPLOYEE"


class BusinessRelationSummary(StrEnum):
    """What a company is to us, in one word."""

    NONE = "NONE"
    CUSTOMER = "CUSTOMER"
    VENDOR = "VENDOR"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    EMPLOYEE = "EMPLOYEE"
    OTHER = "OTHER"
    MULTIPLE = "MULTIPLE"


class InformationFlow(StrEnum):
    """Which way information went."""

    OUTBOUND = "OUTBOUND"
    INBOUND = "INBOUND"


class InitiatedBy(StrEnum):
    """Who began."""

    US = "US"
    THEM = "THEM"


class DeliveryStatus(StrEnum):
    """How far the sending of an interaction is."""

    IN_PROGRESS = "IN_PROGRESS"
    ERROR = "ERROR"


class Evaluation(StrEnum):
    """How an interaction went."""

    VERY_POSITIVE = "VERY_POSITIVE"
    POSITIVE = "POSITIVE"
    NEUTRAL = "NEUTRAL"
    NEGATIVE = "NEGATIVE"
    VERY_NEGATIVE = "VERY_NEGATIVE"


class AttributeType(StrEnum):
    """What a custom attribute holds."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    DATETIME = "DATETIME"


class SegmentActionKind(StrEnum):
    """What an action did to a segment."""

    ADD = "ADD"
    REDUCE = "REDUCE"
    REFINE = "REFINE"
    PIN = "PIN"
    UNPIN = "UNPIN"
    REUSE_LOGGED = "REUSE_LOGGED"
    REFRESH = "REFRESH"


class OrderDirection(StrEnum):
    """Which end of a list comes first."""

    ASC = "ASC"
    DESC = "DESC"


class RuleComparison(StrEnum):
    """How two values are compared; the names are those of a tree as plain data."""

    EQUAL = "EQUAL"
    NOT_EQUAL = "NOT_EQUAL"
    LESS = "LESS"
    LESS_OR_EQUAL = "LESS_OR_EQUAL"
    GREATER = "GREATER"
    GREATER_OR_EQUAL = "GREATER_OR_EQUAL"


class RuleArithmetic(StrEnum):
    """What is calculated of two values; the names are those of a tree as plain data."""

    ADD = "ADD"
    SUBTRACT = "SUBTRACT"
    MULTIPLY = "MULTIPLY"
    DIVIDE = "DIVIDE"
    DIVIDE_WHOLE = "DIVIDE_WHOLE"
    REMAINDER = "REMAINDER"


class RuleSymbolKind(StrEnum):
    """What a name of the rule language stands for."""

    VALUE = "VALUE"
    CODE_SET = "CODE_SET"
    COLLECTION = "COLLECTION"


describe(
    ContactType,
    "Whether a contact is a company or a person.",
    {"COMPANY": "A company; persons can belong to it.", "PERSON": "A person, who can belong to one company."},
)
describe(
    CorrespondenceType,
    "How something is sent to a contact.",
    {"HARD_COPY": "On paper.", "EMAIL": "By e-mail."},
)
describe(
    LinkKind,
    "What a company can be elsewhere, where it has a number.",
    {
        "CUSTOMER": "A customer.",
        "VENDOR": "A vendor.",
        "BANK_ACCOUNT": "A bank at which we have an account.",
        "EMPLOYEE": "An employee.",
    },
)
describe(
    BusinessRelationSummary,
    "What a company is to us, by its business relations.",
    {
        "NONE": "It has no business relation.",
        "CUSTOMER": "Its only one links it to a customer.",
        "VENDOR": "Its only one links it to a vendor.",
        "BANK_ACCOUNT": "Its only one links it to a bank account.",
        "EMPLOYEE": "Its only one links it to an employee.",
        "OTHER": "Its only one is no link, or is not the one that the marketing setup keeps for links.",
        "MULTIPLE": "It has several.",
    },
)
describe(
    InformationFlow,
    "Which way the information of an interaction went.",
    {"OUTBOUND": "From us to the contact.", "INBOUND": "From the contact to us."},
)
describe(
    InitiatedBy,
    "Who began an interaction.",
    {"US": "We did.", "THEM": "The contact did."},
)
describe(
    DeliveryStatus,
    "How far the sending of an interaction is.",
    {"IN_PROGRESS": "It waits for a mailer, or is being sent.", "ERROR": "It could not be sent."},
)
describe(
    Evaluation,
    "How an interaction went.",
    {
        "VERY_POSITIVE": "Very well.",
        "POSITIVE": "Well.",
        "NEUTRAL": "Neither well nor badly.",
        "NEGATIVE": "Badly.",
        "VERY_NEGATIVE": "Very badly.",
    },
)
describe(
    AttributeType,
    "What a custom attribute holds.",
    {
        "TEXT": "Text of at most 250 characters.",
        "NUMBER": "An exact number: at most 13 digits before the point and 4 after it.",
        "BOOLEAN": "true or false.",
        "DATE": "A calendar day.",
        "DATETIME": "An instant.",
    },
)
describe(
    SegmentActionKind,
    "What an action did to the lines of a segment.",
    {
        "ADD": "Added lines for the contacts that a rule selects.",
        "REDUCE": "Removed the lines of the contacts that a rule selects.",
        "REFINE": "Removed the lines of the contacts that a rule does not select.",
        "PIN": "Added lines for contacts named one by one.",
        "UNPIN": "Removed lines named one by one.",
        "REUSE_LOGGED": "Added a line for every interaction of a logged segment.",
        "REFRESH": "Ran the earlier actions again on the data of that moment.",
    },
)
describe(
    OrderDirection,
    "Which end of a list comes first. Text is ordered by code point; blank values are the smallest.",
    {"ASC": "Smallest or earliest first.", "DESC": "Largest or latest first."},
)
describe(
    RuleSymbolKind,
    "What a name of the rule language stands for.",
    {
        "VALUE": 'A single value, compared with ==, <, in, …: country == "DE".',
        "CODE_SET": 'A set of codes, tested with in: "NEWS" in mailing_groups.',
        "COLLECTION": "A list of objects, walked by a comprehension: $any([i.cost > 5 for i in interactions]).",
    },
)
describe(
    ValueType,
    "The type of a value in the rule language.",
    {
        "TEXT": "Text.",
        "CODE": "An upper-case code; text to the language.",
        "NUMBER": "An exact decimal number.",
        "BOOLEAN": "true or false.",
        "DATE": "A day; in a rule it is the instant at which the day begins.",
        "DATETIME": "An instant.",
    },
    name="RuleValueType",
)
describe(
    Kind,
    "What a value can be to the rule language.",
    {
        "TEXT": "Text or a code.",
        "NUMBER": "An exact decimal number.",
        "BOOLEAN": "true or false.",
        "INSTANT": "An instant; a day is the instant at which it begins.",
        "PERIOD": 'A span of time: t"P30D", or the difference of two instants.',
        "NULL": "null.",
        "LIST": "A list: of codes, of the objects of a collection, or of what a loop makes.",
        "SET": "A set of different values.",
        "MAPPING": "Keys with a value for each.",
        "OBJECT": "An object of a collection, or the holder of the custom attributes.",
        "FUNCTION": "A function.",
        "UNKNOWN": "Known only when the rule is evaluated.",
    },
    name="RuleKind",
)
describe(
    RuleComparison,
    "How two values are compared.",
    {
        "EQUAL": "==; values of different types are never equal, null equals null.",
        "NOT_EQUAL": "!=.",
        "LESS": "<; neither side may be null.",
        "LESS_OR_EQUAL": "<=; neither side may be null.",
        "GREATER": ">; neither side may be null.",
        "GREATER_OR_EQUAL": ">=; neither side may be null.",
    },
)
describe(
    RuleArithmetic,
    "What is calculated of two values.",
    {
        "ADD": "+: numbers, texts, periods, or an instant and a period.",
        "SUBTRACT": "-: numbers, periods, an instant and a period, or two instants.",
        "MULTIPLY": "*.",
        "DIVIDE": "/: exact to 28 digits.",
        "DIVIDE_WHOLE": "//: without the fraction, towards zero.",
        "REMAINDER": "%: what // leaves, with the sign of the left side.",
    },
)
describe(
    RuleCost,
    "How the contacts are found for which a rule is true.",
    {
        "INDEX": "By an index: fast, however many contacts there are.",
        "SCAN": "By a test of every contact in the database.",
        "CONTACT_BY_CONTACT": "Some contacts are decided one by one outside the database, 20,000 without allowScan.",
    },
)
describe(
    Verdict,
    "What a rule says about one contact.",
    {
        "TRUE": "The rule selects the contact.",
        "FALSE": "It does not.",
        "UNDECIDED": "The rule fails for the contact: it never adds it and never removes it.",
    },
    name="RuleOutcome",
)
describe(
    Outcome,
    "What a part of a rule came to for one contact.",
    {
        "TRUE": "It is true, or counts as true.",
        "FALSE": "It is false, or counts as false.",
        "VALUE": "It is a value, neither true nor false.",
        "RAISES": "It has no value for this contact, or something inside it has none.",
        "NOT_REACHED": "It was not evaluated, because what stands before it decided or failed.",
        "PER_MEMBER": "It is evaluated for each member of a collection.",
    },
    name="RuleNodeOutcome",
)
describe(
    NodeKind,
    "The kinds of parts of a rule.",
    {
        "LITERAL": "A text, number, date, period, true, false or null.",
        "LIST": "A list: [a, b].",
        "SET": "A set: {a, b}.",
        "MAPPING": "A mapping: {a: b}.",
        "SYMBOL": "A name of the vocabulary, or of a loop.",
        "BUILTIN": "A name of the language: $now, $sum.",
        "ATTRIBUTE": "What stands after a point: name.length, attributes.tier, i.cost.",
        "ITEM": "An item: a[0].",
        "SLICE": "A part of a text or list: a[0:3].",
        "CALL": "A call: $any(…), name.starts_with(…).",
        "NOT": "not.",
        "MINUS": "A minus sign before a value.",
        "AND": "and.",
        "OR": "or.",
        "EQUALITY": "== or !=.",
        "ORDER": "<, <=, > or >=.",
        "ARITHMETIC": "+, -, *, /, // or %.",
        "MATCH": "=~, =~~, !~ or !~~.",
        "CONTAINMENT": "in.",
        "COALESCE": "??.",
        "CONDITIONAL": "c ? a : b.",
        "LOOP": "[x for m in many if condition].",
    },
    name="RuleNodeKind",
)
