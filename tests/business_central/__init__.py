"""What Business Central does, rule by rule: ``test_5_1_…`` proves a rule of its paragraph 5.1."""
