"""A rule and its verdicts in English: sentences, and why a contact is in or not."""
