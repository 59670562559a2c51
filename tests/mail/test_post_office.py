"""The simulated buyers' post office: what a sender gives it lies there as it was."""

import smtplib
from email import policy
from email.parser import BytesParser

import pytest

from scripts.world.post import PostOffice


@pytest.fixture
def kept(tmp_path):
    office = PostOffice(folder=tmp_path / "mail")
    office.start()
    yield office
    office.stop()


def test_a_mail_lies_there_as_it_was(kept):
    with smtplib.SMTP("127.0.0.1", kept.port) as server:
        server.sendmail(
            "shop@shop.example", ["a@example.jp"], "Subject: x\r\n\r\n.one\r\n..two\r\n"
        )
        server.sendmail("shop@shop.example", ["b@example.jp"], "Subject: y\r\n\r\nthree\r\n")
    first, second = sorted(kept.folder.glob("*.eml"))
    read = BytesParser(policy=policy.default).parsebytes(first.read_bytes())
    assert read["X-Envelope"] == "shop@shop.example a@example.jp"
    assert read.get_content().splitlines() == [".one", "..two"]
    assert b"three" in second.read_bytes()
    assert kept.count == 2


def test_nonsense_is_answered_and_the_next_mail_is_taken(kept):
    with smtplib.SMTP("127.0.0.1", kept.port) as server:
        assert server.docmd("DATA")[0] == 503
        assert server.docmd("MAIL FROM: nobody")[0] == 503
        assert server.docmd("XYZZY")[0] == 503
        server.sendmail("shop@shop.example", ["a@example.jp"], "Subject: x\r\n\r\none\r\n")
    assert kept.count == 1
