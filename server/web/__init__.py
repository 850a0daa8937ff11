"""HTTP around GraphQL: what reaches the schema, in which form, and the page for people who explore."""
