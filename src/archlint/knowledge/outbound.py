"""Calls that leave the process: awaited ones by kind, and slow deliveries nobody needs the result of."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Packages whose awaitables do not leave the process.
LOCAL = (
    "asyncio.", "anyio.", "trio.", "curio.", "aiofiles.", "starlette.", "fastapi.", "aioshutil.", "filelock.",
    "fsspec.", "asgiref.", "list.",
)

#: Requests that only read: the order in which they are made does not matter.
READS: frozenset[str] = frozenset((
    "httpx.AsyncClient.get", "httpx.AsyncClient.head", "httpx.AsyncClient.options",
    "aiohttp.ClientSession.get", "aiohttp.ClientSession.head", "aiohttp.ClientSession.options",
    "niquests.AsyncSession.get", "niquests.aget", "curl_cffi.requests.AsyncSession.get",
))
#: What is done with the answer.
ANSWERS = ("httpx.Response.", "aiohttp.ClientResponse.", "aiohttp.StreamReader.", "requests.Response.")

#: Deliveries by what they deliver.
DELIVERIES: dict[str, str] = {
    "django.core.mail.send_mail": "mail", "django.core.mail.send_mass_mail": "mail",
    "django.core.mail.mail_admins": "mail", "django.core.mail.mail_managers": "mail",
    "django.core.mail.EmailMessage.send": "mail", "django.core.mail.EmailMultiAlternatives.send": "mail",
    "smtplib.SMTP.send_message": "mail", "smtplib.SMTP.sendmail": "mail", "smtplib.SMTP_SSL.send_message": "mail",
    "smtplib.SMTP_SSL.sendmail": "mail", "flask_mail.Mail.send": "mail", "flask_mail.Mail.send_message": "mail",
    "aiosmtplib.send": "mail", "aiosmtplib.SMTP.send_message": "mail", "aiosmtplib.SMTP.sendmail": "mail",
    "fastapi_mail.FastMail.send_message": "mail", "sendgrid.SendGridAPIClient.send": "mail",
    "twilio.rest.Resource.create": "a message", "twilio.rest.Resource.create_async": "a message",
    "slack_sdk.WebClient.chat_postMessage": "a message", "slack_sdk.WebhookClient.send": "a message",
    "slack_sdk.web.async_client.AsyncWebClient.chat_postMessage": "a message",
    "slack_sdk.webhook.async_client.AsyncWebhookClient.send": "a message",
    "weasyprint.HTML.write_pdf": "a PDF", "pdfkit.from_string": "a PDF", "pdfkit.from_url": "a PDF",
    "pdfkit.from_file": "a PDF", "xhtml2pdf.pisa.CreatePDF": "a PDF",
}

#: Backends under which sending a mail only queues it.
QUEUED_MAIL = ("djcelery_email", "post_office", "django_yubin", "mailer.backend")

CLASSES: dict[str, dict[str, str]] = {
    "fastapi_mail.FastMail": {"<init>": "", "send_message": "A"},
}
