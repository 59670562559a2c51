create or replace view report.issued_document with (security_invoker = true) as
select issued.issued_document_id, party.addressee, void.voided_at is not null as is_void, coalesce(copies.copies, 0) as copies,
    document.kept_until(issued.issued_on) as kept_until
from document.issued_document as issued
join document.issued_party as party on party.issued_document_id = issued.issued_document_id
left join document.issued_void as void on void.issued_document_id = issued.issued_document_id
left join lateral (
    select count(*) as copies from document.issued_copy as copy where copy.issued_document_id = issued.issued_document_id
) as copies on true;
comment on view report.issued_document is
    '発行した帳票の今。宛名、取消、控えの数、保存期限。 @key(issued_document_id) | Issued document as it is now. Its addressee, whether it is void, how often it was handed out, until when it is kept. @key(issued_document_id)';
comment on column report.issued_document.issued_document_id is '番号。 | Number. Given by Daicho.';
comment on column report.issued_document.addressee is '宛名。@pii | Addressee. @pii';
comment on column report.issued_document.is_void is '取消済み。 | Void.';
comment on column report.issued_document.copies is '出した数。1 は原本だけ。 | Handed out. 1 is the original alone.';
comment on column report.issued_document.kept_until is '保存期限。 | Kept until.';
