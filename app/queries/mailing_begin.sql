-- Begin a mailing.
select mail.mailing_begin(:template_code, :label, cast(:ids as bigint[]))
