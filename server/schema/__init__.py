"""The GraphQL API: types, queries and mutations; it issues no SQL and parses no rule."""
