-- What a template may say.
select variable.variable, variable.label from mail.mail_variable as variable order by variable.rank
