"""Simulated malls with customers, and their faults: the demo, the load test, the training ground."""

from scripts.world.world import LevelReceived, MallSpec, RunningMall, World

__all__ = ["LevelReceived", "MallSpec", "RunningMall", "World"]
