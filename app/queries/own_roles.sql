-- The roles that can be given something, in the order of their making.
select role.staff_role, role.label
from staff.staff_role as role
where role.staff_role <> 'system' and role.ended_at is null
order by role.is_own, role.staff_role <> 'owner', role.staff_role
