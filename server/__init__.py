"""Tessera: a GraphQL server for segmentation, with a rule engine at its core."""

__version__ = "0.1.0"
