select error.sqlstate, error.label from base.error as error order by error.sqlstate
