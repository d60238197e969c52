package messenger

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
)

// fields are the events that a page has to be subscribed to. Subscribing replaces the whole list.
var fields = []string{
	"messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes", "message_reactions", "message_edits",
	"messaging_referrals", "messaging_optins", "messaging_handovers", "standby", "messaging_policy_enforcement",
}

// Test asks whose the token is. One of another page is Invalid with the key provider.messenger.wrong_page, one of
// another app than the secret's with provider.messenger.wrong_secret.
func (d *Driver) Test(ctx context.Context) (carrier.Account, error) {
	var me storedPerson
	if err := d.api.Get(ctx, url.Values{"fields": {"id,name"}}, &me, "me"); err != nil {
		return carrier.Account{}, explainOtherApp(err)
	}
	if string(me.ID) != d.cfg.PageID {
		return carrier.Account{}, carrier.NewRefusal("provider.messenger.wrong_page")
	}
	return carrier.Account{Name: string(me.Name)}, nil
}

// explainOtherApp recognises the complaint about the proof that token and secret belong together.
func explainOtherApp(err error) error {
	var e *carrier.Error
	if errors.As(err, &e) && strings.HasPrefix(e.Code, "100") && strings.Contains(e.Detail, "appsecret_proof") {
		return &carrier.Error{
			Class:  carrier.InvalidValue,
			Code:   e.Code,
			Key:    "provider.messenger.wrong_secret",
			Detail: e.Detail,
		}
	}
	return err
}

// Subscribe makes the vendor send webhooks for this page.
func (d *Driver) Subscribe(ctx context.Context) error {
	var answer struct {
		Success yes `json:"success"`
	}
	err := d.api.Post(
		ctx,
		false,
		map[string]string{"subscribed_fields": strings.Join(fields, ",")},
		&answer,
		d.cfg.PageID,
		"subscribed_apps",
	)
	if err == nil && !bool(answer.Success) {
		return &carrier.Error{Class: carrier.Temporary, Key: "provider.messenger.not_subscribed"}
	}
	return err
}

// isSubscribed reports whether the vendor sends webhooks for this page. Without knowing our app any app with messages
// will do.
func (d *Driver) isSubscribed(ctx context.Context) (bool, error) {
	var list struct {
		Data []struct {
			ID     text   `json:"id"`
			Fields []text `json:"subscribed_fields"`
		} `json:"data"`
	}
	if err := d.api.Get(ctx, nil, &list, d.cfg.PageID, "subscribed_apps"); err != nil {
		return false, err
	}
	for _, app := range list.Data {
		if d.cfg.AppID == "" || string(app.ID) == d.cfg.AppID {
			return len(app.Fields) == 0 || slices.Contains(app.Fields, "messages"), nil
		}
	}
	return false, nil
}

// lookBehind is how far back is looked for what was missed: the vendor does not tell since when it did not call, and three
// days are a weekend nobody looked.
const lookBehind = 3 * day

// Inspect looks at the token and at the page's subscription, which the vendor ends by itself when the desk was away for
// an hour. A subscription that is gone is made anew.
func (d *Driver) Inspect(ctx context.Context) (carrier.Condition, error) {
	c, err := d.tokenCondition(ctx)
	if err != nil || c.State == carrier.ConditionBroken {
		return c, err
	}
	there, err := d.isSubscribed(ctx)
	if err == nil && !there {
		err = d.Subscribe(ctx)
		c.Repaired, c.Missed = true, d.cfg.Now().Add(-lookBehind)
	}
	var e *carrier.Error
	if errors.As(err, &e) && e.Class == carrier.Unauthorised {
		return carrier.Condition{State: carrier.ConditionBroken, Words: e.Key}, nil
	}
	return c, err
}

// inspectToken asks about a token in the name of the app, which holds also for a token that is dead.
func inspectToken(ctx context.Context, api *graph.API, appID string, secret, token domain.Secret) (graph.TokenState, error) {
	return api.WithToken(domain.Secret(appID+"|"+secret.Reveal())).InspectToken(ctx, token)
}

func (d *Driver) tokenCondition(ctx context.Context) (carrier.Condition, error) {
	good := carrier.Condition{State: carrier.ConditionGood}
	if d.cfg.AppID == "" {
		return d.plainCondition(ctx)
	}
	t, err := inspectToken(ctx, d.api, d.cfg.AppID, d.cfg.AppSecret, d.cfg.PageToken)
	var e *carrier.Error
	switch {
	case errors.As(err, &e) && e.Class == carrier.Unauthorised:
		return carrier.Condition{State: carrier.ConditionBroken, Words: "provider.messenger.health.app"}, nil
	case err != nil:
		return good, err
	case !bool(t.Valid):
		return carrier.Condition{State: carrier.ConditionBroken, Words: "provider.messenger.health.token"}, nil
	case len(t.Scopes) > 0 && !slices.Contains(t.Scopes, "pages_messaging"):
		return carrier.Condition{
			State: carrier.ConditionBroken,
			Words: "provider.messenger.health.scope",
			Args:  map[string]any{"permission": "pages_messaging"},
		}, nil
	}
	ends := graph.TokenEnd(t.Expires, t.DataAccess)
	return graph.ConditionUntil(ends, d.cfg.Now(), "provider.messenger.health.expires"), nil
}

// plainCondition is what can be found out with nothing but the page's own token.
func (d *Driver) plainCondition(ctx context.Context) (carrier.Condition, error) {
	_, err := d.Test(ctx)
	var e *carrier.Error
	if errors.As(err, &e) && (e.Class == carrier.Unauthorised || e.Class == carrier.InvalidValue) {
		return carrier.Condition{State: carrier.ConditionBroken, Words: e.Key}, nil
	}
	return carrier.Condition{State: carrier.ConditionGood}, err
}

// Profile asks for name and picture, and where the app may not see profiles for the name in the list of conversations.
func (d *Driver) Profile(ctx context.Context, who domain.Identity) (carrier.Profile, error) {
	var w struct {
		First   text `json:"first_name"`
		Last    text `json:"last_name"`
		Name    text `json:"name"`
		Picture text `json:"profile_pic"`
	}
	// A field that the app may not see fails the whole request: only those that every profile has are asked for.
	err := d.api.Get(ctx, url.Values{"fields": {"first_name,last_name,name,profile_pic"}}, &w, who.Value)
	p := carrier.Profile{Person: carrier.Person{Identities: []domain.Identity{who}}, Picture: string(w.Picture)}
	p.Name = strings.TrimSpace(string(cmp.Or(w.Name, text(strings.TrimSpace(string(w.First)+" "+string(w.Last))))))
	p.Details = personDetails(map[string]text{"contact.detail.first_name": w.First, "contact.detail.last_name": w.Last})
	if err != nil && !isPrivate(err) || p.Name != "" {
		return p, err
	}
	c, err := d.conversationWith(ctx, who.Value, "participants")
	if err != nil {
		return p, err
	}
	if other, ok := d.customerOf(c); ok {
		p.Name = other.Name
	}
	return p, nil
}

// isPrivate reports whether the vendor refused to speak about a person, with which nothing is wrong.
func isPrivate(err error) bool {
	var e *carrier.Error
	return errors.As(err, &e) && !e.Class.CanRetry() && e.Class != carrier.Uncertain && e.Code != "190"
}

func personDetails(in map[string]text) map[string]string {
	out := map[string]string{}
	for key, value := range in {
		if value != "" {
			out[key] = string(value)
		}
	}
	return out
}
