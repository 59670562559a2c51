"""People, the audit log and the checks."""

from app.fab.screen import Screen

SCREENS = {
    "staff.audit_log": Screen(
        columns=(
            "audit_log_id",
            "changed_at",
            "account_id",
            "login",
            "table_name",
            "action",
            "row_key",
            "change",
        ),
    ),
    "staff.check_run": Screen(create_actions=("staff.checks_run",)),
    "report.check_result": Screen(create_actions=("staff.checks_run",)),
}
