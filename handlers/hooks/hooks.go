// Package hooks answers machines: webhooks of vendors, files that vendors fetch, our own question to ourselves, and
// whether the program runs.
//
// The map of its files: hooks.go builds the handlers; webhook.go takes webhooks in and body_limit.go bounds what
// they hold in memory, published.go gives out files that are being sent, probe.go finds out whether the public address
// leads here, health.go answers those who watch the program.
package hooks

import (
	"log/slog"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk/files"
	"pult/domain/desk/inbound"
)

// Options are what the room stands on. All are required.
type Options struct {
	Files     *files.Service
	Inbound   *inbound.Service
	Auth      *auth.Auth
	PublicURL domain.Origin // of the public listener as vendors know it; zero = as each request says
	BodyLimit int64         // bytes of one webhook
	Log       *slog.Logger
}

// Hooks is the room: the handlers of each of its nouns.
type Hooks struct {
	Webhook   *Webhook
	Published *Published
	Probe     *Probe
	Health    *Health
}

// New prepares the handlers.
func New(o Options) *Hooks {
	return &Hooks{
		Webhook: &Webhook{
			desk: o.Inbound, limit: newBodyLimit(o.BodyLimit), publicURL: o.PublicURL, log: o.Log,
		},
		Published: &Published{files: o.Files},
		Probe:     newProbe(o.PublicURL),
		Health:    &Health{auth: o.Auth},
	}
}
