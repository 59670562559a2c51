create or replace function base.setting_text(p_setting_code text)
    returns text
    language sql
    stable
    set search_path = ''
as $$
    select setting.value #>> '{}' from base.setting as setting where setting.setting_code = p_setting_code
$$;
comment on function base.setting_text(text) is '設定値。文字列として返す。なければ null。 | Setting value. As text; null when there is none.';
