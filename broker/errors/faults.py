"""From the check that failed in a provider's adapter to the error a person sees: one table."""

from broker.errors import unsafe, upstream
from broker.errors.journey import ProviderTooWeakError
from broker.errors.record import PasserelleError
from providers.faults import ProviderError, ProviderFault

_ENDPOINTS: dict[str, type[upstream.UpstreamError]] = {
    "token": upstream.TokenCallError,
    "userinfo": upstream.UserinfoCallError,
    "jwks": upstream.ProviderKeysError,
    "discovery": upstream.DiscoveryError,
    "par": upstream.PushedRequestError,
}

_PROBLEMS: dict[str, type[upstream.UpstreamError] | None] = {
    "unreachable": upstream.ProviderUnreachableError,
    "forbidden": upstream.ProviderUnreachableError,
    "slow": upstream.ProviderSlowError,
    "redirect": upstream.UpstreamRedirectError,
    "too_large": upstream.AnswerTooLargeError,
    "status": None,  # these two say something of the endpoint itself
    "not_json": None,
}

BY_CHECK: dict[str, type[PasserelleError]] = {
    f"{endpoint}_{problem}": kind or of_endpoint
    for endpoint, of_endpoint in _ENDPOINTS.items()
    for problem, kind in _PROBLEMS.items()
} | {
    "level_not_offered": ProviderTooWeakError,
    "circuit_open": upstream.ProviderUnreachableError,
    "issuer_mismatch": unsafe.MixUpError,
    "issuer_missing": unsafe.MixUpError,
    "no_code": upstream.AnswerWithoutCodeError,
    "discovery_malformed": upstream.DiscoveryError,
    "discovery_issuer": upstream.DiscoveryError,
    "par_malformed": upstream.PushedRequestError,
    "token_malformed": upstream.TokenCallError,
    "jwks_malformed": upstream.ProviderKeysError,
    "jwks_empty": upstream.ProviderKeysError,
    "userinfo_malformed": unsafe.UserinfoContentError,
    "userinfo_unsigned": unsafe.UserinfoContentError,
    "id_token_malformed": unsafe.UnsafeAnswerError,
    "alg_refused": unsafe.UpstreamAlgorithmError,
    "unknown_key": upstream.ProviderKeysError,
    "bad_signature": unsafe.UpstreamSignatureError,
    "unknown_crit": unsafe.UpstreamAlgorithmError,
    "header_key_refused": unsafe.UpstreamAlgorithmError,
    "typ_refused": unsafe.UpstreamAlgorithmError,
    "jwe_missing": unsafe.DecryptionError,
    "jwe_unexpected": unsafe.DecryptionError,
    "jwe_refused": unsafe.DecryptionError,
    "jwe_undecryptable": unsafe.DecryptionError,
    "claim_malformed": unsafe.UnsafeAnswerError,
    "wrong_issuer": unsafe.UpstreamIssuerError,
    "wrong_audience": unsafe.UpstreamAudienceError,
    "azp": unsafe.UpstreamAudienceError,
    "expired": unsafe.UpstreamExpiredError,
    "not_yet_valid": unsafe.UpstreamNotYetValidError,
    "issued_in_future": unsafe.UpstreamNotYetValidError,
    "missing_nonce": unsafe.UpstreamNonceError,
    "wrong_nonce": unsafe.UpstreamNonceError,
    "subject_invalid": unsafe.UpstreamSubjectError,
    "at_hash": unsafe.UpstreamHashError,
    "level_missing": unsafe.LevelNotAllowedError,
    "level_too_low": unsafe.LevelTooLowError,
    "level_not_allowed": unsafe.LevelNotAllowedError,
    "auth_time_missing": unsafe.UpstreamAuthTimeError,
    "auth_time_too_old": unsafe.UpstreamAuthTimeError,
    "auth_time_in_future": unsafe.UpstreamAuthTimeError,
    "subject_mismatch": unsafe.UserinfoSubjectError,
    "userinfo_issuer": unsafe.UserinfoContentError,
    "userinfo_audience": unsafe.UserinfoContentError,
    "account_missing": unsafe.UpstreamIdentityError,
    "trait_invalid": unsafe.UpstreamIdentityError,
}

_BY_ANSWER: dict[str, type[upstream.UpstreamError]] = {
    "access_denied": upstream.ProviderCancelledError,
    "temporarily_unavailable": upstream.ProviderBusyError,
    "server_error": upstream.ProviderBusyError,
}


def error_of(fault: ProviderFault) -> PasserelleError:
    """The error for this fault; a check without a class of its own gets the general one."""
    if isinstance(fault, ProviderError):
        kind: type[PasserelleError] = _BY_ANSWER.get(fault.error, upstream.ProviderRefusedError)
    else:
        kind = BY_CHECK.get(fault.check, upstream.UpstreamError)
    return kind(log={"check": fault.check, "fault": fault.number, **fault.private})
