-- The roles that hold no more than this one: what its people may hand on.
select role.staff_role, role.label
from staff.staff_role as role
where role.staff_role <> 'system' and role.ended_at is null and access.role_within(role.staff_role, :staff_role)
order by role.staff_role <> :staff_role, role.is_own, role.label
