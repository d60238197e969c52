package graph

import (
	"context"
	"net/url"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// TokenState is what Meta says of an access token when it is asked by debug_token.
type TokenState struct {
	Valid      Bool        `json:"is_valid"`
	Expires    wire.Number `json:"expires_at"` // seconds since 1970; 0 = never
	DataAccess wire.Number `json:"data_access_expires_at"`
	Scopes     []text      `json:"scopes"`
}

// InspectToken asks about a token in the name of whoever the API's own token belongs to: the app, or the token itself
// for its own app's developer.
func (a *API) InspectToken(ctx context.Context, token domain.Secret) (TokenState, error) {
	var answer struct {
		Data TokenState `json:"data"`
	}
	err := a.Get(ctx, url.Values{"input_token": {token.Reveal()}}, &answer, "debug_token")
	return answer.Data, err
}

// warnAhead is how early people are told that a token ends.
const warnAhead = 14 * 24 * time.Hour

// ConditionUntil is the condition of a channel whose token ends at a time, zero = never: good, or a warning from
// warnAhead before, with the sentence words.
func ConditionUntil(expires, now time.Time, words string) carrier.Condition {
	c := carrier.Condition{State: carrier.ConditionGood, Expires: expires}
	if !expires.IsZero() && expires.Before(now.Add(warnAhead)) {
		c.State, c.Words = carrier.ConditionWarning, words
	}
	return c
}

// TokenEnd is the first of the times that are told; zero when none is.
func TokenEnd(told ...wire.Number) (end time.Time) {
	for _, seconds := range told {
		at := time.Unix(int64(seconds), 0).UTC()
		if seconds > 0 && seconds <= wire.MaxUnixSeconds && (end.IsZero() || at.Before(end)) {
			end = at
		}
	}
	return end
}
