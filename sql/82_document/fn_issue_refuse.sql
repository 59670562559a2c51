create or replace function document.issue_refuse(p_sales_order_id bigint, p_document_kind text)
    returns void
    language plpgsql
    stable
    set search_path = ''
as $$
declare
    v_order record;
    v_live record;
    v_paid numeric;
    v_due numeric;
begin
    select known.order_no, known.cancelled_at, known.shipped_at, known.total, known.currency_code, known.paid_at, known.is_history,
        sender.invoice_registration_no, kind.family, coalesce(party.buyer_name, '') || coalesce(party.buyer_company, '') as buyer
    into strict v_order
    from sales.sales_order as known
    join document.issued_kind as kind on kind.document_kind = p_document_kind
    left join document.sender as sender on sender.shop_id = known.shop_id
    left join sales.sales_order_party as party on party.sales_order_id = known.sales_order_id
    where known.sales_order_id = p_sales_order_id;
    select live.document_no, live.issued_on into v_live
    from document.issued_live(p_sales_order_id, v_order.family) as live
    where v_order.family <> 'return'
    limit 1;
    if v_live.document_no is not null then
        raise exception '受注 % にはすでに % があります（% 発行）。 | Order % has % already, issued on %.', v_order.order_no, v_live.document_no, v_live.issued_on,
            v_order.order_no, v_live.document_no, v_live.issued_on
            using errcode = 'DC010', hint = '発行済み帳票から写しを印刷します。作り直すなら、先に取り消します。 | Print a copy from the issued documents. To make it anew, void that one first.';
    end if;
    if p_document_kind <> 'receipt' and v_order.invoice_registration_no is null then
        raise exception '受注 % の店舗に登録番号がありません。 | The shop of order % has no registration no.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '適格請求書発行事業者なら「差出人」に登録番号を入れます。登録がなければ領収書を作れます。 | A qualified issuer enters it under Sender. Without registration a receipt can be made.';
    end if;
    if v_order.total is null then
        raise exception '受注 % の金額が決まっていません。 | The amount of order % is not fixed.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '店舗が金額を確定してから作ります。 | Make it when the shop has fixed the amount.';
    end if;
    if v_order.family = 'return' then
        if not exists (select from document.issued_live(p_sales_order_id, 'invoice')) then
            raise exception '受注 % には請求書がありません。 | Order % has no invoice.', v_order.order_no, v_order.order_no
                using errcode = 'DC010', hint = '返還請求書は、請求書を出した後の取消や返金に作ります。締め請求書の受注なら、次の締め請求書で引かれます。 | A return invoice is for what was given back after an invoice. What comes back of an order on a statement is taken off the next one.';
        end if;
        return;
    end if;
    if v_order.cancelled_at is not null then
        raise exception '受注 % はキャンセルされています。 | Order % is cancelled.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '請求するものがありません。 | There is nothing to invoice.';
    end if;
    if v_order.family = 'invoice' and v_order.shipped_at is null then
        raise exception '受注 % は出荷前です。 | Order % has not been shipped.', v_order.order_no, v_order.order_no
            using errcode = 'DC010', hint = '取引日が決まる出荷の後に作ります。入金済みなら領収書は作れます。 | Make it after shipment, which is the date of the transaction. A receipt can be made as soon as it is paid.';
    end if;
    if v_order.family = 'receipt' then
        select coalesce(sum(payment.amount), 0) into v_paid from sales.payment as payment where payment.sales_order_id = p_sales_order_id;
        if v_order.is_history and v_order.paid_at is not null then
            v_paid := v_order.total;
        end if;
        select document.charge(p_sales_order_id, true) into v_due;
        if v_paid < v_due or v_paid <= 0 then
            raise exception '受注 % の入金は % のうち % です。 | Of order %, % is paid of %.', v_order.order_no, trim_scale(v_due), trim_scale(v_paid), v_order.order_no, trim_scale(v_paid), trim_scale(v_due)
                using errcode = 'DC010', hint = '領収書は受け取った額にだけ作れます。入金を記録してから作ります。 | A receipt is for what was received. Record the payment first.';
        end if;
    end if;
end;
$$;
comment on function document.issue_refuse(bigint, text) is
    '発行できない理由。なければ何もしない。 | Why a document cannot be issued; nothing where it can.';
