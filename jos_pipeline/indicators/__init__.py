"""The indicators: what they are (catalogue) and how they are computed from the base tables (cube)."""
