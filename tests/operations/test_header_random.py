"""Random changes of a header against the reference taken literally, where every line holds a copy of every value."""

import random
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from server.errors import RefusedError
from server.operations.segments.lines import add_lines, update_line
from server.operations.segments.segment_languages import create_language, delete_language, update_language
from server.operations.segments.segments import update_segment
from server.store.database import Database
from server.store.tables import attachment, interaction_template, template_language
from tests.operations.conftest import Store
from tests.operations.test_selecting import CONTACTS, NO
from tests.operations.worksheets import World

LANGUAGES = ("DEU", "ENU", "FRA")


@dataclass(frozen=True)
class Sent:
    """What is sent in a language; attachments by name."""

    subject: str = ""
    attachment: str | None = None


@dataclass
class Copy:
    """A line with all its values, or the header with what its lines have."""

    template: str | None = None
    description: str = ""
    cost: Decimal = Decimal(0)
    on: date = date(2026, 11, 23)
    salesperson: str | None = None
    correspondence_type: str | None = None
    language: str | None = None
    sent: Sent = field(default_factory=Sent)


BROUGHT = {"MAIL": ("DEU", {"DEU": Sent("Angebot", "angebot"), "ENU": Sent("Offer", "offer")}), "LETTER": (None, {})}
"""The default language of each template, and what it sends."""


class Literal:
    """A segment as the reference describes it."""

    def __init__(self) -> None:
        self.header = Copy(template="LETTER", description="Spring")
        self.ignore = False
        self.languages: dict[str, Sent] = {}
        self.lines: list[Copy] = []
        self.told_apart = False

    def same(self) -> list[Copy]:
        """Return the lines that a change of the header reaches."""
        return [line for line in self.lines if line.template == self.header.template]

    def add(self, salesperson_: str, language: str | None, way: str | None) -> None:
        header = self.header
        kind = "EMAIL" if header.template == "MAIL" else None
        chosen = language if language in self.languages else header.language
        self.lines.append(
            replace(
                header,
                salesperson=header.salesperson or salesperson_,
                correspondence_type=(self.ignore and header.correspondence_type) or way or kind,
                language=chosen,
                sent=self.languages[chosen] if chosen else header.sent,
            )
        )

    def change(self, values: dict[str, Any], *, follow: bool) -> None:
        for name in ("description", "cost", "on", "salesperson"):
            if name in values:
                setattr(self.header, name, values[name])
                for line in self.same() if follow else []:
                    setattr(line, name, values[name])
        if "subject" in values:
            self.change_sent(self.header.language, replace(self.header.sent, subject=values["subject"]), follow=follow)
        if "language" in values and values["language"] != self.header.language:
            self.header.language = values["language"]
            self.header.sent = self.languages.setdefault(values["language"], Sent())

    def change_type(self, way: str) -> None:
        changed = way != self.header.correspondence_type
        self.header.correspondence_type, self.ignore = way, True
        for line in self.same() if changed and self.header.sent.attachment else []:
            line.correspondence_type = way

    def change_sent(self, language: str | None, sent: Sent, *, follow: bool) -> None:
        old = self.languages[language] if language else self.header.sent
        for line in self.same() if follow else []:
            if line.language != language:
                continue
            if sent.subject != old.subject == line.sent.subject:
                line.sent = replace(line.sent, subject=sent.subject)
            if sent.attachment != old.attachment and line.sent.attachment in {None, old.attachment}:
                line.sent = replace(line.sent, attachment=sent.attachment)
        if language:
            self.languages[language] = sent
        if language == self.header.language:
            self.header.sent = sent
        self.told_apart = self.told_apart or not follow

    def inherits(self, line: Copy) -> bool:
        known = self.languages.get(line.language or "", Sent())
        return line.sent.attachment in {None, known.attachment}

    def change_template(self, code: str) -> None:
        default, languages = BROUGHT[code]
        first = languages[default] if default else Sent()
        for line in self.lines:
            if self.inherits(line):
                line.language, line.sent = default, first
            line.template, line.cost = code, Decimal(0)
            line.correspondence_type = "EMAIL" if code == "MAIL" else None
        self.languages, self.ignore = dict(languages), False
        self.header = replace(
            self.header, template=code, cost=Decimal(0), language=default, sent=first,
            correspondence_type="EMAIL" if code == "MAIL" else None,
        )  # fmt: skip

    def delete(self, language: str) -> None:
        for line in self.lines:
            if line.language == language and self.inherits(line):
                line.language, line.sent = self.header.language, self.header.sent
        del self.languages[language]

    def edit_language(self, line: Copy, language: str | None) -> None:
        if language == line.language:
            return
        of_none = Sent() if self.header.language else self.header.sent
        after, inherited = self.languages[language] if language else of_none, self.inherits(line)
        line.sent = replace(after, attachment=after.attachment if inherited else line.sent.attachment)
        line.language = language


