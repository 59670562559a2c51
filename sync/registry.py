"""Which connectors there are: code -> class, from folder names and manifests."""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast, get_args

from sync import contract, errors
from sync.contract import Channel, ShopAccess
from sync.http import Limit, LocalBudget

CHANNELS: Final = Path(__file__).parent / "channels"
MANIFEST_NAME: Final = "manifest.toml"

FieldKind = Literal["text", "secret", "url", "integer", "boolean", "choice", "time"]


class ManifestBroken(errors.SyncError):
    """コネクターの manifest.toml が正しくありません。 | The manifest.toml of a connector is not right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestField:
    """One field of the shop form. Secrets are kept encrypted and never shown again."""

    name: str
    kind: FieldKind
    label: str
    help: str = ""
    is_required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    is_internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a connector says about itself. `label` and the fields' texts are in both languages."""

    code: str
    label: str
    is_simulated: bool
    capabilities: frozenset[str]
    fields: tuple[ManifestField, ...]
    limits: Mapping[str, Limit]
    sizes: Mapping[str, int]
    exemptions: Mapping[str, str]
    mail: Mapping[str, object]

    def relay_hosts(self) -> frozenset[str]:
        """The hosts of addresses that the mall makes anew for each order: they identify nobody."""
        return frozenset(
            str(host).lower() for host in cast("list[object]", self.mail.get("relay_hosts", []))
        )

    def secret_names(self) -> frozenset[str]:
        """Name the fields that are secrets."""
        return frozenset(field.name for field in self.fields if field.kind == "secret")


@cache
def manifests() -> Mapping[str, Manifest]:
    """Read the manifests of all channels, by code. A folder without one is no channel."""
    found = sorted(path.parent for path in CHANNELS.glob(f"*/{MANIFEST_NAME}"))
    return {folder.name: read_manifest(folder) for folder in found}


def manifest(code: str) -> Manifest:
    """Return the manifest of a channel, or raise `NeedsStaff` when there is none of that code."""
    found = manifests().get(code)
    if found is None:
        message = (
            f"チャネル「{code}」のコネクターがありません。"
            f" | There is no connector for channel {code!r}."
        )
        raise errors.NeedsStaff(message, hint=f"あるもの | There are: {', '.join(manifests())}")
    return found


@cache
def channel_class(code: str) -> type[Channel]:
    """Return the class of a channel; its capabilities must be those of its manifest."""
    said = manifest(code)
    found = cast("type[Channel]", importlib.import_module(f"sync.channels.{code}").Channel)
    able = contract.capabilities(found)
    if found.code != code or able != said.capabilities:
        message = (
            f"{code}: the class is {found.code!r} and does {sorted(able)}, "
            f"its manifest says {sorted(said.capabilities)}"
        )
        raise ManifestBroken(message)
    return found


def open_channel(code: str, access: ShopAccess) -> Channel:
    """Make the connector of one shop. Raises `SettingMissing` when a required field is empty."""
    secrets = access.secrets.read()
    for field in manifest(code).fields:
        if field.is_required and not field.default:
            held = secrets if field.kind == "secret" else access.settings
            if held.get(field.name) in (None, ""):
                message = (
                    f"店舗「{access.shop_code}」の設定「{field.label.split(' | ')[0]}」が空です。"
                    f" | Shop {access.shop_code}: the setting {field.name} is empty."
                )
                raise errors.SettingMissing(message)
    if access.budget is None:
        access = replace(access, budget=_own_budget(code, access.shop_code))
    return channel_class(code).open(access)


@cache
def _own_budget(code: str, shop_code: str) -> LocalBudget:  # noqa: ARG001  # part of the cache key
    """Keep one budget per shop and process: connectors come and go with jobs, limits do not."""
    return LocalBudget(manifest(code).limits)


def read_manifest(folder: Path) -> Manifest:
    """Read and check one manifest, or raise `ManifestBroken` naming what is wrong."""
    path = folder / MANIFEST_NAME
    try:
        body = tomllib.loads(path.read_text("utf-8"))
        known = {
            "code",
            "label",
            "simulated",
            "capabilities",
            "field",
            "limit",
            "size",
            "exempt",
            "mail",
        }
        if unknown := sorted(set(body) - known):
            raise ManifestBroken(f"{path}: unknown key {unknown[0]!r}")
        read = Manifest(
            code=body["code"],
            label=body["label"],
            is_simulated=body.get("simulated", False),
            capabilities=frozenset(body["capabilities"]),
            fields=tuple(_field(item) for item in body.get("field", [])),
            limits={
                name: Limit(per_second=float(item["per_second"]), burst=float(item["burst"]))
                for name, item in body.get("limit", {}).items()
            },
            sizes={name: int(value) for name, value in body.get("size", {}).items()},
            exemptions=dict(body.get("exempt", {})),
            mail=_mail(body.get("mail", {})),
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise ManifestBroken(f"{path}: {type(error).__name__}: {error}") from error
    if read.code != folder.name:
        raise ManifestBroken(f"{path}: code is {read.code!r}, the folder is {folder.name!r}")
    if unknown := sorted(read.capabilities - contract.CAPABILITIES.keys()):
        raise ManifestBroken(f"{path}: unknown capability {unknown[0]!r}")
    labels = [("label", read.label), *((field.name, field.label) for field in read.fields)]
    for name, label in labels:
        if " | " not in label:
            raise ManifestBroken(f"{path}: {name} is not of the form 'Japanese | English'")
    return read


def _mail(item: Mapping[str, object]) -> Mapping[str, object]:
    """The mall's own rules for mails: whether links are forbidden, to which hosts they may lead, its forwarding hosts."""
    known = {"forbids_links": bool, "link_hosts": list, "relay_hosts": list}
    for name, value in item.items():
        if name not in known or not isinstance(value, known[name]):
            message = f"mail.{name} is unknown or of a wrong kind"
            raise ValueError(message)
    return dict(item)


def _field(item: Mapping[str, object]) -> ManifestField:
    kind = item["kind"]
    if kind not in get_args(FieldKind):
        message = f"field {item['name']} has kind {kind!r}"
        raise ValueError(message)
    return ManifestField(
        name=str(item["name"]),
        kind=cast("FieldKind", kind),
        label=str(item["label"]),
        help=str(item.get("help", "")),
        is_required=bool(item.get("required", True)),
        default=str(item.get("default", "")),
        choices=tuple(str(choice) for choice in cast("list[object]", item.get("choices", []))),
        is_internal=bool(item.get("internal", False)),
    )
