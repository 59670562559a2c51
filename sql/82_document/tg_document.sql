create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_document
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_line
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_tax_line
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_content
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.template_text
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_copy
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_void
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_statement
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_statement_order
    for each statement execute function base.refuse_change();
create or replace trigger tg_100_refuse_change before update or delete or truncate on document.issued_statement_payment
    for each statement execute function base.refuse_change();
drop trigger if exists tg_900_require_facts on document.issued_document;
create constraint trigger tg_900_require_facts after insert on document.issued_document
    deferrable initially deferred for each row execute function document.require_facts();
create or replace trigger tg_300_one_invoice after insert on document.issued_document
    for each row when (new.family = 'invoice') execute function document.refuse_second_invoice();
create or replace trigger tg_300_one_invoice after insert on document.issued_statement_order
    for each row when (new.statement_part is not null) execute function document.refuse_second_invoice();
