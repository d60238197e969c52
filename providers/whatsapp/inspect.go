package whatsapp

import (
	"context"
	"errors"
	"slices"

	"pult/domain/carrier"
	"pult/providers/graph"
)

// sendPermission is the permission without which a token may not send.
const sendPermission = "whatsapp_business_messaging"

// Inspect looks at the token and at the number. Of its end a token is asked in its own name, which Meta allows the
// developer of its app (Graph API, debug_token); where it is not allowed the end is not known.
func (d *Driver) Inspect(ctx context.Context) (carrier.Condition, error) {
	c, err := d.inspectToken(ctx)
	if err != nil || c.State == carrier.ConditionBroken {
		return c, err
	}
	_, err = d.Test(ctx)
	var e *carrier.Error
	if errors.As(err, &e) && (e.Class == carrier.Unauthorised || e.Class == carrier.InvalidValue) {
		return carrier.Condition{State: carrier.ConditionBroken, Words: e.Key}, nil
	}
	return c, err
}

// inspectToken is what is known of the token. An error means that nothing could be found out.
func (d *Driver) inspectToken(ctx context.Context) (carrier.Condition, error) {
	t, err := d.api.InspectToken(ctx, d.cfg.AccessToken)
	var e *carrier.Error
	switch {
	case errors.As(err, &e) && (e.Unanswered() || e.Class == carrier.RateLimited):
		return carrier.Condition{}, err
	case err != nil:
		return carrier.Condition{State: carrier.ConditionGood}, nil // it may not ask; the test says whether it works
	case !bool(t.Valid):
		return carrier.Condition{State: carrier.ConditionBroken, Words: "provider.whatsapp.190"}, nil
	case len(t.Scopes) > 0 && !slices.Contains(t.Scopes, sendPermission):
		return carrier.Condition{
			State: carrier.ConditionBroken,
			Words: "provider.whatsapp.health.scope",
			Args:  map[string]any{"permission": sendPermission},
		}, nil
	}
	return graph.ConditionUntil(graph.TokenEnd(t.Expires), d.cfg.Now(), "provider.whatsapp.health.expires"), nil
}
