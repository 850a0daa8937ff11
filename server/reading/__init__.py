"""What people see: selection, filter and page become rows. Nothing here changes data."""
