"""Settings are read once, and a wrong one is named without its value being shown."""

import ast
import sys
from dataclasses import fields

import pytest

from config import PROJECT, VARIABLES, Settings, SettingWrong

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="


def read(**environment: str) -> Settings:
    return Settings.from_environment(environment=environment)


def test_nothing_given_is_the_default():
    settings = read()
    assert settings.port == 8000
    assert settings.role_prefix == "daicho_"
    assert settings.data == PROJECT / ".daicho"
    assert settings.secret_keys == ()


def test_every_setting_has_its_variable():
    assert set(VARIABLES) == {field.name for field in fields(Settings)}


def test_the_first_key_is_the_current_one():
    other = KEY.replace("M", "N")
    assert read(DAICHO_SECRET_KEYS=f"{KEY}, {other}").secret_keys == (KEY, other)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DAICHO_PORT", "0"),
        ("DAICHO_PORT", "65536"),
        ("DAICHO_PORT", "８０００"),
        ("DAICHO_PORT", "http"),
        ("DAICHO_ROLE_PREFIX", "Daicho_"),
        ("DAICHO_ROLE_PREFIX", "9_"),
        ("DAICHO_ROLE_PREFIX", "x; drop role y"),
        ("DAICHO_ROLE_PREFIX", "a" * 25),
        ("DAICHO_LOG_LEVEL", "loud"),
        ("DAICHO_SECRET_KEYS", "short"),
        ("DAICHO_SECRET_KEYS", KEY + ",!!!"),
    ],
)
def test_a_wrong_setting_is_named_in_both_languages(variable, value):
    with pytest.raises(SettingWrong) as told:
        read(**{variable: value})
    japanese, _, english = str(told.value).partition(" | ")
    assert variable in japanese
    assert variable in english
    if variable == "DAICHO_SECRET_KEYS":
        assert value not in str(told.value)


def test_a_setting_that_is_needed_and_missing_is_named():
    with pytest.raises(SettingWrong, match="DAICHO_WORKER_DATABASE_URL is not set"):
        Settings.from_environment("worker_database_url", environment={})


def test_no_secret_is_shown_by_printing_the_settings():
    url = "postgresql://x:hidden@127.0.0.1/daicho"
    settings = read(
        DATABASE_URL=url,
        DAICHO_WEB_DATABASE_URL=url,
        DAICHO_WORKER_DATABASE_URL=url,
        REDIS_URL=url,
        DAICHO_SESSION_KEY="hidden",
        DAICHO_SECRET_KEYS=KEY,
    )
    assert "hidden" not in repr(settings)
    assert KEY not in repr(settings)


def test_settings_stand_on_nothing_of_ours():
    tree = ast.parse((PROJECT / "config.py").read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
