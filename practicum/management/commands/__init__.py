"""Commands of ``practicum``."""
