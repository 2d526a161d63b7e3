"""The pages of those who coordinate the practicum."""
