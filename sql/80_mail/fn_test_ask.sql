create or replace function mail.test_ask(
    p_shop_id bigint, p_sales_order_id bigint, p_locale text, p_subject text, p_text_body text, p_html_body text, p_sealed_address text
)
    returns bigint
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    c_hour_max constant integer := 10;
begin
    if p_shop_id is null or not p_shop_id = any((select access.shop_ids())::bigint[])
        or not exists (select from mail.mail_account as account where account.shop_id = p_shop_id and account.is_on) then
        raise exception 'この店舗のメール設定がないか、切ってあります。 | This shop has no mail account, or it is off.'
            using errcode = 'DC010', hint = '「メール設定」で店舗の設定を入れます。 | Set it up under Mail accounts.';
    end if;
    if not transit.outgoing_is_on('mail') then
        raise exception 'メールの送信が切ってあります。 | Sending mail is switched off.'
            using errcode = 'DC010', hint = '「送信の切替」でメールを入れてから試します。 | Switch mail on under Outgoing, then try again.';
    end if;
    if p_sales_order_id is not null and not (
        access.sees_people('sales.sales_order_party'::regclass) and exists (
            select from sales.sales_order as sales_order
            where sales_order.sales_order_id = p_sales_order_id and sales_order.shop_id = p_shop_id
        )
    ) then
        raise exception 'この店舗にその受注はありません。 | This shop has no such order.'
            using errcode = 'DC404', hint = '受注番号を選び直します。 | Choose another order.';
    end if;
    if p_subject is null or p_text_body is null or p_sealed_address is null
        or length(p_subject) + length(p_text_body) + coalesce(length(p_html_body), 0) + length(p_sealed_address) > 300000 then
        raise exception '送る内容がないか、大きすぎます。 | What is to be sent is missing or too large.'
            using errcode = 'DC002', hint = '本文を短くします。 | Make the text shorter.';
    end if;
    return mail.try_ask('send_test_mail', jsonb_build_object('shop_id', p_shop_id, 'sales_order_id', p_sales_order_id, 'locale', p_locale,
        'subject', p_subject, 'text', p_text_body, 'html', coalesce(p_html_body, ''), 'to', p_sealed_address), c_hour_max);
end;
$$;
comment on function mail.test_ask(bigint, bigint, text, text, text, text, text) is
    '試し送りを頼む。受注のメールとしては残さない。番号を返す。 | Ask for a test mail. It is kept nowhere as an order''s mail; returns the number of the job.';
