"""A setting that the house could not live with is refused at its field."""

import pytest

import sql
from sql.errors import DaichoError


def write(owner, code, value):
    owner.execute(
        "update base.setting set value = %s::jsonb where setting_code = %s", (value, code)
    )


STOPPING = (
    ("ship_lead_days", '"二日"'),
    ("ship_lead_days", '"2"'),
    ("ship_lead_days", "-1"),
    ("ship_lead_days", "61"),
    ("ship_lead_days", "2.5"),
    ("ship_lead_days", "1e1000"),
    ("ship_lead_days", "null"),
    ("ship_lead_days", "[2]"),
    ("home_country", '"Japan"'),
    ("customs_small_value", '"45000"'),
    ("customs_small_value", "-1"),
    ("time_zone", '"Mars/Base"'),
    ("time_zone", '"posix/Asia/Tokyo"'),
    ("time_zone", "9"),
    ("time_zone", "null"),
    ("base_currency", '"QQQ"'),
    ("base_currency", '"jpy"'),
    ("base_currency", "null"),
)


def test_a_setting_that_stops_the_house_is_refused(owner):
    for code, value in STOPPING:
        with pytest.raises(DaichoError) as refused, sql.transaction(owner):
            write(owner, code, value)
        said = (code, value, refused.value)
        assert " | " in refused.value.message, said
        assert " | " in refused.value.hint, said
        assert (refused.value.code, refused.value.column) == ("DC002", "value"), said


KNOWN = (
    ("ship_lead_days", "0"),
    ("ship_lead_days", "60"),
    ("time_zone", '"Pacific/Kiritimati"'),
    ("time_zone", '"UTC"'),
    ("base_currency", '"JPY"'),
)


def test_a_setting_that_is_known_is_kept(owner):
    for code, value in KNOWN:
        write(owner, code, value)
        assert sql.value(owner, "base.setting_text", code) == value.strip('"'), code
