"""How long, in words: what a page says is what it understands again."""

from datetime import timedelta

import pytest

from app.fab import spans


@pytest.fixture(params=["ja", "en"])
def spoken(request, monkeypatch):
    language = request.param
    monkeypatch.setattr(spans, "t", lambda text: text.split(" | ")[0 if language == "ja" else 1])
    return language


@pytest.mark.parametrize(
    ("seconds", "japanese", "english"),
    [
        (0, "なし", "none"),
        (1, "1秒", "1 second"),
        (300, "5分", "5 minutes"),
        (9_000, "2時間 30分", "2 hours 30 minutes"),
        (3 * 86_400, "3日", "3 days"),
        (1_095 * 86_400 + 61, "1,095日 1分 1秒", "1,095 days 1 minute 1 second"),
    ],
)
def test_a_span_is_said_and_read_again(spoken, seconds, japanese, english):
    said = spans.said(timedelta(seconds=seconds))
    assert said == (japanese if spoken == "ja" else english)
    assert spans.span_of(said) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("３日", 259_200),
        ("1.5 h", 5_400),
        ("2週間", 1_209_600),
        ("1 day, 2 h", 93_600),
        ("90s", 90),
        ("なし", 0),
    ],
)
def test_what_people_type_is_understood(text, seconds):
    assert spans.span_of(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", "soon", "3", "3 bananas", "1:30:00", "P3D", "days 3", "9" * 400 + " days"]
)
def test_the_rest_is_left_to_the_database(text):
    assert spans.span_of(text) is None
