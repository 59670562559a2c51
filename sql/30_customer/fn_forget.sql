create or replace function customer.forget(p_sales_order_id bigint)
    returns void
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_order sales.sales_order := sales.order_take(p_sales_order_id);
    v_party sales.sales_order_party;
begin
    select party.* into v_party from sales.sales_order_party as party where party.sales_order_id = p_sales_order_id;
    update sales.sales_order_party as party
    set buyer_name = null, buyer_kana = null, buyer_email = null, buyer_phone = null, buyer_postal_code = null, buyer_region = null,
        buyer_address_line1 = null, buyer_address_line2 = null, buyer_company = null, recipient_name = null, recipient_kana = null,
        recipient_phone = null, recipient_postal_code = null, recipient_region = null, recipient_address_line1 = null,
        recipient_address_line2 = null, recipient_company = null, buyer_note = null, staff_note = null, draft_party_digest = null,
        forgotten_at = now()
    where party.sales_order_id = p_sales_order_id;
    perform customer.own_forget('sales.sales_order_party', 'sales_order_id', array[p_sales_order_id]);
    -- What people typed beside the slip; a payment's number that the shop gave stays, so that it counts once.
    update sales.hold as hold
    set note = null, release_note = null
    where hold.sales_order_id = p_sales_order_id and (hold.note is not null or hold.release_note is not null);
    update transit.inbox as inbox
    set close_note = null
    where inbox.sales_order_id = p_sales_order_id and inbox.close_note is not null;
    update sales.payment as payment
    set external_payment_no = 'forgotten-' || payment.payment_id
    from staff.account as account
    where payment.sales_order_id = p_sales_order_id and account.account_id = payment.account_id and account.staff_role <> 'system'
        and payment.external_payment_no <> 'forgotten-' || payment.payment_id;
    update sales.payment as payment
    set void_reason = null
    where payment.sales_order_id = p_sales_order_id and payment.void_reason is not null;
    -- What the shop sent goes with its key. A backup from before has both and can still be read by whoever has the installation's
    -- keys; a restore forgets again whom the present database has forgotten.
    update transit.message as message
    set body = null
    where message.shop_id = v_order.shop_id and message.external_no = v_order.external_order_no;
    delete from transit.data_key as data_key
    where data_key.shop_id = v_order.shop_id and data_key.external_no = v_order.external_order_no;
    -- Their mails: what was written goes with the key, to whom it went with this.
    update mail.mail_party as party
    set to_address = null, subject = null, body = null
    from mail.mail as sent
    where sent.sales_order_id = p_sales_order_id and party.mail_id = sent.mail_id;
    perform mail.inquiries_forget(array(
        select inquiry.inquiry_id from mail.inquiry as inquiry
        where inquiry.sales_order_id = p_sales_order_id
            -- What one asked without an order goes with their last order
            or inquiry.sales_order_id is null and inquiry.customer_id = v_order.customer_id and not exists (
                select from sales.sales_order as other
                join sales.sales_order_party as party on party.sales_order_id = other.sales_order_id and party.forgotten_at is null
                where other.customer_id = v_order.customer_id and other.sales_order_id <> p_sales_order_id)
    ));
    -- Invoices and receipts are the house's own books: their addressee and file stay until the law lets them go.
    perform document.issued_forget(array(
        select issued.issued_document_id from document.issued_document as issued where issued.sales_order_id = p_sales_order_id
    ));
    if v_order.customer_id is null then
        return;
    end if;
    if not exists (
        select from sales.sales_order as other
        join sales.sales_order_party as party on party.sales_order_id = other.sales_order_id and party.forgotten_at is null
        where other.customer_id = v_order.customer_id and other.sales_order_id <> p_sales_order_id
    ) then
        perform sales.quotations_forget(array(
            select quotation.quotation_id from sales.quotation as quotation where quotation.customer_id = v_order.customer_id
        ));
        update customer.customer_party as party
        set customer_name = null, customer_kana = null, email = null, phone = null, postal_code = null, region = null,
            address_line1 = null, address_line2 = null, company = null
        where party.customer_id = v_order.customer_id;
        perform customer.own_forget('customer.customer_party', 'customer_id', array[v_order.customer_id]);
        delete from customer.identity as identity where identity.customer_id = v_order.customer_id;
        update customer.customer as known set forgotten_at = now() where known.customer_id = v_order.customer_id;
    else
        -- What the customer's page shows is from now on what another order of theirs says.
        update customer.customer_party as party
        set customer_name = other.buyer_name, customer_kana = other.buyer_kana, email = other.buyer_email, phone = other.buyer_phone,
            postal_code = other.buyer_postal_code, country_code = other.buyer_country_code, region = other.buyer_region,
            address_line1 = other.buyer_address_line1, address_line2 = other.buyer_address_line2, company = other.buyer_company
        from (
            select other_party.*
            from sales.sales_order as other_order
            join sales.sales_order_party as other_party on other_party.sales_order_id = other_order.sales_order_id
                and other_party.forgotten_at is null
            where other_order.customer_id = v_order.customer_id and other_order.sales_order_id <> p_sales_order_id
            order by other_order.ordered_at desc, other_order.sales_order_id desc
            limit 1
        ) as other
        where party.customer_id = v_order.customer_id;
        -- Two people may have become one customer, by a phone that they share. A kind of clue in which no other order says the same
        -- goes altogether: nobody knows whose each digest is.
        delete from customer.identity as identity
        where identity.customer_id = v_order.customer_id and not exists (
            select from sales.sales_order as other
            join sales.sales_order_party as other_party on other_party.sales_order_id = other.sales_order_id
                and other_party.forgotten_at is null
            where other.customer_id = v_order.customer_id and other.sales_order_id <> p_sales_order_id
                and case identity.identity_kind
                    when 'email' then v_party.buyer_email is null or lower(other_party.buyer_email) = lower(v_party.buyer_email)
                    when 'phone' then v_party.buyer_phone is null
                        or other_party.buyer_phone = v_party.buyer_phone and other_party.buyer_name = v_party.buyer_name
                    else v_party.buyer_name is null or other.shop_id = v_order.shop_id and other_party.buyer_name = v_party.buyer_name
                end
        );
    end if;
end;
$$;
comment on function customer.forget(bigint) is
    '個人情報を消す。受注の氏名、住所、電話、メール、備考、メール、問い合わせ、最後の受注なら見積の宛先、保留と要対応のメモ、手で入れた決済番号、入金を取り消した理由と元の通信。金額、税、在庫は残る。発行した請求書と領収書は、法定の保存期間が終わるまで残る。 | Forget. Deletes the personal data of an order, mails, inquiries, with the last order the addressees of quotations, notes on its holds and in the inbox, payment numbers typed by hand, why payments were taken back and its raw messages; totals, tax and stock stay. Issued invoices and receipts stay until the time is over for which the law keeps them.';
