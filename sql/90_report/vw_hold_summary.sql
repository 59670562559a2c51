create or replace view report.hold_summary with (security_invoker = true) as
select hold.hold_id, party.buyer_name,
    regexp_replace(coalesce(case hold.hold_reason
        when 'buyer_note' then party.buyer_note
        when 'recipient_incomplete' then concat_ws(' ', party.recipient_name, party.recipient_postal_code, party.recipient_region,
            party.recipient_address_line1, party.recipient_address_line2, party.recipient_phone)
        else hold.note
    end, ''), '[[:cntrl:]]+', ' ', 'g') as said
from sales.hold as hold
left join sales.sales_order_party as party on party.sales_order_id = hold.sales_order_id;
comment on view report.hold_summary is
    '保留のあらまし。一覧の一行で読む、誰の受注で何が書いてあるか。 @key(hold_id) | Holds in short. Whose order it is and what is written there, for one line of a list. @key(hold_id)';
comment on column report.hold_summary.hold_id is '番号。 | Number. Given by Daicho.';
comment on column report.hold_summary.buyer_name is '購入者名。@pii | Buyer. @pii';
comment on column report.hold_summary.said is '内容。備考、届け先、保留メモ。@pii | What it says. The note, the recipient, or why it is held. @pii';
