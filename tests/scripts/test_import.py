"""The command that takes order files in: what it writes, and what its exit code says."""

import subprocess
import sys

import sql
from config import PROJECT
from scripts.servers.together import loaded

HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
GOOD = HEADING + "536365,22111,BOTTLE,2,2011-08-01 10:00:00,1.50,17850,United Kingdom\n"
BAD = HEADING + '536366,22111,BOTTLE,"1,5",2011-08-01 10:00:00,1.50,17850,United Kingdom\n'
WRITTEN = "select (select count(*) from channel.channel) + (select count(*) from channel.column_map) + (select count(*) from channel.shop)"


def taken(data, file, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable, "-m", "scripts.commands.import", "orders", str(file), "--shop", "uk",
            "--map", "online_retail", "--data", str(data), *arguments,
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


def test_a_dry_run_writes_nothing_and_what_is_all_set_aside_has_its_own_code(module_folder):
    data = module_folder / "data"
    good, bad = module_folder / "good.csv", module_folder / "bad.csv"
    good.write_text(GOOD, "utf-8")
    bad.write_text(BAD, "utf-8")
    with loaded(data) as up, sql.connect(up.settings.database_url) as admin:
        before = admin.execute(WRITTEN).fetchone()
        looked = taken(data, good, "--dry-run")
        assert looked.returncode == 0, looked.stderr
        assert admin.execute(WRITTEN).fetchone() == before
        done = taken(data, bad, "--history")
        assert done.returncode == 3, done.stdout + done.stderr
        assert "unreadable" in done.stdout or "refused_draft" in done.stdout
        assert admin.execute(WRITTEN).fetchone() != before
        assert taken(data, good, "--history").returncode == 0
        again = taken(data, good, "--history")
        assert again.returncode == 0, again.stderr
