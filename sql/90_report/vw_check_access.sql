create or replace view report.check_access with (security_invoker = true) as
with house as (
    select namespace.oid, namespace.nspname
    from pg_catalog.pg_namespace as namespace
    where namespace.nspname in ('base', 'catalog', 'channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit', 'staff', 'access', 'report')
)
select 'ビューが読む人の権限で動かない | View without security_invoker' as finding, class.oid::regclass::text as name
from pg_catalog.pg_class as class
join house on house.oid = class.relnamespace
where class.relkind = 'v' and not coalesce(class.reloptions @> array['security_invoker=true'], false)
union all
select '誰でも呼べる関数 | Function that everybody may call', function.oid::regprocedure::text
from pg_catalog.pg_proc as function
join house on house.oid = function.pronamespace
where has_function_privilege('public', function.oid, 'execute')
union all
select '検索経路の開いた関数 | Definer function without an empty search_path', function.oid::regprocedure::text
from pg_catalog.pg_proc as function
join house on house.oid = function.pronamespace
where function.prosecdef and not coalesce(function.proconfig @> array['search_path=""'], false)
union all
select '管理者の権限で動く関数 | Definer function of a superuser', function.oid::regprocedure::text
from pg_catalog.pg_proc as function
join house on house.oid = function.pronamespace
join pg_catalog.pg_roles as owner on owner.oid = function.proowner
where function.prosecdef and owner.rolsuper
union all
select '表の持ち主の権限で動く関数 | Definer function of the tables'' owner that is not listed', function.oid::regprocedure::text
from pg_catalog.pg_proc as function
join house on house.oid = function.pronamespace
join pg_catalog.pg_namespace as namespace on namespace.nspname = 'sales' and namespace.nspowner = function.proowner
where function.prosecdef and function.pronamespace <> 'access'::regnamespace and function.prorettype <> 'trigger'::regtype
    -- They change the schema for the owner, and check what they are given
    and not (function.pronamespace = 'staff'::regnamespace and function.proname in (
        'own_column_add', 'own_column_change', 'own_column_remove', 'own_column_restore', 'own_column_delete', 'own_table_add',
        'own_table_change', 'own_table_remove', 'own_table_restore', 'own_table_delete', 'own_loss', 'own_apply'
    ))
    -- It counts the promises of all shops, and tells of those in scope
    and not (function.pronamespace = 'sales'::regnamespace and function.proname = 'orders_beyond_shelf')
union all
select '範囲の決まりのない表 | Scoped table without a row policy', class.oid::regclass::text
from pg_catalog.pg_class as class
join house on house.oid = class.relnamespace
where class.relkind in ('r', 'p') and not class.relrowsecurity
    and house.nspname in ('channel', 'customer', 'sales', 'stock', 'shipping', 'mail', 'document', 'transit')
    and exists (
        select from pg_catalog.pg_attribute as attribute
        where attribute.attrelid = class.oid and attribute.attname in ('shop_id', 'warehouse_id', 'sales_order_id', 'customer_id')
    )
union all
select '全員に開いた行の決まり | Row policy to everybody', policy.polrelid::regclass::text || ' ' || policy.polname
from pg_catalog.pg_policy as policy
where 0 = any(policy.polroles)
union all
select '全員に許した表 | Table that everybody may touch', class.oid::regclass::text
from pg_catalog.pg_class as class
join house on house.oid = class.relnamespace
cross join lateral pg_catalog.aclexplode(class.relacl) as acl
where acl.grantee = 0
union all
select '全員に許した列 | Column that everybody may touch', format('%s.%I', class.oid::regclass, attribute.attname)
from pg_catalog.pg_attribute as attribute
join pg_catalog.pg_class as class on class.oid = attribute.attrelid
join house on house.oid = class.relnamespace
cross join lateral pg_catalog.aclexplode(attribute.attacl) as acl
where acl.grantee = 0 and not attribute.attisdropped
union all
select '読む人を問わない行の決まり | Row policy that asks nobody who they are', policy.polrelid::regclass::text || ' ' || policy.polname
from pg_catalog.pg_policy as policy
join pg_catalog.pg_class as class on class.oid = policy.polrelid
join house on house.oid = class.relnamespace
where policy.polpermissive and coalesce(pg_catalog.pg_get_expr(policy.polqual, policy.polrelid), '') !~ 'access\.'
union all
select '行の決まりが及ばない写し | Stored copy that no row policy binds', class.oid::regclass::text
from pg_catalog.pg_class as class
join house on house.oid = class.relnamespace
where class.relkind in ('m', 'f');
comment on view report.check_access is
    '権限検査。開きすぎた権限。空であること。 @key(finding,name) | Access check. Rights that are too open; must be empty. @key(finding,name)';
comment on column report.check_access.finding is '見つかったこと。 | Finding.';
comment on column report.check_access.name is '名前。 | Name.';
