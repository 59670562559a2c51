-- The roles of staff that are in force, in the order in which they were given out.
select role.staff_role, role.label, role.purpose, role.is_own
from staff.staff_role as role
join pg_catalog.pg_roles as login on login.rolname = :prefix || role.staff_role
where role.ended_at is null and role.staff_role <> 'system'
order by role.is_own, role.staff_role <> 'owner', role.staff_role <> 'manager', role.staff_role
