"""Interactions: templates, and what is done with single entries of the log."""
