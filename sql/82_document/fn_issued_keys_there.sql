create or replace function document.issued_keys_there()
    returns setof bigint
    language sql
    stable
    security definer
    set search_path = ''
as $$
    select issued.issued_document_id
    from document.issued_document as issued
    where issued.shop_id = any((select access.shop_ids())::bigint[]) and document.kept_until(issued.issued_on) < base.today()
        and exists (select from document.issued_key as key where key.issued_document_id = issued.issued_document_id)
$$;
comment on function document.issued_keys_there() is
    '期限を過ぎたのに鍵の残る帳票。検査が見る。鍵は渡さない。 | Documents whose time is over and whose key is still there. For the check; it hands out no key.';
