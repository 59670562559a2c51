"""Which connectors there are, and what is said when one is wrong."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from sync import contract, errors, registry

GOOD = """
code = "demo"
label = "見本 | Demo"
capabilities = ["stock"]
[[field]]
name = "key"
kind = "secret"
label = "鍵 | Key"
[limit."*"]
per_second = 1
burst = 2
[size]
stock_batch = 5
[exempt]
test_x = "because the remote has no such call"
"""


class Held(contract.SecretStore):
    def __init__(self, held: Mapping[str, str]) -> None:
        self.held = dict(held)

    def read(self) -> Mapping[str, str]:
        return self.held

    def keep(self, changed: Mapping[str, str]) -> None:
        self.held |= changed


def write(folder: Path, text: str) -> Path:
    found = folder / "demo"
    found.mkdir(exist_ok=True)
    (found / "manifest.toml").write_text(text, "utf-8")
    return found


def test_every_folder_is_a_channel_that_agrees_with_its_manifest() -> None:
    assert {"hinode", "minato"} <= registry.manifests().keys()
    for code, manifest in registry.manifests().items():
        found = registry.channel_class(code)
        assert contract.capabilities(found) == manifest.capabilities


def test_a_manifest_is_read_whole(tmp_path: Path) -> None:
    manifest = registry.read_manifest(write(tmp_path, GOOD))
    assert manifest.capabilities == {"stock"}
    assert manifest.secret_names() == {"key"}
    assert manifest.limits["*"].burst == 2
    assert manifest.sizes == {"stock_batch": 5}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "demo"', 'code = "other"'),
        ('code = "demo"', ""),
        ('["stock"]', '["telepathy"]'),
        ('["stock"]', "3"),
        ("見本 | Demo", "Demo"),
        ("鍵 | Key", "Key"),
        ('kind = "secret"', 'kind = "riddle"'),
        ("per_second = 1", 'per_second = "often"'),
        ("[size]", "[surprise]"),
        ("label", "label = ["),
    ],
)
def test_a_wrong_manifest_is_named(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(registry.ManifestBroken) as caught:
        registry.read_manifest(write(tmp_path, GOOD.replace(old, new, 1)))
    assert "manifest.toml" in caught.value.message


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(registry.ManifestBroken):
        registry.read_manifest(tmp_path)


def test_an_unknown_channel_names_those_there_are() -> None:
    with pytest.raises(errors.NeedsStaff) as caught:
        registry.channel_class("nowhere")
    assert "nowhere" in caught.value.message
    assert "hinode" in (caught.value.hint or "")


def test_a_class_that_does_other_things_than_its_manifest_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = registry.manifests()["hinode"]
    found = registry.channel_class("hinode")
    monkeypatch.setattr(found, "code", "hinode-two")
    registry.channel_class.cache_clear()
    with pytest.raises(registry.ManifestBroken):
        registry.channel_class("hinode")
    monkeypatch.undo()
    registry.channel_class.cache_clear()
    assert registry.channel_class("hinode").code == said.code


def test_an_empty_setting_is_named_before_any_call() -> None:
    whole = {"service_secret": "a", "license_key": "b"}
    for settings, secrets, label in (
        ({}, whole, "base_url"),
        ({"base_url": "http://127.0.0.1:1"}, {"service_secret": "a"}, "license_key"),
        ({"base_url": ""}, whole, "base_url"),
    ):
        access = contract.ShopAccess(shop_code="s", settings=settings, secrets=Held(secrets))
        with pytest.raises(errors.SettingMissing) as caught:
            registry.open_channel("hinode", access)
        assert label in caught.value.message


def test_a_budget_outlives_the_connector() -> None:
    def opened() -> contract.Channel:
        return registry.open_channel(
            "hinode",
            contract.ShopAccess(
                shop_code="same",
                settings={"base_url": "http://127.0.0.1:1"},
                secrets=Held({"service_secret": "a", "license_key": "b"}),
            ),
        )

    first, second = opened(), opened()
    budgets = [channel._client._http._budget for channel in (first, second)]  # type: ignore[attr-defined]
    assert budgets[0] is budgets[1]
    first.close()
    second.close()
