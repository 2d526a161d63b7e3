"""``practicum_token``: a token for somebody's programs, printed once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from practicum.api import PracticumError, find_actor, issue_token


class Command(BaseCommand):
    """Make a token."""

    help = "Make a token by which a program acts for an account in the practicum; it is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the account, what the token is for, and how long it lasts."""
        parser.add_argument("username")
        parser.add_argument("--name", default="program", help="what the token is for")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make and print."""
        found = get_user_model().objects.filter(username=options["username"]).first()
        actor = find_actor(found) if found is not None else None
        if actor is None:
            raise CommandError(f"{options['username']} takes no part in the practicum.")
        try:
            made = issue_token(actor, options["name"], days=options["days"])
        except PracticumError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(made.secret)
        self.stderr.write(f"Until {made.expires_at:%Y-%m-%d}. It is not shown again.")
