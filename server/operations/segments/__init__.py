"""Segments: headers, lines, the actions that select contacts, and logging."""
