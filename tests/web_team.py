"""A team at the coding page: accounts with passwords that are quick to check, and members who sign in."""

import re
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from web_server import Client, serving

from cxtext.project.accounts import add_account
from cxtext.web.team import TeamDoor

SITE = "https://study.example.org"
PASSWORD = "paard batterij nietje"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        """Tell the time."""
        return self.now


@contextmanager
def quick_hashes():
    """Hash with little work: what it protects against is not tested here."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cxtext.project.accounts.hasher", lambda: quick)
        yield


@contextmanager
def team_of(project, proxied=True, **roles):
    """Serve a study to accounts with these roles; gives the door."""
    with quick_hashes():
        for name, role in roles.items():
            add_account(project, name, role, PASSWORD)
        with serving(project, TeamDoor(SITE, proxied=proxied, clock=Clock())) as door:
            yield door


class Member(Client):
    """A browser of somebody who signs in, where a name is given."""

    def __init__(self, door, name="", password=PASSWORD):
        super().__init__(door.port)
        self.site = SITE
        if name:
            assert self.sign_in(name, password)[0] == 303

    def form(self):
        """Open the page to sign in; gives the token of its form."""
        _, headers, text = self.ask("GET", "/sign-in")
        self.keep(headers)
        return re.search(r'name="form" value="(\w+)"', text)[1]

    def keep(self, headers):
        """Keep a cookie as a browser does."""
        if "set-cookie" in headers:
            name, _, value = headers["set-cookie"].partition(";")[0].partition("=")
            others = [part for part in self.cookie.split("; ") if part and not part.startswith(f"{name}=")]
            self.cookie = "; ".join([*others, f"{name}={value}"])

    def send(self, path, values, **headers):
        """Send a form; gives status, headers and text."""
        body = urlencode(values).encode()
        answer = self.ask("POST", path, body, Content_Type="application/x-www-form-urlencoded", **headers)
        self.keep(answer[1])
        return answer

    def sign_in(self, name, password=PASSWORD, **headers):
        """Fill in the page to sign in; gives status, headers and text."""
        return self.send("/sign-in", {"form": self.form(), "name": name, "password": password}, **headers)
