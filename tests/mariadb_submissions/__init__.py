"""The migrations of edx-submissions, but for the one that fails on MariaDB.

Its ``0006`` changes columns that do not exist. MySQL, as Open edX has it, is not concerned.
"""

from submissions import migrations

__path__ = [*__path__, *migrations.__path__]
