"""The rules of practicum hours, pure: what may follow what, what may be entered, what counts."""
