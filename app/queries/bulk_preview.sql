select preview.of_all, preview.differing, preview.row_key, preview.old
from staff.change_preview(:relation, cast(:condition as jsonb), cast(:keys as jsonb), cast(:values as jsonb), :most) as preview
