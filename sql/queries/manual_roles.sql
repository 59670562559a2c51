select role.staff_role as code, role.label, role.purpose, %(prefix)s || role.staff_role as name
from staff.staff_role as role
where role.staff_role <> 'system' and not role.is_own
order by array_position(array['owner', 'manager', 'order_desk', 'support', 'warehouse', 'purchasing', 'merchandiser', 'accounting',
    'analyst', 'outside_warehouse'], role.staff_role::text)
