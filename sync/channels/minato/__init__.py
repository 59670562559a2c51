"""Minato (みなとマーケット): a simulated mall with one GraphQL address and a feed of events."""

from sync.channels.minato.channel import Channel

__all__ = ["Channel"]
