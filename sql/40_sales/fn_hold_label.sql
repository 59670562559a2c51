create or replace function sales.hold_label(p_order_no text, p_label text)
    returns text
    language sql
    immutable
as $$
    select p_order_no || ' ' || replace(p_label, ' | ', ' | ' || p_order_no || ' ')
$$;
comment on function sales.hold_label(text, text) is
    '保留の見出し。伝票番号と理由を、両方の言語で。 | Title of a hold. The slip''s number and the reason, in both languages.';
