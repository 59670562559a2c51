"""What comes in is read as far as it can be, whatever it is, and never raises."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sync.render import incoming
from sync.render.charsets import decoded


def raw(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join(
        [b"From: a@example.com", b"Message-ID: <1@example.com>", *headers, b"", body]
    )


def test_the_standard_parser_is_really_used():
    """`read` hides what the parser raises: a plain mail must not be such a case."""
    mail = incoming.read(raw(b"hello", b"Subject: hi", b"Date: Thu, 26 Nov 2026 10:00:00 +0900"))
    assert (mail.message_no, mail.subject, mail.text) == ("<1@example.com>", "hi", "hello")
    assert not mail.is_unread
    assert mail.sent_at is not None
    assert mail.sent_at.hour == 1


@pytest.mark.parametrize(
    ("body", "charset", "said"),
    [
        (b"\x1b$B\x7c\x62-!\x1b(B", b"iso-2022-jp", "髙①"),
        (b"\x1b$B-j\x1b(B", b"iso-2022-jp", "㈱"),
        (b"\x1b$B$3$s$K$A$O\x1b(B!", b"us-ascii", "こんにちは!"),
        (b"\x1b$B$3$s$K$A$O", b"iso-2022-jp", "こんにちは"),
        (b"\x1b(I1!\x1b(B", b"iso-2022-jp", "ｱ｡"),
        ("①髙㈱～".encode("cp932"), b"shift_jis", "①髙㈱～"),
        ("半角ｶﾅ".encode("cp932"), b"iso-2022-jp", "半角ｶﾅ"),
        ("届きません".encode("cp932"), b"utf-8", "届きません"),
        ("届きません".encode(), b"iso-2022-jp", "届きません"),
        ("届きません".encode(), b"", "届きません"),
        ("届きません".encode("euc_jp"), b"euc-jp", "届きません"),
        ("𠮷😀".encode(), b"utf-8", "𠮷😀"),
        ("\ufeff届く".encode(), b"utf-8", "届く"),
        (b"plain", b"no-such-charset", "plain"),
        (b"plain", b"\xff\xfe", "plain"),
    ],
)
def test_letters_are_read_beyond_what_they_say(body, charset, said):
    mail = incoming.read(raw(body, b"Content-Type: text/plain; charset=" + charset))
    assert mail.text == said


def test_html_alone_becomes_text_and_hides_what_readers_do_not_see():
    page = "<html><head><title>x</title><style>p{}</style></head><body><p>一行目<br>二行目</p><script>alert(1)</script><p>a&amp;b</p></body></html>"
    mail = incoming.read(raw(page.encode(), b"Content-Type: text/html; charset=utf-8"))
    assert mail.text == "一行目\n二行目\n\na&b"


def test_text_goes_before_html_and_files_have_their_names():
    made = EmailMessage()
    made["From"], made["Message-ID"] = "a@example.com", "<2@example.com>"
    made.set_content("本文")
    made.add_alternative("<p>別</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="請求書 髙.pdf")
    content = made.as_bytes()
    mail = incoming.read(content)
    assert mail.text == "本文"
    (file,) = mail.files
    assert (file.name, file.size, file.kind) == ("請求書 髙.pdf", 4, "application/pdf")
    assert incoming.file_of(content, file.place) == (file, b"%PDF")
    assert incoming.file_of(content, 0) is None
    assert incoming.file_of(content, 99) is None


@pytest.mark.parametrize(
    "named",
    [
        b"filename*=utf-8''%E9%AB%99.pdf",
        b"filename*0*=utf-8''%E9%AB; filename*1*=%99.pdf",
        b'filename="=?utf-8?B?6auZLnBkZg==?="',
        b'filename="' + "髙.pdf".encode("cp932") + b'"',
        b'filename="../../' + "髙.pdf".encode() + b'"',
        b'filename="C:\\\\tmp\\\\' + "髙.pdf".encode() + b'"',
    ],
)
def test_names_of_files_are_read_however_they_are_written(named):
    content = raw(
        b"x", b"Content-Type: application/pdf", b"Content-Disposition: attachment; " + named
    )
    assert [one.name for one in incoming.read(content).files] == ["髙.pdf"]


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        (b"=?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <a@example.com>", "山田", "a@example.com"),
        (b'"evil@example.com" <a@example.com>', "evil@example.com", "a@example.com"),
        (b"a..b.@docomo.ne.jp", "", "a..b.@docomo.ne.jp"),
        (b"nobody", "", ""),
        (b"\x1b$B;3ED\x1b(B <a@example.com>", "山田", "a@example.com"),
        (b"a@example.com\x00, b@example.com", "", "a@example.com"),
    ],
)
def test_the_sender(sender, name, address):
    mail = incoming.read(b"From: " + sender + b"\r\n\r\nx")
    assert mail.from_address == address
    if name:
        assert mail.from_name == name


def test_without_a_message_id_the_same_bytes_have_the_same_number():
    one, other = incoming.read(b"From: a@b.c\r\n\r\nx"), incoming.read(b"From: a@b.c\r\n\r\ny")
    assert one.message_no == incoming.read(b"From: a@b.c\r\n\r\nx").message_no != other.message_no


def test_words_are_whole_and_full_width_is_folded():
    mail = incoming.read(
        raw(
            "注文番号：２６１１-０００１、D00000012です。X999".encode(),
            b"Content-Type: text/plain; charset=utf-8",
        )
    )
    assert {"2611-0001", "D00000012", "X999"} <= set(mail.words)


HOSTILE = [
    b"",
    b"\0",
    b"\r\n\r\n",
    b"\xff" * 1000,
    b"From",
    b": \r\n: \r\n\r\nx",
    b"Subject: " + b"A" * 1_000_000 + b"\r\n\r\nbody",
    b"X: y\r\n" * 200_000 + b"\r\nbody",
    b"Subject: =?utf-8?B?\xff\xff?= =?x-unknown?Q?=FF?= =?utf-8?B?a?=\r\n\r\nx",
    b"Subject: =?utf-8?X?abc?=\r\n\r\nx",
    b"Subject: a\0b\r\n\r\nx\0y",
    b"Date: Thu, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
    b"Date: \xff\r\n\r\nx",
    b"Message-ID: " + b"<" * 10_000 + b"\r\n\r\nx",
    b"Message-ID: <\xe3\x81\x82@x>\r\n\r\nx",
    b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\nx",
    b"From: " + b"(" * 50_000 + b"\r\n\r\nx",
    b'From: "' + b"\\" * 50_000 + b"\r\n\r\nx",
    b"From: " + b"<" * 5_000 + b"a@b.c" + b">" * 5_000 + b"\r\n\r\nx",
    b"Content-Type: multipart/mixed\r\n\r\nno boundary",
    b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx',
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nnot closed",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
    b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300)
    ),
    b"Content-Type: message/rfc822\r\n\r\n" * 300,
    b"Content-Type: text/html\r\n\r\n" + b"<div>" * 20_000,
    b"Content-Type: text/html\r\n\r\n<![CDATA[ <!-- <script>",
    b"Content-Type: text/html\r\n\r\n<!DOCTYPE [<!ENTITY a '&a;&a;'>]>&a;",
    b"Content-Type: text/html\r\n\r\n&#xD800;&#99999999999;",
    b"Content-Type: text/plain; charset*=utf-8''%ff%fe\r\n\r\nx",
    b"Content-Type: text/plain; charset=" + b"x" * 100_000 + b"\r\n\r\nx",
    b"Content-Type: text/plain; charset=rot13\r\n\r\nx",
    b"Content-Type: text/plain; charset=idna\r\n\r\n\xff",
    b"Content-Type: text/plain; charset=undefined\r\n\r\nx",
    b"Content-Type: text/plain; charset=zip\r\n\r\nx",
    b"Content-Type: \xff/\xff\r\n\r\nx",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!=",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\n\xff\xff\n",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=GG=\xff=",
    b"Content-Disposition: attachment; filename*=x''%GG; filename*0=a; filename*2=c\r\n\r\nx",
    b'Content-Disposition: attachment; filename="' + b"../" * 10_000 + b'"\r\n\r\nx',
    b"Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\x1b$B\xff\xff\x1b$B\x21",
    b"\x1b$B" * 10_000,
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\xff",
    b"Content-Type: message/delivery-status\r\n\r\nStatus: \r\nAction:\r\n",
    b"Content-Type: message/feedback-report\r\n\r\n",
    b"From: MAILER-DAEMON\r\n\r\n\xff\xff",
    b"To: " + b"+1.000000000000@ " * 50_000 + b"\r\n\r\nx",
    b"Auto-Submitted: \xff\r\nPrecedence: \0\r\n\r\nx",
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_mails_raise_nothing_and_can_be_stored(content):
    mail = incoming.read(content)
    assert mail.message_no.startswith("<")
    for said in (mail.subject, mail.text, mail.from_name, mail.from_address, mail.message_no):
        assert "\0" not in said
        said.encode()
    assert "\n" not in mail.subject + mail.from_address + mail.from_name
    assert len(mail.references) <= incoming.REFERENCES_MAX
    for file in mail.files:
        file.name.encode()
        assert "/" not in file.name
        incoming.file_of(content, file.place)


@settings(max_examples=300, deadline=None)
@given(
    some.lists(
        some.sampled_from(
            [
                *(b"From: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b", b"\r\n"),
                *(
                    b"\r\n\r\n",
                    b"--b",
                    b"\x1b$B",
                    b"=?utf-8?B?",
                    b"?=",
                    b"\xff",
                    b"\0",
                    b"charset=",
                ),
                *(
                    b"Content-Type: text/html",
                    b"iso-2022-jp",
                    b"Content-Disposition: ",
                    b"filename*=",
                ),
            ]
        )
        | some.binary(max_size=20),
        max_size=30,
    )
)
def test_nothing_raises(pieces):
    content = b"".join(pieces)
    mail = incoming.read(content)
    f"{mail}".encode()
    for file in mail.files:
        incoming.file_of(content, file.place)


@given(some.binary(max_size=200), some.sampled_from(["", "iso-2022-jp", "shift_jis", "utf-8", "x"]))
def test_bytes_are_always_some_text(value, charset):
    decoded(value, charset)
