select undone.table_name, undone.row_key, undone.outcome, undone.reason, staff.change_no() as change_no
from staff.change_undo(:change_no, null, :most) as undone
