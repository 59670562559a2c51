create or replace function document.form_owned(p_shop_id bigint, p_document_kind text)
    returns void
    language plpgsql
    stable
    security definer
    set search_path = ''
as $$
begin
    if not exists (
        select from channel.shop as shop where shop.shop_id = p_shop_id and shop.shop_id = any((select access.shop_ids())::bigint[])
    ) then
        raise exception '店舗 % が見つかりません。 | Shop % is not there.', p_shop_id, p_shop_id
            using errcode = 'DC404', hint = '担当の店舗を選びます。 | Choose a shop that is yours.';
    end if;
    if not exists (
        select from document.document_kind as kind where kind.document_kind = p_document_kind and (kind.is_per_order or kind.made_of = 'customer.customer')
    ) then
        raise exception '帳票「%」に店舗ごとの様式はありません。 | Documents of the kind "%" have no template of a shop''s own.', p_document_kind, p_document_kind
            using errcode = 'DC404', hint = '受注、見積、顧客ごとの帳票を選びます。 | Choose a document that each order, quotation or customer has.';
    end if;
end;
$$;
comment on function document.form_owned(bigint, text) is
    '様式を持てるか。担当の店舗の、受注、見積、顧客ごとの帳票だけ。 | May have a template. Only a shop that is yours, and only documents that each order, quotation or customer has.';
