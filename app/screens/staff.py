"""People, the audit log and the checks."""

from app.fab.screen import Screen

SCREENS = {
    "staff.audit_log": Screen(
        columns=("changed_at", "account_id", "table_name", "action", "row_key", "change"),
        wide="change",
        phone=("table_name", "changed_at", "change", "account_id"),
        order=("audit_log_id", "desc"),
    ),
    "staff.check_run": Screen(create_actions=("staff.checks_run",)),
    "report.check_result": Screen(create_actions=("staff.checks_run",)),
}
