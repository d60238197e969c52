package messenger

import (
	"net/url"

	"pult/domain/carrier"
	"pult/providers/graph"
)

// Verify checks the vendor's signature with the app's secret.
func (d *Driver) Verify(w carrier.Webhook) error { return graph.Verify(d.cfg.AppSecret, w) }

// Handshake answers the vendor's check of the webhook address.
func (d *Driver) Handshake(q url.Values) (string, error) {
	return graph.Handshake(d.cfg.VerifyToken, q)
}
