"""Getting the original files: from a server that answers well, cuts, alters or fails, and from clones."""

import dataclasses
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from replica.corpora import studyforrest_originals as originals
from replica.corpora.studyforrest_originals import Source

CONTENT = {f"data/raw/av1o0{k}.csv": b"start,end,character,arousal,valence\n0,1,A,HIGH,POS\n" * k for k in (1, 2, 3)}
SOURCES = [
    Source("owner/name", "c0ffee", path, len(content), hashlib.sha256(content).hexdigest())
    for path, content in CONTENT.items()
]


class Answers(BaseHTTPRequestHandler):
    """The files, or what a test puts in the place of one."""

    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.instead.get(self.path.removeprefix("/owner/name/c0ffee/"), "good")
        content = CONTENT[self.path.removeprefix("/owner/name/c0ffee/")]
        if answer == "missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", len(content) - 9 * (answer == "short"))
        self.end_headers()
        if answer == "altered":
            content = content.replace(b"HIGH", b"LOW ")
        self.wfile.write(content[:-9] if answer in ("short", "cut") else content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.instead, server.asked = {}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(server, folder, **options):
    address = f"http://127.0.0.1:{server.server_port}/{{repository}}/{{commit}}/{{path}}"
    return originals.fetch(folder, SOURCES, address=address, tries=1, **options)


def there(folder):
    return {str(f.relative_to(folder / "name")): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_files_are_there_as_they_were_served(server, tmp_path):
    told = []
    assert fetch(server, tmp_path, tell=told.append) == tmp_path
    assert there(tmp_path) == CONTENT
    assert told == SOURCES
    assert server.asked == [f"/owner/name/c0ffee/{path}" for path in CONTENT]


def test_what_is_there_is_not_fetched_again(server, tmp_path):
    fetch(server, tmp_path)
    server.asked.clear()
    (tmp_path / SOURCES[1].place).write_bytes(b"altered on the disk")
    fetch(server, tmp_path)
    assert server.asked == ["/owner/name/c0ffee/data/raw/av1o02.csv"]
    assert there(tmp_path) == CONTENT


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        ("short", ValueError, "another SHA-256. The download was cut or altered on its way: run the same command"),
        ("altered", ValueError, "another SHA-256. The download was cut or altered on its way: run the same command"),
        ("cut", (ConnectionError, ValueError), "The same command goes on from there|run the same command again"),
        ("missing", ConnectionError, r"could not be downloaded \(HTTPError\). The same command goes on from there"),
    ],
)
def test_a_bad_answer_leaves_nothing_and_is_resumed(server, tmp_path, answer, error, message):
    server.instead["data/raw/av1o02.csv"] = answer
    with pytest.raises(error, match=message):
        fetch(server, tmp_path)
    assert there(tmp_path) == dict([next(iter(CONTENT.items()))])  # what came before stays, and no half file
    server.instead.clear()
    server.asked.clear()
    fetch(server, tmp_path)
    assert len(server.asked) == 2
    assert there(tmp_path) == CONTENT


def test_without_a_network(tmp_path):
    with pytest.raises(ConnectionError, match="needs http://127.0.0.1:9/.*or pass --from, a folder of clones"):
        originals.fetch(tmp_path, SOURCES, address="http://127.0.0.1:9/{path}", tries=1)
    assert there(tmp_path) == {}


def test_clones_are_checked(server, tmp_path):
    fetch(server, tmp_path)
    assert originals.check(tmp_path, SOURCES) == tmp_path
    file = tmp_path / SOURCES[2].place
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ValueError, match=f"{file} has another SHA-256 .*Check out that commit, and convert no line"):
        originals.check(tmp_path, SOURCES)
    file.unlink()
    with pytest.raises(FileNotFoundError, match=f"There is no {file}. Clone https://github.com/owner/name into"):
        originals.check(tmp_path, SOURCES)


def test_the_list_of_sources():
    """Three repositories at one commit each, of which the corpus' version is made; no file twice, none outside."""
    sources = originals.sources()
    commits = {source.repository: source.commit for source in sources}
    assert len(sources) == len({source.place for source in sources}) == 88
    assert len({(source.repository, source.commit) for source in sources}) == 3
    from replica.corpora.studyforrest import VERSION

    assert "-".join(commit[:7] for commit in commits.values()) == VERSION
    assert all(len(source.sha256) == 64 and source.bytes > 0 for source in sources)
    assert not any(".." in source.place.parts or source.place.is_absolute() for source in sources)
    assert dataclasses.fields(Source)[-1].name == "sha256"
