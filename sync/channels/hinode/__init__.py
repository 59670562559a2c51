"""Hinode (日の出市場): a simulated mall with a REST API."""

from sync.channels.hinode.channel import Channel

__all__ = ["Channel"]
