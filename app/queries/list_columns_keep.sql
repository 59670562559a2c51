insert into staff.list_layout as layout (account_id, relation_name, columns)
values (access.account_id(), :relation, :columns)
on conflict (account_id, relation_name) do update set columns = excluded.columns
