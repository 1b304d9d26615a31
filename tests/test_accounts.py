"""Accounts of a team, as who leads a study types them, and how the page is served to it."""

import http.client
import shutil
import ssl
import subprocess
import sys
import threading
import time

import pytest
import uvicorn
from click.testing import CliRunner
from coded_study import make_study
from web_team import PASSWORD, quick_hashes

from cxtext.cli import main
from cxtext.errors import MissingExtraError, OptionError
from cxtext.project import Project
from cxtext.project.accounts import (
    LONGEST,
    add_account,
    change_password,
    find_account,
    hasher,
    is_password,
    list_accounts,
)
from cxtext.web.server import Team, serve
from cxtext.web.team import TeamDoor


@pytest.fixture
def place(tmp_path):
    """A study with codings of a machine, and hashes that take no time."""
    with quick_hashes():
        path = tmp_path / "study.cxt"
        make_study(path).close()
        yield path


@pytest.fixture
def project(place):
    """That study."""
    with Project.open(place, coder="Lea") as study:
        yield study


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Files of a certificate for localhost, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost", "-out", made[0], "-keyout", made[1]]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return made


def typed(*arguments, answers=()):
    """Run a command; gives its exit code and all that it printed."""
    done = CliRunner().invoke(main, [str(one) for one in arguments], input="\n".join([*answers, ""]))
    return done.exit_code, done.output


def test_accounts_are_added_listed_changed_and_removed(place):
    """A password is asked for twice and shown nowhere: not on the screen, in the study, its log, or in the clear."""
    code, told = typed("accounts", "add", "Noor", place, "--role", "coder", answers=[PASSWORD, PASSWORD])
    assert (code, PASSWORD in told, "Noor is a coder" in told) == (0, False, True)
    assert "Noor  coder" in typed("accounts", "list", place)[1]
    with Project.open(place, coder="x") as project:
        assert find_account(project, "Noor").password.startswith("$argon2id$")
        assert is_password(find_account(project, "Noor"), PASSWORD)
        assert [entry.action for entry in project.log()][-1] == "tag"
        assert project.check() == []
    assert typed("accounts", "password", "Noor", place, answers=["fiets lamp wolk", "fiets lamp wolk"])[0] == 0
    with Project.open(place, coder="x") as project:
        account = find_account(project, "Noor")
        assert [is_password(account, one) for one in (PASSWORD, "fiets lamp wolk")] == [False, True]
    assert PASSWORD.encode() not in place.read_bytes()
    assert typed("accounts", "remove", "Noor", place)[0] == 0
    assert "no accounts yet" in typed("accounts", "list", place)[1]


def test_a_password_that_is_typed_differently_is_not_kept(place):
    """Two different passwords, or none at all, make no account."""
    assert typed("accounts", "add", "Noor", place, "--role", "lead", answers=[PASSWORD, "iets anders"])[0] == 1
    assert typed("accounts", "add", "Noor", place, "--role", "lead")[0] == 1
    with Project.open(place, coder="x") as project:
        assert list_accounts(project) == []


@pytest.mark.parametrize(
    ("name", "role", "password", "message"),
    [
        ("Noor", "coder", "elf tekens!", "12 to 200 characters"),
        ("Noor", "coder", "x" * (LONGEST + 1), "12 to 200 characters"),
        ("Noor", "coder", "a" * 20, "not all the same"),
        ("Noor", "boss", PASSWORD, "no role"),
        ("", "coder", PASSWORD, "A name has"),
        ("No\nor", "coder", PASSWORD, "A name has"),
        ("robot 1", "coder", PASSWORD, "name of the machine"),
        ("consensus", "coder", PASSWORD, "name of the consensus"),
        ("lea", "coder", PASSWORD, "an account Lea already"),
    ],
)
def test_what_can_be_no_account_is_refused(project, name, role, password, message):
    """A weak password, a name that is taken or that stands for a machine, and a role that is none, are told."""
    add_account(project, "Lea", "lead", PASSWORD)
    with pytest.raises(OptionError, match=message):
        add_account(project, name, role, password)
    assert [account.name for account in list_accounts(project)] == ["Lea"]


