"""Writes what it was told into its log."""

import os
import time

print(*sorted(f"{name}={value}" for name, value in os.environ.items()), sep="\n", flush=True)
print("told", flush=True)
time.sleep(600)
