create or replace function staff.change_no()
    returns bigint
    language sql
    stable
    set search_path = ''
as $$
    select case when current_setting('daicho.change_no', true) ~ '^[0-9]{1,18}$'
        then current_setting('daicho.change_no', true)::bigint end
$$;
comment on function staff.change_no() is
    '今の変更番号。この取引で記録された変更がなければ null。 | Change no. Of the changes that this transaction made so far; null when there are none.';
