"""A worker of the document benchmark: runs the jobs it is told of and says what they cost. Started by `-m`."""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from config import Settings
from sync import jobs


def main() -> int:
    """Run jobs, told as JSON on standard input, and print what each took."""
    told = json.load(sys.stdin)
    settings = replace(
        Settings.from_environment(environment={}),
        worker_database_url=told["worker_database_url"],
        redis_url=told["redis_url"],
        secret_keys=tuple(told["secret_keys"]),
        data=Path(told["data"]),
    )
    jobs.begin(settings)
    took: list[dict[str, Any]] = []
    for number in told["jobs"]:
        cpu, wall = _processor_s(), time.monotonic()
        jobs.run_request(number)
        took.append({"cpu_s": _processor_s() - cpu, "wall_s": time.monotonic() - wall})
    kb = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    json.dump({"took": took, "worker_mb": kb[0] / 1024, "child_mb": kb[1] / 1024}, sys.stdout)
    return 0


def _processor_s() -> float:
    """Seconds of processor of this process and of the children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


if __name__ == "__main__":
    sys.exit(main())
