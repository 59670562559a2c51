"""Order files: CSV of any layout, read through a saved column map."""

from sync.channels.file.channel import Channel

__all__ = ["Channel"]
