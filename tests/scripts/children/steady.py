"""Runs until it is asked to end."""

import sys
import time

print("steady", *sys.argv[1:], flush=True)
time.sleep(600)
