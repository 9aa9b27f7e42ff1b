"""How settings are read: from the environment, or from the file that ``NAME_FILE`` names."""

from __future__ import annotations

import environ
from environ.fileaware_mapping import FileAwareMapping


class SecretFiles(FileAwareMapping):
    """Files without the end of their last line, which every editor adds and no password has."""

    def __getitem__(self, key: str) -> str:
        value: str = super().__getitem__(key)
        return value.rstrip("\r\n") if f"{key}_FILE" in self.env else value


class Environment(environ.FileAwareEnv):
    ENVIRON = SecretFiles()
