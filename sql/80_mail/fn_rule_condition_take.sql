create or replace function mail.rule_condition_take(p_mail_rule_id bigint, p_saved_search_id bigint default null)
    returns void
    language plpgsql
    set search_path = ''
as $$
declare
    v_condition jsonb;
    v_relation text;
begin
    -- With the rights of who asks: their own searches and those shared with them. A later change of the search changes no rule.
    if p_saved_search_id is not null then
        select search.condition, search.relation
        into v_condition, v_relation
        from staff.saved_search as search
        where search.saved_search_id = p_saved_search_id;
        if v_relation is distinct from 'sales.sales_order' then
            raise exception '受注の抽出条件を選びます。 | Choose a saved search of orders.'
                using errcode = 'DC010', column = 'saved_search_id',
                hint = '受注の一覧で条件を付けて保存すると、ここで選べます。 | Set conditions in the list of orders and save them, and choose them here.';
        end if;
    end if;
    update mail.mail_rule as rule set condition = v_condition where rule.mail_rule_id = p_mail_rule_id;
    if not found then
        raise exception '規則 % は見つかりません。 | Rule % is not there.', p_mail_rule_id, p_mail_rule_id
            using errcode = 'DC404', hint = '一覧を開き直します。 | Open the list again.';
    end if;
end;
$$;
comment on function mail.rule_condition_take(bigint, bigint) is
    '条件を保存した検索から取る。空なら条件なし。 | Take the condition from a saved search of orders; empty for none.';
