"""A mail server that takes everything and keeps nothing, in a process of its own; prints its port."""

import sys
import threading

from scripts.world.post import PostOffice

if __name__ == "__main__":
    office = PostOffice()
    office.start()
    sys.stdout.write(f"{office.port}\n")
    sys.stdout.flush()
    threading.Event().wait()
