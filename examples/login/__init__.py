"""A login with a captcha, as small as can be: documents, the spec derived of them, and a page."""
