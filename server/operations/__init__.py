"""What people do: each operation is one function that takes a unit of work, and one transaction."""
