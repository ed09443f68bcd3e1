"""An editor, as far as yaml-language-server can tell: JSON-RPC over its standard streams."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.files.samples import SIGN


class Editor:
    """Opens texts as files of a playbook folder, and asks what a person who types would see."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        command = ["node", str(server), "--stdio"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask(
            "initialize",
            processId=None,
            rootUri=folder.as_uri(),
            capabilities={"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}}},
        )
        self._tell("initialized")
        # nothing is fetched from anywhere: the schema is the file that the first line names
        off = {"enable": False}
        known = {
            "validate": True,
            "hover": True,
            "completion": True,
            "schemaStore": off,
            "kubernetesCRDStore": off,
        }
        self._tell("workspace/didChangeConfiguration", settings={"yaml": known})

    def __enter__(self) -> "Editor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def marked(self, text: str) -> list[tuple[int, str]]:
        """Return the lines that are underlined, counted from 1, and what is said of each."""
        uri = self._open(text)
        for message in self._heard():
            told = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and told["uri"] == uri:
                return [(each["range"]["start"]["line"] + 1, each["message"]) for each in told["diagnostics"]]
        raise AssertionError("the server ended")

    def offered(self, text: str) -> set[str]:
        """Return what is offered where the sign stands."""
        found = self.ask("textDocument/completion", **self._at_the_sign(text))
        return {each["label"] for each in found["items"]}

    def hover(self, text: str) -> str:
        """Return what is shown over the word where the sign stands."""
        found = self.ask("textDocument/hover", **self._at_the_sign(text))
        return str(found["contents"]["value"]) if found else ""

    def _at_the_sign(self, text: str) -> dict[str, Any]:
        before, sign, after = text.partition(SIGN)
        assert sign
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return {"textDocument": {"uri": self._open(before + after)}, "position": place}

    def _open(self, text: str) -> str:
        self._number += 1
        uri = (self._folder / f"typed-{self._number}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)
        return uri

    def ask(self, method: str, **params: object) -> Any:
        """Send a request and return its result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        for message in self._heard():
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
        raise AssertionError("the server ended")

    def _tell(self, method: str, **params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _heard(self) -> Iterator[dict[str, Any]]:
        """Yield what the server says; what it asks is answered with nothing."""
        assert self._process.stdout
        while head := self._process.stdout.readline():
            length = int(head.partition(b":")[2]) if head.lower().startswith(b"content-length") else None
            while head.strip():
                head = self._process.stdout.readline()
            message = json.loads(self._process.stdout.read(length or 0))
            if "method" in message and "id" in message:
                items = message.get("params", {}).get("items", [])
                result = [None] * len(items) if message["method"] == "workspace/configuration" else None
                self._send({"id": message["id"], "result": result})
            yield message
