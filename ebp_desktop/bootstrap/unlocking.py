"""The way to the data key of a home: the desktop's key store, the operator's password, or the enrolment's own slot.

The enrolment slot exists only until the first operator has a slot of his own; in the demo it stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ebp_desktop.crypto.keys import Argon2Cost, random_key
from ebp_desktop.crypto.signatures import to_base64
from ebp_desktop.domain.calendar import CHINA
from ebp_desktop.domain.errors import RefusedError
from ebp_desktop.services.sign_in import LOCKED_FOR, MOST_FAILURES
from ebp_desktop.store.database_store import StorePaths
from ebp_desktop.store.keystores.password import PasswordKeeper
from ebp_desktop.store.keystores.system import SystemKeeper, pinned_backend
from ebp_desktop.store.platform_files import erase, private_folder, write_durably
from ebp_desktop.store.vault import Vault

ENROLMENT_OWNER = "@enrolment"
_SMALL = Argon2Cost(memory_kib=8 * 1024, passes=1, lanes=1)


@dataclass(frozen=True, slots=True)
class Unlocking:
    """Opens and keeps the data key of one home."""

    home: Path

    @property
    def vault(self) -> Vault:
        """The vault file of the home."""
        return Vault(StorePaths(self.home).vault)

    @property
    def _enrolment_file(self) -> Path:
        return self.home / "enrolment.key"

    @property
    def _attempts_file(self) -> Path:
        return self.home / "attempts.json"

    def create(self) -> bytes:
        """Makes the data key of a new home; with a key store of the desktop it is kept there as well."""
        private_folder(self.home)
        word = to_base64(random_key())
        write_durably(self._enrolment_file, word.encode())
        data_key = self.vault.create(PasswordKeeper(ENROLMENT_OWNER, word, _SMALL))
        self._keep_in_system(data_key)
        return data_key

    def without_person(self) -> bytes | None:
        """The data key from the desktop's key store or the enrolment slot, or None when a person must sign in."""
        for slot in self.vault.slots():
            if slot.kind == "system":
                backend = pinned_backend()
                if backend is not None:
                    return self.vault.open(SystemKeeper(slot.owner, backend))
        if self._enrolment_file.is_file():
            word = self._enrolment_file.read_text("ascii")
            return self.vault.open(PasswordKeeper(ENROLMENT_OWNER, word, _SMALL))
        return None

    def with_password(self, user: str, password: str, now: datetime) -> bytes:
        """The data key by the operator's own slot; five failures lock for fifteen minutes, across restarts.

        Raises RefusedError ``sign_in_locked`` or ``vault_locked``.
        """
        self._refuse_locked(user, now)
        try:
            data_key = self.vault.open(PasswordKeeper(user, password))
        except RefusedError:
            self._count_failure(user, now)
            raise
        self._forget_failures(user)
        return data_key

    def add_person(self, data_key: bytes, user: str, password: str, *, keep_enrolment: bool) -> None:
        """Gives a person who just proved himself a slot of his own, and closes the enrolment's."""
        known = {(slot.kind, slot.owner) for slot in self.vault.slots()}
        keeper = PasswordKeeper(user, password)
        if (keeper.kind, user) not in known or not self._opens(keeper):
            self.vault.add(data_key, keeper)
        if not keep_enrolment and self._enrolment_file.is_file():
            self.vault.remove(PasswordKeeper(ENROLMENT_OWNER, ""))
            erase(self._enrolment_file)

    def _opens(self, keeper: PasswordKeeper) -> bool:
        try:
            self.vault.open(keeper)
        except RefusedError:
            return False
        return True

    def _keep_in_system(self, data_key: bytes) -> None:
        backend = pinned_backend()
        if backend is not None:
            self.vault.add(data_key, SystemKeeper(str(self.home), backend))

    def _attempts(self) -> dict[str, dict[str, object]]:
        try:
            kept: dict[str, dict[str, object]] = json.loads(self._attempts_file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return kept

    def _refuse_locked(self, user: str, now: datetime) -> None:
        until = self._attempts().get(user, {}).get("locked_until")
        if isinstance(until, str) and now < datetime.fromisoformat(until):
            end = datetime.fromisoformat(until).astimezone(CHINA)
            raise RefusedError(
                "sign_in_locked",
                f"连续 {MOST_FAILURES} 次登录失败，已锁定到 {end:%H:%M}。",
                article="第三十四条（七）",
                safe="已登记的内容不受影响。",
                todo="到时再登录，或请管理员解锁。",
            )

    def _count_failure(self, user: str, now: datetime) -> None:
        attempts = self._attempts()
        before = attempts.get(user, {}).get("failures", 0)
        failures = (before if isinstance(before, int) else 0) + 1
        entry: dict[str, object] = {"failures": failures}
        if failures >= MOST_FAILURES:
            entry = {"failures": 0, "locked_until": (now + LOCKED_FOR).isoformat()}
        attempts[user] = entry
        write_durably(self._attempts_file, json.dumps(attempts).encode())

    def _forget_failures(self, user: str) -> None:
        attempts = self._attempts()
        if attempts.pop(user, None) is not None:
            write_durably(self._attempts_file, json.dumps(attempts).encode())
