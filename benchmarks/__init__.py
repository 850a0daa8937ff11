"""Measurements: ratios within one run, never bounds in a test."""
