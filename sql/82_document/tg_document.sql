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
drop trigger if exists tg_900_require_facts on document.issued_document;
create constraint trigger tg_900_require_facts after insert on document.issued_document
    deferrable initially deferred for each row execute function document.require_facts();
