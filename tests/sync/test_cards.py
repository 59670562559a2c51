"""Card numbers are masked in free text, and codes are left alone."""

import json

import pytest

from sync.cards import is_card, masked

VISA = "4111111111111111"
AMEX = "378282246310005"
JCB = "3530111333300000"
NOT_LUHN = "4111111111111112"


@pytest.mark.parametrize(
    "number", [VISA, AMEX, JCB, "5555555555554444", "30569309025904", "6200000000000005"]
)
def test_numbers_of_the_brands_are_cards(number):
    assert is_card(number)


@pytest.mark.parametrize(
    "number", [NOT_LUHN, "1234567890123456", "4901234567894", "0" * 16, "9" * 16, "41111111111111"]
)
def test_other_numbers_are_none(number):
    assert not is_card(number)


@pytest.mark.parametrize(
    "written",
    [
        VISA,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "４１１１１１１１１１１１１１１１",
        "4111－1111－1111－1111",
    ],
)
def test_a_card_in_a_note_is_masked_however_it_is_written(written):
    body = json.dumps(
        {"note": f"カードは {written} です", "total": 1080}, ensure_ascii=False
    ).encode()
    out = json.loads(masked(body))
    assert "1111 1111" not in out["note"]
    assert "1111111" not in out["note"]
    assert out["note"].startswith("カードは *")
    assert out["note"].endswith("です")
    assert out["total"] == 1080


def test_a_note_that_is_only_the_number_is_masked():
    assert json.loads(masked(json.dumps({"memo": VISA}).encode()))["memo"] == "*" * 12 + "1111"


def test_a_code_that_looks_like_a_card_stays_to_the_byte():
    body = b'{ "orderNumber" : "4111111111111111", "sku":"4111111111111111",  "note":"ok" }'
    assert masked(body) == body


def test_everything_around_the_number_stays_to_the_byte():
    body = b'{ "a":1.10 , "note" : "x 4111111111111111 \\u3042", "b":[ ] }'
    assert masked(body) == body.replace(b"411111111111", b"*" * 12)


def test_longer_digit_runs_are_not_cut_up():
    body = b'{"note":"84111111111111111111111111"}'
    assert masked(body) == body


def test_csv_cells_that_are_codes_stay_and_free_text_is_masked():
    line = f'"{VISA}","備考 {VISA} です",10\r\n'
    for encoding in ("utf-8", "cp932"):
        out = masked(line.encode(encoding)).decode(encoding)
        assert out == f'"{VISA}","備考 {"*" * 12}1111 です",10\r\n'
