"""Mail: what went, the templates that it is written from, sets of orders that it is sent to."""

from app.desk.mails.accounts import MailAccounts
from app.desk.mails.message import Mails
from app.desk.mails.sending import Mailings
from app.desk.mails.templates import MailTemplates

__all__ = ["VIEWS"]

VIEWS = (Mails, MailTemplates, Mailings, MailAccounts)
