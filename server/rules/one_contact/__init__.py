"""A rule asked of one contact at a time: by rule-engine, by a generated function, and many rules by an index."""
