-- Columns of a shop's own: by hand as they were granted, by the page as its rows say.
do $$
declare
    v_statement text;
begin
    for v_statement in select own_column_grant.statement from pg_temp.own_column_grant as own_column_grant loop
        execute v_statement;
    end loop;
end;
$$;
select staff.own_apply();
