"""A rule asked of all contacts: the bracket of SQL conditions around it."""
