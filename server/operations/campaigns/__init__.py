"""Campaigns, their entries, and the contacts that they target."""
