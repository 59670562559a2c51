create or replace function sales.quotation_begin()
    returns trigger
    language plpgsql
    set search_path = ''
as $$
begin
    -- With the rights of who writes: a customer beyond their scope is as if there were none.
    if new.customer_id is not null and not exists (
        select from customer.customer as known where known.customer_id = new.customer_id
    ) then
        raise exception '顧客 % が見つかりません。 | Customer % is not there.', new.customer_id, new.customer_id
            using errcode = 'DC404', schema = 'sales', table = 'quotation', column = 'customer_id',
                hint = '担当の店舗の顧客を選ぶか、空にします。 | Choose a customer of a shop that is yours, or none.';
    end if;
    if tg_op = 'INSERT' then
        new.account_id := access.account_id();
    end if;
    return new;
end;
$$;
comment on function sales.quotation_begin() is '見積の顧客を確かめ、作成者を書く。 | Check the customer of a quotation, and note who made it.';
