"""Text to tree and back: grammar, vocabulary, types, everything that is wrong with a rule, and how it is written."""
