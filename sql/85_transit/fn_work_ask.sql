create or replace function transit.work_ask(p_job text, p_label text, p_arguments jsonb)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_job_request_id bigint;
    v_open_max constant integer := 20;
    v_size_max constant integer := 1000000;
begin
    -- These run as whoever asked: nobody can ask for what they may not do.
    if p_job is null or p_job not in ('export_rows', 'change_rows', 'act_on_rows', 'undo_change', 'make_documents', 'issue_documents',
        'issue_statements', 'print_issued', 'export_issued') then
        raise exception 'ジョブ % は頼めません。 | The job % cannot be asked for.', p_job, p_job
            using errcode = 'DC403', hint = '画面のボタンから頼みます。 | Ask for it by a button.';
    end if;
    if access.account_id() is null then
        raise exception '担当者がわかりません。 | Nobody is known to ask.' using errcode = 'DC403', hint = '入り直します。 | Sign in again.';
    end if;
    if p_label is null or p_arguments is null or pg_catalog.octet_length(p_arguments::text) > v_size_max then
        raise exception '頼む内容がないか、大きすぎます。 | What is asked for is missing or too large.'
            using errcode = 'DC002', hint = '選ぶ行を減らすか、条件で選びます。 | Choose fewer rows, or choose them by a condition.';
    end if;
    if (
        select count(*) from transit.job_request as request
        where request.requested_by = (select access.account_id()) and request.label is not null and request.done_at is null
    ) >= v_open_max then
        raise exception '終わっていないジョブが % 件あります。 | You have % jobs that have not ended.', v_open_max, v_open_max
            using errcode = 'DC010', hint = '終わるのを待つか、取り消します。 | Wait for them, or cancel some.';
    end if;
    perform pg_catalog.pg_notify('daicho_bell', '');
    insert into transit.job_request (lane, job, arguments, requested_by, label, asked_as)
    values ('long', p_job, p_arguments, access.account_id(), p_label, nullif(access.role_in_force(), access.staff_role()))
    returning job_request_id into v_job_request_id;
    return v_job_request_id;
end;
$$;
comment on function transit.work_ask(text, text, jsonb) is
    '自分の権限で行う長いジョブを頼む。番号を返す。 | Ask for work. A long job that runs with one''s own rights; returns its number.';
