"""Template tags of the practicum's pages."""
