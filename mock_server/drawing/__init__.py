"""A number and a seed → the text of a captcha and its picture."""
