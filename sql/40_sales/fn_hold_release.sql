create or replace function sales.hold_release(p_hold_id bigint, p_note text default null)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_hold sales.hold;
    v_reason sales.hold_reason;
begin
    select hold.* into v_hold from sales.hold as hold where hold.hold_id = p_hold_id;
    if v_hold.hold_id is null then
        raise exception '保留 % が見つかりません。 | Hold % is not there.', p_hold_id, p_hold_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    perform sales.order_take(v_hold.sales_order_id);
    select reason.* into v_reason from sales.hold_reason as reason where reason.hold_reason = v_hold.hold_reason;
    if not v_reason.needs_person then
        raise exception '保留「%」は条件が満ちると自動で解けます。 | Hold "%" is released by itself when its condition is met.',
            split_part(v_reason.label, ' | ', 1), split_part(v_reason.label, ' | ', 2)
            using errcode = 'DC010', hint = v_reason.release;
    end if;
    update sales.hold as hold
    set released_at = now(), released_by = access.account_id(), release_note = nullif(btrim(p_note), '')
    where hold.hold_id = p_hold_id and hold.released_at is null;
    if not found then
        raise exception '保留 % はすでに解除されています。 | Hold % has been released already.', p_hold_id, p_hold_id
            using errcode = 'DC012', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    perform sales.status_keep(array[v_hold.sales_order_id]);
end;
$$;
comment on function sales.hold_release(bigint, text) is
    '保留を解除する。誰がなぜ解いたかを残す。 | Release a hold. Keeps who did it and why.';
