"""``python -m server`` is ``tessera``."""

from server.cli import main

main()
