create or replace function staff.checks_run()
    returns table (check_name text, findings bigint)
    language plpgsql
    security definer
    set search_path = ''
as $$
#variable_conflict use_column
declare
    v_name text;
    v_findings bigint;
    v_began timestamptz;
begin
    -- Who does not see everything would record an all clear that nobody has looked for.
    if not (select access.sees_all()) then
        raise exception '検査は全店舗と全倉庫を見る人だけが行えます。 | Only who sees all shops and warehouses can run the checks.'
            using errcode = 'DC403', hint = '店主に頼みます。 | Ask the owner.';
    end if;
    for v_name in
        select class.relname
        from pg_catalog.pg_class as class
        where class.relnamespace = 'report'::regnamespace and class.relkind = 'v' and class.relname like 'check\_%'
            and class.relname <> 'check_result'
        order by 1
    loop
        v_began := clock_timestamp();
        execute format('select count(*) from report.%I', v_name) into v_findings;
        insert into staff.check_run as check_run (check_name, ran_at, findings, duration_ms, changed_at)
        values (v_name, v_began, v_findings, extract(milliseconds from clock_timestamp() - v_began)::integer, v_began)
        on conflict (check_name) do update
        set ran_at = excluded.ran_at, findings = excluded.findings, duration_ms = excluded.duration_ms,
            changed_at = case when check_run.findings = excluded.findings then check_run.changed_at else excluded.changed_at end;
        check_name := v_name;
        findings := v_findings;
        return next;
    end loop;
end;
$$;
comment on function staff.checks_run() is
    '検査をすべて行う。空であるべきビューを数え、結果を残す。 | Run the checks. Counts each view that must be empty and keeps the result.';
