create or replace function access.change_is_own(p_change_no bigint)
    returns boolean
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    -- Whose change it is says its first entry: anybody may set the number of a transaction to any other.
    return coalesce((
        select entry.account_id is not distinct from access.account_id()
        from staff.audit_log as entry
        where entry.change_no = p_change_no
        order by entry.audit_log_id
        limit 1
    ), true);
end;
$$;
comment on function access.change_is_own(bigint) is
    '自分の変更番号。まだ誰も使っていない番号も自分のもの。 | Change is own. Whether a number is of one''s own change, or of nobody''s yet.';
