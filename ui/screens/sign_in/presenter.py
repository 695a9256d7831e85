"""登录 without Qt: nothing typed is kept longer than the attempt (Art. 34(7))."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from ui.presenting import Presenter, Tasks
from ui.screens.sign_in.state import SignedInShown, SignInState
from ui.shown import Trouble


class SignInGateway(Protocol):
    """Checks a person."""

    def sign_in(self, user: str, password: str, otp: str) -> SignedInShown:
        """Sign a person in; RefusedError says why not."""
        ...

    def sign_out(self) -> None:
        """The person leaves, or the counter locked itself."""
        ...


class SignInPresenter(Presenter[SignInState]):
    """The gate."""

    def __init__(self, gateway: SignInGateway, tasks: Tasks) -> None:
        super().__init__(SignInState(), tasks)
        self._gateway = gateway

    def type_into(self, name: str, text: str) -> None:
        """User, password or code."""
        match name:
            case "user":
                self._state = replace(self.state, user=text)
            case "password":
                self._state = replace(self.state, password=text)
            case "otp":
                self._state = replace(self.state, otp=text)
        self.show(self._state)

    def sign_in(self) -> None:
        """Try."""
        state = self.state
        if not state.complete or state.checking:
            return
        self.show(replace(state, checking=True))
        user, password, otp = state.user.strip(), state.password, state.otp.strip()
        self.ask("sign_in", lambda: self._gateway.sign_in(user, password, otp), self._passed)

    def _passed(self, signed_in: SignedInShown) -> None:
        self.show(SignInState(user=self.state.user, signed_in=signed_in))

    def fail(self, trouble: Trouble) -> None:
        """Wrong: the secrets go, the user stays."""
        self._state = SignInState(user=self.state.user, locked_for=self.state.locked_for)
        super().fail(trouble)

    def lock(self, words: str) -> None:
        """Cover the counter; the person at it is signed out."""
        self.show(SignInState(user=self.state.user, locked_for=words))
        self.ask("sign_out", self._gateway.sign_out, lambda _: None)
