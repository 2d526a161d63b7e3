"""The pages of the practicum, in both homes."""
