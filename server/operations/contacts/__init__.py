"""Contacts: what they are, whom they belong to, and what they are described with."""
