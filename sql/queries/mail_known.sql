select variable.variable from mail.mail_variable as variable order by variable.rank;
