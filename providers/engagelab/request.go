package engagelab

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"pult/domain/carrier"
	"pult/providers/wire"
)

// answerLimit bounds an answer in bytes; all templates come in one.
const answerLimit = 16 << 20

func (d *Driver) getJSON(ctx context.Context, out any, path ...string) error {
	return d.exchange(ctx, http.MethodGet, nil, out, path...)
}

// postMessage posts a message: the one request whose outcome can be uncertain.
func (d *Driver) postMessage(ctx context.Context, in, out any, path ...string) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return &carrier.Error{Class: carrier.InvalidValue, Key: carrier.InvalidValue.Sentence(), Err: err}
	}
	return d.exchange(ctx, http.MethodPost, raw, out, path...)
}

// exchange makes a request and decodes the answer. Every error is a *carrier.Error.
func (d *Driver) exchange(ctx context.Context, method string, body []byte, out any, path ...string) error {
	req, err := http.NewRequestWithContext(ctx, method, d.base.JoinPath(path...).String(), bytes.NewReader(body))
	if err != nil {
		return wire.TransportError(err, false)
	}
	req.SetBasicAuth(d.cfg.DevKey.Reveal(), d.cfg.DevSecret.Reveal())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return wire.Exchange{Client: d.client, Limit: answerLimit, ReadRefusal: d.readRefusal}.Do(req, body != nil, out)
}
