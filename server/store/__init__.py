"""The database: tables, engine, unit of work and change log. It knows no rule and no GraphQL."""
