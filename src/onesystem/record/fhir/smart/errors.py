"""Refusals in the words of OAuth 2 (RFC 6749, section 5.2). Pure."""


class OAuthError(Exception):
    """What is asked for is refused: `code` is OAuth's word, `words` say it with the cure."""

    def __init__(self, code: str, words: str, *, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.words, self.status = code, words, status

    def as_json(self) -> dict[str, str]:
        """As it is sent."""
        return {"error": self.code, "error_description": self.words}


def invalid_client(words: str) -> OAuthError:
    """Who asks did not prove who they are."""
    return OAuthError("invalid_client", words, status=401)


def invalid_grant(words: str) -> OAuthError:
    """A code or a refresh token that is not, or no longer, good."""
    return OAuthError("invalid_grant", words)