def test_an_accent_is_the_same_on_every_keyboard(project):
    """A name and a password that look the same are the same."""
    add_account(project, "Zoe\u0308", "coder", f"{PASSWORD} e\u0301\u0301n")
    assert is_password(find_account(project, "Zoë"), f"{PASSWORD} é\u0301n")


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    """Where argon2-cffi is missing, whoever makes or asks for a password is told how to get it."""
    for name in ("argon2", "argon2.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    for ask in (hasher, lambda: is_password(None, "")):
        with pytest.raises(MissingExtraError, match=r'pip install "cxtext\[team\]"'):
            ask()


def test_what_is_missing_is_named(project, place):
    """A name without an account and a name in the wrong place are told."""
    with pytest.raises(OptionError, match="no account 'Noor'"):
        change_password(project, "Noor", PASSWORD)
    assert "name comes before the study" in typed("accounts", "remove", place, "Noor")[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--host", "127.0.0.1"], "unprotected"),
        (["--host", "0.0.0.0"], "--behind-proxy"),
        (["--tls-cert", "c"], "both --tls-cert FILE and --tls-key"),
        (["--tls-cert", "c", "--tls-key", "k", "--behind-proxy", "https://x"], "both TLS and a reverse proxy"),
        (["--tls-cert", "k", "--tls-key", "c"], "cannot be used for TLS"),
        (["--host", "0.0.0.0", "--tls-cert", "c", "--tls-key", "k"], "Name this machine"),
        (["--host", "no.such.host.invalid", "--tls-cert", "c", "--tls-key", "k"], "no address of this machine"),
        (["--behind-proxy", "http://study.example.org"], "Write https://"),
        (["--behind-proxy", "https://study.example.org/a"], "Write https://"),
        (["--behind-proxy", "https://"], "Write https://"),
    ],
)
def test_a_page_that_would_not_be_safe_is_not_served(project, place, certificate, options, message):
    """Other machines get the page over TLS or through a proxy alone, and the refusal says what to do."""
    add_account(project, "Lea", "lead", PASSWORD)
    given = [{"c": str(certificate[0]), "k": str(certificate[1])}.get(one, one) for one in options]
    code, told = typed("code", place, *given)
    assert (code, message in told) == (1, True), told


def test_a_study_without_accounts_is_not_served_to_a_team(place):
    """Nobody could come in: the message says how to make an account."""
    code, told = typed("code", place, "--behind-proxy", "https://study.example.org")
    assert (code, "cxtext accounts add NAME STUDY --role lead" in told) == (1, True)


def test_a_team_is_served_over_tls(project, certificate, monkeypatch):
    """The page is reached by the name of the machine, over TLS, and over nothing else."""
    servers, links = [], []

    class Kept(uvicorn.Server):
        def run(self, sockets=None):
            servers.append(self)
            super().run(sockets)

    monkeypatch.setattr(uvicorn, "Server", Kept)
    add_account(project, "Lea", "lead", PASSWORD)
    team = Team("localhost", *certificate)
    free = 20_000 + time.time_ns() % 20_000
    thread = threading.Thread(target=serve, args=(project,), kwargs={"port": free, "team": team, "ready": links.append})
    thread.start()
    while not (servers and servers[0].started):
        time.sleep(0.01)
    try:
        assert links == [f"https://localhost:{free}"]
        context = ssl.create_default_context(cafile=certificate[0])
        safe = http.client.HTTPSConnection("localhost", free, timeout=20, context=context)
        safe.request("GET", "/")
        assert safe.getresponse().getheader("location") == "/sign-in"
        safe.close()
        plain = http.client.HTTPConnection("localhost", free, timeout=20)
        plain.request("GET", "/sign-in")
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.getresponse()
        plain.close()
    finally:
        servers[0].should_exit = True
        thread.join(20)


def test_the_address_of_a_team_is_its_only_name():
    """Only the address that was stated is answered under, with its port where browsers send it."""
    assert TeamDoor("https://[::1]:8443").names == {"[::1]:8443"}
    assert TeamDoor("https://a.example/").origins == {"https://a.example"}
