"""Fetching from a server on the loopback that fails in every way that servers do."""

import hashlib
import io
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sernas.base.errors import CorpusError
from sernas.corpora import fetching
from sernas.corpora.download import Archive, archives, download_corpus
from sernas.corpora.fetching import fetch
from sernas.corpora.registry import CORPORA

CONTENT = bytes(range(256)) * 4000
MD5 = hashlib.md5(CONTENT).hexdigest()


@contextmanager
def serving(content=CONTENT, cuts=(), ranges=True, statuses=()):
    """Serves ``content`` at any address and yields address and the ranges that were asked for.

    It breaks off after so many bytes of the first answers as ``cuts`` says, begins with
    ``statuses`` instead of an answer, and perhaps knows no ranges.
    """
    asked, cuts, statuses = [], list(cuts), list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers.get("Range"))
            start = int(asked[-1][6:-1]) if ranges and asked[-1] else 0
            if statuses:
                return self.send_error(statuses.pop(0))
            if start >= len(content):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(content)}")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            self.send_response(206 if ranges and asked[-1] else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            stop = start + cuts.pop(0) if cuts else len(content)
            self.wfile.write(content[start:stop])
            return None

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/data.zip", asked
    finally:
        server.shutdown()
        server.server_close()


def get(url, path, **known):
    return fetch(url, path, pause=0, progress=False, **known)


def test_a_file_comes_whole_and_is_not_fetched_again(tmp_path):
    path = tmp_path / "data.zip"
    with serving() as (url, asked):
        assert get(url, path, size=len(CONTENT), md5=MD5) == MD5
        assert path.read_bytes() == CONTENT
        get(url, path, size=len(CONTENT), md5=MD5)
    assert asked == [None]
    assert list(tmp_path.iterdir()) == [path]


def test_a_connection_that_is_cut_goes_on_where_it_was(tmp_path):
    with serving(cuts=[500_000, 300_000]) as (url, asked):
        get(url, tmp_path / "data.zip", md5=MD5)
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert asked == [None, "bytes=500000-", "bytes=800000-"]


def test_the_next_run_goes_on_where_one_was_killed(tmp_path):
    (tmp_path / "data.zip.part").write_bytes(CONTENT[:700_000])
    with serving() as (url, asked):
        get(url, tmp_path / "data.zip", md5=MD5)
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert asked == ["bytes=700000-"]


def test_a_server_that_knows_no_ranges_sends_all_of_it_again(tmp_path):
    with serving(cuts=[500_000], ranges=False) as (url, asked):
        get(url, tmp_path / "data.zip", md5=MD5)
    assert (tmp_path / "data.zip").read_bytes() == CONTENT
    assert len(asked) == 2


def test_a_server_that_never_gets_on_is_given_up(tmp_path):
    with (
        serving(cuts=[9] * 50, ranges=False) as (url, asked),
        pytest.raises(CorpusError, match="found 5 times: .*run again to go on, or .* by hand"),
    ):
        get(url, tmp_path / "data.zip")
    assert len(asked) == 1 + fetching.TRIES
    assert not (tmp_path / "data.zip").exists()


def test_what_came_too_much_is_fetched_anew(tmp_path):
    (tmp_path / "data.zip.part").write_bytes(CONTENT + b"more")
    with serving() as (url, _):
        get(url, tmp_path / "data.zip", size=len(CONTENT), md5=MD5)
    assert (tmp_path / "data.zip").read_bytes() == CONTENT


def test_a_busy_server_is_asked_again(tmp_path):
    with serving(statuses=[503, 429]) as (url, asked):
        get(url, tmp_path / "data.zip", md5=MD5)
    assert len(asked) == 3


def test_a_file_that_is_not_there_is_told_at_once(tmp_path):
    with (
        serving(statuses=[404]) as (url, asked),
        pytest.raises(CorpusError, match=r"data.zip: expected to fetch it, found HTTP status 404"),
    ):
        get(url, tmp_path / "data.zip")
    assert len(asked) == 1


def test_a_wrong_checksum_leaves_nothing(tmp_path):
    other = b"x" + CONTENT[1:]
    with (
        serving(other) as (url, _),
        pytest.raises(CorpusError, match=f"expected a file of MD5 {MD5}, found .* was removed"),
    ):
        get(url, tmp_path / "data.zip", size=len(CONTENT), md5=MD5)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_size_is_told_before_anything_is_fetched(tmp_path):
    with (
        serving() as (url, _),
        pytest.raises(CorpusError, match=f"found a file of {len(CONTENT)} bytes where 7 were"),
    ):
        get(url, tmp_path / "data.zip", size=7)
    assert list(tmp_path.iterdir()) == []


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return buffer.getvalue()


def test_archives_are_unpacked_together_and_removed(tmp_path):
    with serving(zipped("wav/03a01Fa.wav", "../out.txt")) as (url, _):
        wanted = [Archive(url, None, None)]
        download_corpus(wanted, tmp_path / "emodb", tmp_path / "kept", progress=False)
    assert (tmp_path / "emodb/wav/03a01Fa.wav").read_text() == "wav/03a01Fa.wav"
    assert not (tmp_path / "out.txt").exists()
    assert not (tmp_path / "kept").exists()


def test_what_is_no_archive_leaves_no_folder(tmp_path):
    with serving() as (url, _), pytest.raises(CorpusError, match=r"expected a zip file, found som"):
        download_corpus([Archive(url, None, None)], tmp_path / "it", tmp_path / "kept", False)
    assert not (tmp_path / "it").exists()
    assert list((tmp_path / "kept").iterdir()) == []


def test_every_address_is_of_a_corpus_that_can_be_read():
    assert set(archives()) <= set(CORPORA)
    for wanted in archives().values():
        assert all(each.url.endswith(".zip") for each in wanted)
        assert all(each.md5 is None or len(each.md5) == 32 for each in wanted)
