"""One file with the whole school, database and media folder; and the way back."""

from delivery.backups.archive import BackupError, Manifest
from delivery.backups.restoring import Replaced, check_target, open_backup, restore
from delivery.backups.saving import back_up

__all__ = [
    "BackupError",
    "Manifest",
    "Replaced",
    "back_up",
    "check_target",
    "open_backup",
    "restore",
]
