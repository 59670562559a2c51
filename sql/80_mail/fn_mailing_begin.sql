create or replace function mail.mailing_begin(p_template_code text, p_label text, p_sales_order_ids bigint[])
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_mailing_id bigint;
    v_mails integer;
    c_most constant integer := 5000;
begin
    if cardinality(p_sales_order_ids) not between 1 and c_most then
        raise exception '一度に送れるのは 1〜5,000 件です。 | A mailing goes to 1 to 5,000 orders.'
            using errcode = 'DC002', hint = '条件でしぼって、分けて送ります。 | Narrow it down and send it in parts.';
    end if;
    if not exists (select from mail.mail_template as template where template.template_code = p_template_code and template.ended_at is null) then
        raise exception 'ひな形 % がありません。 | There is no template %.', p_template_code, p_template_code
            using errcode = 'DC404', hint = '一覧から選び直します。 | Choose one from the list.';
    end if;
    insert into mail.mailing (template_code, label, asked_by) values (p_template_code, p_label, access.account_id())
    returning mailing_id into v_mailing_id;
    insert into mail.mail (shop_id, sales_order_id, mailing_id, mail_event, template_code, made_by)
    select sales_order.shop_id, sales_order.sales_order_id, v_mailing_id, 'chosen', p_template_code, access.account_id()
    from sales.sales_order as sales_order
    join sales.sales_order_party as party on party.sales_order_id = sales_order.sales_order_id and party.forgotten_at is null
        and coalesce(party.buyer_email, '') <> ''
    join mail.mail_account as account on account.shop_id = sales_order.shop_id
    where sales_order.sales_order_id = any(p_sales_order_ids) and mail.template_for(p_template_code, sales_order.shop_id, 'ja') is not null
    order by array_position(p_sales_order_ids, sales_order.sales_order_id)
    on conflict (sales_order_id, mail_event, template_code, again_no) where inquiry_message_id is null do nothing;
    get diagnostics v_mails = row_count;
    update mail.mailing as mailing
    set mails = v_mails, left_out = cardinality(p_sales_order_ids) - v_mails
    where mailing.mailing_id = v_mailing_id;
    return v_mailing_id;
end;
$$;
comment on function mail.mailing_begin(text, text, bigint[]) is
    '一斉送信を始める。受注ごとに一通、同じひな形は一度だけ。番号を返す。 | Begin a mailing. One mail an order, the same template once only; returns its number.';
