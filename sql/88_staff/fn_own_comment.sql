create or replace function staff.own_comment(p_label text, p_help text, p_tags text)
    returns text
    language sql
    immutable
    set search_path = ''
as $$
    select format(
        '%s。%s%s | %s.%s%s', split_part(p_label, ' | ', 1), split_part(coalesce(p_help, ''), ' | ', 1), p_tags,
        reverse(split_part(reverse(p_label), ' | ', 1)), ' ' || nullif(reverse(split_part(reverse(coalesce(p_help, '')), ' | ', 1)), ''), p_tags
    )
$$;
comment on function staff.own_comment(text, text, text) is 'コメントにする。名称と説明から。 | Make a comment. From a label and its help.';
