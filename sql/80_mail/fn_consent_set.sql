create or replace function mail.consent_set(p_customer_id bigint, p_shop_id bigint, p_is_given boolean, p_how text)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    if not exists (select from customer.customer as known where known.customer_id = p_customer_id) then
        raise exception '顧客 % は見つかりません。 | Customer % is not there.', p_customer_id, p_customer_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
    insert into mail.consent as consent (customer_id, shop_id, given_at, given_how, withdrawn_at, withdrawn_how)
    values (p_customer_id, p_shop_id, case when p_is_given then now() end, case when p_is_given then p_how end,
        case when not p_is_given then now() end, case when not p_is_given then p_how end)
    on conflict (customer_id, shop_id) do update
    set given_at = coalesce(excluded.given_at, consent.given_at), given_how = coalesce(excluded.given_how, consent.given_how),
        withdrawn_at = case when p_is_given then null else excluded.withdrawn_at end,
        withdrawn_how = case when p_is_given then null else excluded.withdrawn_how end;
end;
$$;
comment on function mail.consent_set(bigint, bigint, boolean, text) is
    '広告メールの同意を記す。はいは同意、いいえは停止。 | Record consent to advertising: yes gives it, no withdraws it.';
