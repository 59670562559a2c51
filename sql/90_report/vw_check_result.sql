create or replace view report.check_result with (security_invoker = true) as
select check_run.check_name, check_run.findings, check_run.ran_at, check_run.duration_ms, check_run.changed_at
from staff.check_run as check_run;
comment on view report.check_result is
    '検査の結果。 @key(check_name) | Results of the checks. @key(check_name)';
comment on column report.check_result.check_name is '検査。 | Check. The name of its view.';
comment on column report.check_result.findings is '見つかった数。0 が正しい。 | Findings. 0 is right.';
comment on column report.check_result.ran_at is '実行日時。 | Ran at.';
comment on column report.check_result.duration_ms is '時間（ミリ秒）。 | Duration in ms.';
comment on column report.check_result.changed_at is '変化日時。数が変わった時。 | Changed at. When the number of findings last changed.';
