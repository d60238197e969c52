package channels

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// Form is what an administrator enters of a channel.
type Form struct {
	Once      domain.ID // names the form of a new channel: sent again it connects no other one
	Driver    string    // chooses the carrier.Product of a new channel; an existing one keeps its own
	Name      string
	Values    map[string]string // by carrier.Field.Name; an empty credential keeps the stored one
	Operators []domain.ID       // who handles it; none = everybody
	Ticked    []string          // of a new channel: message keys of what was ticked off beside the form
}

// applyForm writes what was entered into a channel. Invalid names every fault at once.
func applyForm(product carrier.Product, f Form, c *domain.Channel) error {
	old := *c
	c.Settings, c.Secrets = cloneMap(c.Settings), cloneMap(c.Secrets)
	c.Name, c.Operators = strings.TrimSpace(f.Name), f.Operators
	faults := domain.FieldErrors{}
	for _, field := range product.Fields {
		value := strings.TrimSpace(f.Values[field.Name])
		if kept := field.Secret && value == "" && field.Get(c) != ""; kept {
			continue
		}
		if key := field.Check(value); key != "" {
			faults.Add(field.Name, key)
			continue
		}
		field.Set(c, value)
	}
	var e *domain.Error
	if errors.As(c.Validate(), &e) {
		maps.Copy(faults, e.Fields)
	}
	guardSecrets(product, f, &old, c, faults)
	return faults.Err()
}

// guardSecrets adds a fault for each stored credential that was not entered again although the server that it goes to
// changes: whoever may change the address could otherwise have it sent to a server of their own.
func guardSecrets(product carrier.Product, f Form, old, c *domain.Channel, faults domain.FieldErrors) {
	moved := slices.ContainsFunc(
		product.Fields,
		func(x carrier.Field) bool { return x.Address && x.Get(old) != x.Get(c) },
	)
	for _, field := range product.Fields {
		if moved && field.IsHidden() && strings.TrimSpace(f.Values[field.Name]) == "" &&
			field.Get(old) != "" {
			faults.Add(field.Name, "error.field.secret_again")
		}
	}
}

// cloneMap copies a map; nil becomes an empty one.
func cloneMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return maps.Clone(m)
}

// haveSettingsChanged reports whether two versions of a channel differ in a field of its form.
func haveSettingsChanged(product carrier.Product, a, b *domain.Channel) bool {
	return slices.ContainsFunc(product.Fields, func(f carrier.Field) bool { return f.Get(a) != f.Get(b) })
}

// keepTicks drops from what was ticked whatever the product has not to tick.
func keepTicks(product carrier.Product, ticked []string) (kept []string) {
	for _, key := range slices.Concat(product.Prerequisites, product.Steps, product.Events) {
		if slices.Contains(ticked, key) {
			kept = append(kept, key)
		}
	}
	return kept
}
