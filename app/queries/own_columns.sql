-- Every column of the shop's own: from the page, by its row; by hand, as the schema has it.
select own_column.own_column_id, own_column.table_name, own_column.column_name, own_column.kind, own_column.label, own_column.help,
    own_column.choices, own_column.reference_table, own_column.is_required, own_column.default_text, own_column.readers, own_column.writers,
    own_column.created_at, coalesce(account.display_name, account.login_name) as made_by, own_column.removed_at, own_column.version,
    own_table.removed_at is not null as table_is_removed
from staff.own_column as own_column
left join staff.account as account on account.account_id = own_column.created_by
left join staff.own_table as own_table on own_table.table_name = own_column.table_name
where :number = 0 or own_column.own_column_id = :number
union all
select null, class.oid::regclass::text, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod),
    coalesce(col_description(class.oid, attribute.attnum), attribute.attname), null, null, null, attribute.attnotnull, null, null, null, null, null,
    null, null, false
from pg_catalog.pg_attribute as attribute
join pg_catalog.pg_class as class on class.oid = attribute.attrelid and class.relkind in ('r', 'p')
where :number = 0 and class.relnamespace::regnamespace::text = any(:schemas) and class.relnamespace <> 'own'::regnamespace
    and attribute.attname like 'x\_%' and not attribute.attisdropped and attribute.attnum > 0
    and not exists (
        select from staff.own_column as known
        where known.table_name = class.oid::regclass::text
            and attribute.attname in (known.column_name, 'x_removed_' || known.own_column_id)
    )
order by 2, 1 nulls last
limit 2000
