insert into staff.list_layout as layout (account_id, relation, columns)
values (access.account_id(), :relation, :columns)
on conflict (account_id, relation) do update set columns = excluded.columns
