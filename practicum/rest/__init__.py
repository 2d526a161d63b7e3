"""The practicum over HTTP: JSON for programs, by the functions of ``practicum.api``."""
