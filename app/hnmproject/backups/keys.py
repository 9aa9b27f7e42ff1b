"""Encryption: age (age-encryption.org) with public keys, or with a passphrase.

age's own passphrases cost half a gigabyte of memory, which a small server does not have. So a passphrase makes a key by
scrypt with 64 MB, and that key encrypts: `manage.py backup key` prints it for the command-line tool `age`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import pyrage

from hnmproject.backups.errors import BackupError

NONE, PASSPHRASE, KEYS = "none", "passphrase", "keys"
SCRYPT = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 2**20}
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
Recipient = Any  # pyrage ships no types
Identity = Any


@dataclass(frozen=True)
class Keyring:
    """What the settings and the caller give: any of it may be missing."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()
    identities: tuple[str, ...] = ()

    def seal(self) -> Seal:
        """How something new is encrypted: to the public keys, else with the passphrase, else not at all."""
        if self.recipients:
            return Seal(KEYS, recipients=self.recipients)
        if self.passphrase:
            return Seal(PASSPHRASE, salt=secrets.token_hex(16))
        return Seal(NONE)

    def locks(self, seal: Seal) -> list[Recipient]:
        """Who may read what is written under this seal; nobody in particular where the list is empty."""
        if seal.kind == KEYS:
            return [_recipient(text) for text in seal.recipients]
        if seal.kind == PASSPHRASE:
            return [self._derived(seal).to_public()]
        return []

    def opens(self, seal: Seal) -> list[Identity]:
        """The keys that may open it. Raises BackupError where none was given."""
        if seal.kind == NONE:
            return []
        if seal.kind == PASSPHRASE:
            if not self.passphrase:
                raise BackupError("this backup is encrypted with a passphrase: give it as --passphrase-file FILE.")
            return [self._derived(seal)]
        if not self.identities:
            raise BackupError(
                f"this backup is encrypted to {', '.join(seal.recipients)}: give the private key as --identity FILE."
            )
        return [_identity(text) for text in self.identities]

    def _derived(self, seal: Seal) -> Identity:
        return pyrage.x25519.Identity.from_str(derived_key(self.passphrase, seal.salt))


@dataclass(frozen=True)
class Seal:
    """How something is encrypted, without any secret: it stands readable beside it."""

    kind: str
    salt: str = ""
    recipients: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "salt": self.salt, "recipients": list(self.recipients)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Seal:
        return cls(str(found["kind"]), str(found["salt"]), tuple(found["recipients"]))

    @property
    def suffix(self) -> str:
        return "" if self.kind == NONE else ".age"


def derived_key(passphrase: str, salt: str) -> str:
    """The private key that a passphrase stands for, as age writes it."""
    key = hashlib.scrypt(passphrase.encode(), salt=bytes.fromhex(salt), dklen=32, **SCRYPT)
    return _bech32("age-secret-key-", key).upper()


def _recipient(text: str) -> Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BackupError(f"BACKUP_AGE_RECIPIENTS: {text} is not a public key of age (age1…).") from error


def _identity(text: str) -> Identity:
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError as error:
        raise BackupError("the private key is not one of age: it begins with AGE-SECRET-KEY-1.") from error


def identities_in(text: str) -> tuple[str, ...]:
    """The keys in a file as age-keygen writes it, with comments."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _bech32(prefix: str, key: bytes) -> str:
    """BIP 173, which age uses for its keys."""
    bits = "".join(f"{byte:08b}" for byte in key)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*expanded, *values, *[0] * 6]) ^ 1
    values += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return prefix + "1" + "".join(ALPHABET[value] for value in values)


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> place) & 1 else 0
    return check
