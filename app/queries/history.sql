-- What the audit log holds about one row, newest first.
select audit_log.changed_at, audit_log.account_id, audit_log.login, audit_log.action, audit_log.change
from staff.audit_log as audit_log
where audit_log.table_name = :table_name and audit_log.row_key = cast(:row_key as jsonb)
order by audit_log.audit_log_id desc
limit :most