@dataclass
class Both:
    """The server's segment and the literal one, changed alike."""

    world: World
    literal: Literal
    chance: random.Random
    step: int = 0

    async def do(self) -> None:
        """Do one random thing with both."""
        self.step += 1
        acts = [self.add, self.header, self.header, self.subject, self.language, self.kind, self.sent, self.line]
        await self.chance.choice([*acts, self.line_language, self.template, self.delete])()

    def name(self) -> str:
        return f"x{self.step}"

    async def add(self) -> None:
        person = self.chance.choice(CONTACTS)
        await self.world.run(add_lines, NO, [person.no], allow_existing_contacts=True)
        way = (None, "EMAIL", "HARD_COPY")[person.id % 3]
        self.literal.add("AH" if person.id % 2 else "BD", (None, "DEU")[person.id % 2], way)

    async def header(self) -> None:
        choices = {
            "description": self.name(),
            "cost": Decimal(self.step),
            "on": date(2027, 1, 1 + self.step % 28),
            "salesperson": self.chance.choice(("AH", None)),
        }
        names = self.chance.sample(sorted(choices), 2)
        values = {name: choices[name] for name in names if choices[name] != getattr(self.literal.header, name)}
        follow = self.chance.random() < 0.7
        given = {"unit_cost" if name == "cost" else name: value for name, value in values.items()}
        await self.world.run(update_segment, NO, given, update_lines=follow)
        self.literal.change(values, follow=follow)

    async def subject(self) -> None:
        follow = self.chance.random() < 0.7
        await self.world.run(update_segment, NO, {"subject": self.name()}, update_lines=follow)
        self.literal.change({"subject": self.name()}, follow=follow)

    async def language(self) -> None:
        values = {"language": self.chance.choice(LANGUAGES)}
        await self.world.run(update_segment, NO, values, update_lines=self.chance.random() < 0.5)
        self.literal.change(values, follow=True)

    async def kind(self) -> None:
        way = self.chance.choice(("EMAIL", "HARD_COPY"))
        given = {"correspondence_type": way, "ignore_contact_correspondence": True}
        await self.world.run(update_segment, NO, given)
        self.literal.change_type(way)

    async def sent(self) -> None:
        language = self.chance.choice(LANGUAGES)
        values = {"subject": self.name(), "attachment": {"name": self.name(), "url": "https://files.example/x"}}
        if language not in self.literal.languages:
            await self.world.run(create_language, NO, language, values)
            self.literal.languages[language] = Sent(self.name(), self.name())
        else:
            await self.world.run(update_language, NO, language, values)
            self.literal.change_sent(language, Sent(self.name(), self.name()), follow=True)

    async def line(self) -> None:
        if self.literal.lines:
            place = self.chance.randrange(len(self.literal.lines))
            line = self.literal.lines[place]
            own: dict[str, Any] = {"description": self.name()}
            line.description = self.name()
            if self.chance.random() < 0.3:
                own |= {"attachment": {"name": self.name(), "url": "https://files.example/x"}, "subject": "own"}
                line.sent = Sent("own", self.name())
            await self.world.run(update_line, NO, 10 * place + 10, own)

    async def line_language(self) -> None:
        if self.literal.lines:
            place = self.chance.randrange(len(self.literal.lines))
            language, line = self.chance.choice((*LANGUAGES, None)), self.literal.lines[place]
            edit = self.world.run(update_line, NO, 10 * place + 10, {"language": language})
            if language in {*self.literal.languages, line.language, None}:
                await edit
                self.literal.edit_language(line, language)
            else:
                with pytest.raises(RefusedError, match=f"has no language {language}"):
                    await edit

    async def template(self) -> None:
        code = "LETTER" if self.literal.header.template == "MAIL" else "MAIL"
        await self.world.run(update_segment, NO, {"template": code})
        self.literal.change_template(code)

    async def delete(self) -> None:
        others = sorted(set(self.literal.languages) - {self.literal.header.language or ""})
        if others and not self.literal.told_apart:
            language = self.chance.choice(others)
            await self.world.run(delete_language, NO, language)
            self.literal.delete(language)

    async def found(self) -> list[Copy]:
        """Return the server's lines."""
        async with self.world.database.read() as connection:
            rows = await connection.execute(select(attachment.c.id, attachment.c.name))
            names = {row.id: row.name for row in rows}
        return [
            Copy(
                row.template, row.description, row.cost, row.on, row.salesperson, row.correspondence_type,
                row.language, Sent(row.subject, names.get(row.attachment_id)),
            )
            for row in await self.world.line_rows()
        ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_lines_are_as_if_each_held_a_copy_of_the_header(
    database: Database, moment: Any, store: Store, seed: int
) -> None:
    world = World(database, moment, CONTACTS)
    await world.begin()
    await store(interaction_template, {"code": "MAIL", "language": "DEU", "correspondence_type": "EMAIL"})
    await store(attachment, {"id": 901, "name": "angebot", "url": "x"}, {"id": 902, "name": "offer", "url": "x"})
    await store(
        template_language,
        {"template": "MAIL", "language": "DEU", "subject": "Angebot", "attachment_id": 901},
        {"template": "MAIL", "language": "ENU", "subject": "Offer", "attachment_id": 902},
    )
    both = Both(world, Literal(), random.Random(seed))
    for _ in range(3):
        await both.add()
    for _ in range(30):
        await both.do()
        assert await both.found() == both.literal.lines
