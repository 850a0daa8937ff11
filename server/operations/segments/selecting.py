"""Add, reduce and refine: the lines of a segment by a rule, each with one statement however many there are.

A contact for which the rule raises is undecided: it is never added by it and never removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)

from server.operations.segments.new_lines import insert_lines
from server.operations.segments.revisions import ActionResult, OpenAction, begin_action, finish_action
from server.operations.setup.marketing_setup import read_setup
from server.selection import DecidedRule
from server.store.segment_lines import LINE_PROBE, visible_at, visible_at_head
from server.store.tables import contact, segment, segment_line
from server.store.unit_of_work import UnitOfWork

_FEW_LINES = 100_000
"""Up to so many lines, testing the contacts of the lines costs less than finding everyone whom the rule selects."""


@dataclass(frozen=True, slots=True)
class AddOptions:
    """How contacts are added.

    Attributes:
        allow_existing_contacts: add a second line for a contact that stands on the segment.
        expand_companies: add everyone of the company of a selected contact.
        allow_company_with_persons: add the company of a selected contact, too.
        ignore_exclusion: add contacts that are excluded from segments; without it they are left out last of all.
        skip_privacy_blocked: leave out contacts blocked for privacy, last of all; None: as the marketing setup says.
    """

    allow_existing_contacts: bool = False
    expand_companies: bool = False
    allow_company_with_persons: bool = False
    ignore_exclusion: bool = False
    skip_privacy_blocked: bool | None = None


async def add_contacts(
    work: UnitOfWork,
    segment_no: str,
    decided: DecidedRule,
    options: AddOptions = AddOptions(),
    *,
    expected_version: int | None = None,
) -> ActionResult:
    """Add the contacts that the rule selects, ordered by company name, company number, type (companies first), name.

    The case of letters in names decides nothing.
    """
    action = await begin_action(work, segment_no, expected_version=expected_version)
    decided = await decided.renewed(work)
    if options.skip_privacy_blocked is None:
        options = replace(options, skip_privacy_blocked=(await read_setup(work)).skip_privacy_blocked)
    candidates, barred = _candidates(action.segment_id, decided.matched, options), _barred(options)
    excluded, blocked = await _count_barred(work, candidates, barred)
    company = contact.alias("company_of_line")
    added, last_line_no = await insert_lines(
        work,
        action,
        contact.outerjoin(company, company.c.id == contact.c.company_id),
        [*candidates, *(~flag for flag in barred.values())],
        (
            func.coalesce(company.c.search_name, ""),
            func.coalesce(company.c.no, ""),
            contact.c.type,
            contact.c.search_name,
            contact.c.no,
        ),
    )
    result = await finish_action(
        work,
        action,
        "ADD",
        rule=decided.rule.text,
        language_version=decided.rule.language_version,
        options=asdict(options),
        lines_added=added,
        last_line_no=last_line_no,
        undecided_count=len(decided.undecided_ids),
    )
    return replace(result, excluded_count=excluded, privacy_blocked_count=blocked)


async def reduce_segment(
    work: UnitOfWork,
    segment_no: str,
    decided: DecidedRule,
    *,
    entire_companies: bool = False,
    reset_when_empty: bool = False,
    expected_version: int | None = None,
) -> ActionResult:
    """Remove the lines of the contacts that the rule selects; with ``entire_companies``, of everyone beside them."""
    action = await begin_action(work, segment_no, expected_version=expected_version)
    decided = await decided.renewed(work)
    hits = _hits(action, decided.matched, entire_companies=entire_companies)
    removed = await _remove_lines(work, action, segment_line.c.contact_id.in_(hits))
    return await _finish_removal(
        work, action, "REDUCE", decided, removed, entire_companies=entire_companies, reset_when_empty=reset_when_empty
    )


async def refine_segment(
    work: UnitOfWork,
    segment_no: str,
    decided: DecidedRule,
    *,
    entire_companies: bool = False,
    reset_when_empty: bool = False,
    expected_version: int | None = None,
) -> ActionResult:
    """Remove the lines of the contacts that the rule rejects; with ``entire_companies``, where it rejects all."""
    action = await begin_action(work, segment_no, expected_version=expected_version)
    decided = await decided.renewed(work)
    keeps = or_(decided.matched, decided.undecided) if decided.undecided_ids else decided.matched
    hits = _hits(action, keeps, entire_companies=entire_companies)
    removed = await _remove_lines(work, action, _line_not_among(hits, work.dialect))
    return await _finish_removal(
        work, action, "REFINE", decided, removed, entire_companies=entire_companies, reset_when_empty=reset_when_empty
    )


def contacts_asked(segment_no: str, *, entire_companies: bool) -> ColumnElement[bool]:
    """Return the condition on ``contact`` of those whom reducing or refining a segment asks about."""
    members = (
        select(segment_line.c.contact_id)
        .join(segment, segment.c.id == segment_line.c.segment_id)
        .where(segment.c.no == segment_no.strip().upper(), visible_at(segment.c.revision))
    )
    return _asked(members, entire_companies=entire_companies)


def _candidates(segment_id: int, matched: ColumnElement[bool], options: AddOptions) -> list[ColumnElement[bool]]:
    """Return the conditions on ``contact`` under which adding gives it a line, unless it is barred."""
    if options.expand_companies:
        conditions: list[ColumnElement[bool]] = [contact.c.id.in_(union_all(*_companywide(matched)))]
    elif options.allow_company_with_persons:
        conditions = [contact.c.id.in_(union_all(_ids(matched), _company_ids(matched)))]
    else:
        conditions = [matched]
    if not options.allow_existing_contacts:
        standing = (
            select(segment_line.c.line_no)
            .where(
                segment_line.c.segment_id == segment_id,
                segment_line.c.contact_id == contact.c.id,
                visible_at_head(),
            )
            .with_hint(segment_line, LINE_PROBE, "sqlite")
            .correlate(contact)
        )
        conditions.append(~exists(standing))
    return conditions


def _barred(options: AddOptions) -> Mapping[str, ColumnElement[bool]]:
    """Return the conditions that keep a contact from being added, last of all, in their order."""
    reasons = {}
    if not options.ignore_exclusion:
        reasons["exclusion"] = contact.c.exclude_from_segment == true()
    if options.skip_privacy_blocked:
        reasons["privacy"] = contact.c.privacy_blocked == true()
    return reasons


async def _count_barred(
    work: UnitOfWork, candidates: Sequence[ColumnElement[bool]], barred: Mapping[str, ColumnElement[bool]]
) -> tuple[int, int]:
    """Return how many candidates are excluded from segments, and how many of the others are blocked for privacy."""
    if not barred:
        return 0, 0
    excluded = barred.get("exclusion", false())
    blocked = barred.get("privacy", false())
    statement = select(func.count(case((excluded, 1))), func.count(case((and_(~excluded, blocked), 1)))).where(
        or_(*barred.values()), *candidates
    )
    row = (await work.connection.execute(statement)).one()
    return row[0], row[1]


def _hits(
    action: OpenAction, rule: ColumnElement[bool], *, entire_companies: bool
) -> Select[int] | CompoundSelect[int]:
    """Return the contacts of the segment for whom the rule holds, perhaps with others who are not on it."""
    if action.line_count <= _FEW_LINES:
        rule = and_(_asked(_members(action.segment_id), entire_companies=entire_companies), rule)
    return union_all(*_companywide(rule)) if entire_companies else _ids(rule)


def _members(segment_id: int) -> Select[int]:
    return (
        select(segment_line.c.contact_id)
        .where(segment_line.c.segment_id == segment_id, visible_at_head())
        .correlate(None)
    )


def _asked(members: Select[int], *, entire_companies: bool) -> ColumnElement[bool]:
    """Return the condition on ``contact`` of the members, with everyone of their companies if these count."""
    if not entire_companies:
        return contact.c.id.in_(members)
    member, colleague = contact.alias("member"), contact.alias("colleague")
    companies = select(member.c.company_id).where(member.c.id.in_(members), member.c.company_id.is_not(None))
    colleagues = select(colleague.c.id).where(colleague.c.company_id.in_(companies))
    return contact.c.id.in_(union_all(members, colleagues))


def _ids(rule: ColumnElement[bool]) -> Select[int]:
    """Return the contacts for whom the rule holds."""
    return select(contact.c.id).where(rule).correlate(None)


def _company_ids(rule: ColumnElement[bool]) -> Select[int | None]:
    """Return the companies of the contacts for whom the rule holds."""
    return select(contact.c.company_id).where(contact.c.company_id.is_not(None), rule).correlate(None)


def _companywide(rule: ColumnElement[bool]) -> tuple[Select[int], Select[int]]:
    """Return everyone of the companies for one of whom the rule holds, and those without a company for whom it does."""
    return (
        select(contact.c.id).where(contact.c.company_id.in_(_company_ids(rule))).correlate(None),
        _ids(and_(contact.c.company_id.is_(None), rule)),
    )


def _line_not_among(hits: Select[int] | CompoundSelect[int], dialect: str) -> ColumnElement[bool]:
    """Return the condition that a line's contact is none of ``hits``.

    SQLite reads a list once; PostgreSQL does so only while the list fits its working memory, but joins any number of
    sets in one pass each.
    """
    if dialect == "sqlite":
        return segment_line.c.contact_id.not_in(hits)
    parts = hits.selects if isinstance(hits, CompoundSelect) else (hits,)
    rows = [part.subquery() for part in parts]
    return and_(*(~exists().where(row.c.id == segment_line.c.contact_id) for row in rows))


async def _remove_lines(work: UnitOfWork, action: OpenAction, which: ColumnElement[bool]) -> int:
    """Stamp the visible lines of the segment that ``which`` names; return how many."""
    result = await work.connection.execute(
        update(segment_line)
        .where(segment_line.c.segment_id == action.segment_id, visible_at_head(), which)
        .values(removed=action.revision)
    )
    return result.rowcount


async def _finish_removal(
    work: UnitOfWork,
    action: OpenAction,
    kind: str,
    decided: DecidedRule,
    removed: int,
    *,
    entire_companies: bool,
    reset_when_empty: bool,
) -> ActionResult:
    return await finish_action(
        work,
        action,
        kind,
        rule=decided.rule.text,
        language_version=decided.rule.language_version,
        options={"entire_companies": entire_companies, "reset_when_empty": reset_when_empty},
        lines_removed=removed,
        undecided_count=await _undecided_count(work, action, decided, entire_companies=entire_companies),
        reset_when_empty=reset_when_empty,
    )


async def _undecided_count(
    work: UnitOfWork, action: OpenAction, decided: DecidedRule, *, entire_companies: bool
) -> int:
    """Return for how many of the contacts that were on the segment, or beside them, the rule raised."""
    if not decided.undecided_ids:
        return 0
    members = select(segment_line.c.contact_id).where(
        segment_line.c.segment_id == action.segment_id, visible_at(action.revision - 1)
    )
    asked = _asked(members, entire_companies=entire_companies)
    count = select(func.count()).select_from(contact).where(decided.undecided, asked)
    return await work.connection.scalar(count) or 0
