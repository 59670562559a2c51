create or replace function mail.mailing_preview(p_template_code text, p_condition jsonb, p_keys jsonb, p_limit integer)
    returns table (sales_order_id bigint, order_no text, reason text)
    language plpgsql
    stable
    set search_path = ''
as $$
begin
    -- With the rights of who asks.
    return query execute format(
        'select sales_order.sales_order_id, sales_order.order_no, case
            when exists (select from mail.mail as mail where mail.sales_order_id = sales_order.sales_order_id and mail.mail_event = ''chosen''
                and mail.template_code = $1 and mail.state <> ''stopped'') then ''もう送りました。 | It was sent this already.''
            when exists (select from mail.mail as mail where mail.sales_order_id = sales_order.sales_order_id and mail.mail_event = ''chosen''
                and mail.template_code = $1) then ''取りやめた一通があります。そのメールの画面からもう一度送れます。 | One was stopped: send it again on its own page.''
            when mail.template_for($1, sales_order.shop_id, ''ja'') is null then ''この店舗のひな形がありません。 | There is no template for this shop.''
            when not exists (select from mail.mail_account as account where account.shop_id = sales_order.shop_id) then ''店舗のメール設定がありません。 | The shop has no mail account.''
            when party.forgotten_at is not null then ''お客様の情報は消去されました。 | The buyer was forgotten.''
            when coalesce(party.buyer_email, '''') = '''' then ''メールアドレスがありません。 | There is no mail address.''
            when template.is_advertising and not exists (
                select from mail.consent as consent
                where consent.customer_id = sales_order.customer_id and consent.shop_id = sales_order.shop_id
                    and consent.given_at is not null and coalesce(consent.withdrawn_at, ''-infinity'') < consent.given_at
            ) then ''広告メールの同意がありません。 | There is no consent to advertising.''
        end
        from (select * from sales.sales_order where %s) as sales_order
        left join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id
        left join mail.mail_template as template on template.mail_template_id = mail.template_for($1, sales_order.shop_id, ''ja'')
        order by sales_order.ordered_at, sales_order.sales_order_id
        limit $2', access.matching_sql('sales.sales_order', p_condition, p_keys)
    ) using p_template_code, p_limit;
end;
$$;
comment on function mail.mailing_preview(text, jsonb, jsonb, integer) is
    '一斉送信の下見。選んだ受注と、送らないものの理由。 | Preview of a mailing. The chosen orders, and why one would be left out.';
