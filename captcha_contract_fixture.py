"""What the installed package gives every pytest run: one session fixture, and no option.

```python
def test_login(captcha_mock_server):
    made = requests.post(f"{captcha_mock_server.url}/oauth/api/account/getImgCode").json()
    answer = captcha_mock_server.answer(made["data"]["img_code_id"])
```

It stands beside the packages, under a name that nobody else has: pytest loads it in every run, also
where a folder has a `mock_server` of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # pytest loads this module in every run, the mock server only in some
    from mock_server.answers.issued_texts import NumberForm
    from mock_server.drawing.captcha import Captchas


@dataclass(frozen=True, slots=True)
class CaptchaMockServer:
    """A running mock server.

    Attributes:
        url: what the path of an operation is appended to.
        captchas: makes and knows every captcha of the server.
        forms: those of their numbers.
    """

    url: str
    captchas: Captchas
    forms: tuple[NumberForm, ...] = ()

    def answer(self, number: str | int) -> str:
        """Give the text that the picture of an image number shows, in whatever form it came."""
        from mock_server.answers.issued_texts import numbers_in

        named = str(number)
        return self.captchas.text(next(numbers_in(named, self.captchas, self.forms), named))


@pytest.fixture(scope="session")
def captcha_mock_server() -> Iterator[CaptchaMockServer]:
    """Serve the spec on a free loopback port for the whole session.

    The spec is the one that `CAPTCHA_CONTRACT_SPEC` names, else `openapi/openapi.yaml` of the
    current folder, else the packaged one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # connexion's own, at import
        from contract.spec.default import default_spec
        from contract.spec.loading import load
        from mock_server.app import application
        from mock_server.drawing.captcha import Captchas
        from mock_server.held_captchas import Terms
        from mock_server.serving.server import serving

    captchas = Captchas("captcha_mock_server")
    app = application(load(default_spec().path), captchas, terms=Terms())
    with serving(app) as url:
        yield CaptchaMockServer(url, captchas, app.forms)
