create or replace function access.condition_fault(p_relation text, p_condition jsonb)
    returns text
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_message text;
begin
    perform access.condition_sql(p_relation, p_condition);
    return null;
exception when sqlstate 'DC030' or sqlstate 'DC404' then
    get stacked diagnostics v_message = message_text;
    return v_message;
end;
$$;
comment on function access.condition_fault(text, jsonb) is
    '条件が使えない理由。使えるなら null。列がなくなった抽出条件はこれで示す。 | Fault of a condition. Null for one that works; what is shown of a saved search over a column that is gone.';
