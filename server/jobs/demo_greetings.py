"""How the contacts of the demo data are greeted in their languages."""

from collections.abc import Mapping, Sequence
from typing import Any

_GREETINGS: Mapping[str, Sequence[str]] = {
    "DEU": (
        "Sehr geehrter Herr %1,", "Sehr geehrte Frau %1,", "Sehr geehrte Damen und Herren,",
        "Lieber %1,", "Liebe %1,", "Liebes Team von %1,",
    ),
    "ENG": ("Dear Mr %1,", "Dear Ms %1,", "Dear Sir or Madam,", "Dear %1,", "Dear %1,", "Dear team of %1,"),
    "ENU": ("Dear Mr. %1,", "Dear Ms. %1,", "Dear Sir or Madam,", "Dear %1,", "Dear %1,", "Dear team of %1,"),
    "ESP": (
        "Estimado Sr. %1:", "Estimada Sra. %1:", "Estimados señores:",
        "Querido %1:", "Querida %1:", "Querido equipo de %1:",
    ),
    "FRA": (
        "Cher Monsieur %1,", "Chère Madame %1,", "Madame, Monsieur,",
        "Cher %1,", "Chère %1,", "Chère équipe de %1,",
    ),
    "ITA": (
        "Egregio Signor %1,", "Gentile Signora %1,", "Gentili Signori,",
        "Caro %1,", "Cara %1,", "Cari amici di %1,",
    ),
    "JPN": ("%1 様", "%1 様", "%1 御中", "%1 さん", "%1 さん", "%1 の皆さま"),
    "NLD": (
        "Geachte heer %1,", "Geachte mevrouw %1,", "Geachte dames en heren,",
        "Beste %1,", "Beste %1,", "Beste team van %1,",
    ),
    "PLK": (
        "Szanowny Panie %1,", "Szanowna Pani %1,", "Szanowni Państwo,",
        "Drogi %1,", "Droga %1,", "Drogi zespole %1,",
    ),
    "SVE": ("Bäste %1,", "Bästa %1,", "Bästa mottagare,", "Hej %1,", "Hej %1,", "Hej alla på %1,"),
}  # fmt: skip
"""Language → a man, a woman, a company, formally; then the same informally."""

_PLACES = (
    ("MR", "FORMAL", "SURNAME"),
    ("MS", "FORMAL", "SURNAME"),
    ("COMPANY", "FORMAL", "COMPANY_NAME"),
    ("MR", "INFORMAL", "FIRST_NAME"),
    ("MS", "INFORMAL", "FIRST_NAME"),
    ("COMPANY", "INFORMAL", "COMPANY_NAME"),
)

FORMULAS: Sequence[Mapping[str, Any]] = [
    {"salutation": salutation, "language": language, "type": kind, "text": text, "name_1": part}
    for language, texts in _GREETINGS.items()
    for (salutation, kind, part), text in zip(_PLACES, texts, strict=True)
]
"""Rows of ``salutation_formula``."""
