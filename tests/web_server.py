"""The coding page on a real socket, and a client that says exactly what it is told to say."""

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager

import uvicorn

from cxtext.web import Door, make_app


@contextmanager
def serving(project, team=None):
    """Serve a study in a thread, to this machine or to a team; gives the door, which knows the port."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port = listener.getsockname()[1]
        door = team or Door("127.0.0.1", port)
        door.port = port
        config = uvicorn.Config(
            make_app(project, door), log_level="error", lifespan="off", ws="none", proxy_headers=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield door
        server.should_exit = server.force_exit = True
        thread.join(10)


def hear(page, complaints):
    """Note whatever goes wrong in a window, and what it was asked of."""
    page.on("console", lambda message: complaints.append(f"{message.text} {message.location.get('url', '')}".strip()))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"alert {dialog.message}"))


class Client:
    """A browser without a page: it came in by a link, unless `cookie` says otherwise."""

    def __init__(self, port, link="", *, cookie=""):
        self.port = port
        self.number = 0
        self.cookie = cookie
        self.site = f"http://127.0.0.1:{port}"
        if link:
            _, headers, _ = self.ask("GET", link.partition(str(port))[2])
            self.cookie = headers["set-cookie"].partition(";")[0]

    def ask(self, method, path, body=None, **headers):
        """Send one request; gives status, headers and text. A header of None is not sent."""
        usual = {"Host": self.site.partition("//")[2], "Cookie": self.cookie}
        if method == "POST":
            usual |= {"Origin": self.site, "Content-Type": "application/json"}
            usual["Content-Length"] = str(len(body or b""))
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in usual.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        text = response.read().decode(errors="surrogateescape")
        connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, text

    def get(self, path):
        """Content of a JSON answer."""
        status, _, text = self.ask("GET", path)
        assert status == 200, text
        return json.loads(text)

    def post(self, name, /, **values):
        """Status and content of a change."""
        body = json.dumps({"since": self.number, **values}).encode()
        status, _, text = self.ask("POST", f"/api/{name}", body)
        return status, json.loads(text)

    def open(self, document):
        """Read a document as the page does."""
        answer = self.get(f"/api/texts?document={document}")
        self.number = answer["number"]
        return answer["documents"][0]


def seen(row):
    """A coding as the page names it in a change."""
    return {"id": row["id"], "was": [row[name] for name in ("start", "end", "group", "code", "status")]}
