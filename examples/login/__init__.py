"""A login with a captcha, as small as can be."""
