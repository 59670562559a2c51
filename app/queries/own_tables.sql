-- Every table of the shop's own: from the page, by its row; by hand, as the schema has it.
select own_table.own_table_id, own_table.table_name, own_table.label, own_table.help, own_table.readers, own_table.writers,
    own_table.created_at, coalesce(account.display_name, account.login_name) as made_by, own_table.removed_at, own_table.version
from staff.own_table as own_table
left join staff.account as account on account.account_id = own_table.created_by
where :number = 0 or own_table.own_table_id = :number
union all
select null, 'own.' || class.relname, coalesce(obj_description(class.oid, 'pg_class'), class.relname), null, null, null, null, null, null, null
from pg_catalog.pg_class as class
where :number = 0 and class.relnamespace = 'own'::regnamespace and class.relkind in ('r', 'p') and class.relname not like 'removed\_%'
    and not exists (select from staff.own_table as known where known.table_name = 'own.' || class.relname)
order by 2, 1 nulls last
limit 500
